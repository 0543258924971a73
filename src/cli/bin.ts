import { copyEnvironment, standaloneTarget, systemClock } from '../kit/index.ts'
import { homeOfUser } from '../profiles/index.ts'
import { type Edges, isTerminal, writeAll } from '../terminal/index.ts'
import { answerFromStore } from './fast-path.ts'

// They decide how an executable's runtime starts; a program that this one starts has its own.
if (standaloneTarget !== undefined)
  for (const name of [
    'OPTIONS',
    'BE_BUN',
    'INSPECT',
    'INSPECT_CONNECT_TO',
    'INSPECT_NOTIFY',
    'INSPECT_PRELOAD',
  ])
    delete process.env[`BUN_${name}`]
const env = copyEnvironment(process.env, process.platform)
// Children (browsers, shells) must not inherit what opens a store.
delete process.env.SESAME_PASSPHRASE
delete process.env.SESAME_REDIS_URL

const edges: Edges = {
  argv: process.argv.slice(2),
  env,
  platform: process.platform,
  homeDirectory: env.HOME ?? homeOfUser(),
  uid: process.getuid?.(),
  clock: systemClock,
  random: () => new DataView(crypto.getRandomValues(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32,
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  isTerminal,
}

async function run(): Promise<number> {
  const answer = await answerFromStore(edges)
  return typeof answer === 'number' ? answer : (await import('./main.ts')).main(edges, answer)
}

run().then((exitCode) => process.exit(exitCode))
