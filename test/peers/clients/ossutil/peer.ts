import { join } from 'node:path'
import { execFileSync } from '../../../support/run-sync.ts'
import { findProgram } from '../../find-program.ts'
import type { ClientWorld, Way } from '../client.ts'
import { assertOurs, inClientWorld, pathWith, runWords, saveRecipe, succeeded } from '../client-world.ts'
import { clientPeer } from '../steps.ts'

const program = () => findProgram('ossutil') ?? 'ossutil'

/** The script that a user has saved, which finds ossutil in the PATH. */
function call(world: ClientWorld, more: readonly string[] = []) {
  const { home, cloud } = world
  const env = { OSS_ENDPOINT: `http://${cloud.host}`, PATH: `${join(home.home, 'bin')}:${process.env.PATH}` }
  return runWords(world, [join(home.home, 'ossutil.sh'), 'ls', ...more], env)
}

async function prepare(world: ClientWorld): Promise<void> {
  pathWith(world, 'ossutil', program())
  await saveRecipe(world, 'ossutil')
}

const recipe: Way = { name: 'recipe', prepare, call }

/** What the address hands out is right for both signatures. */
async function signatureV4(): Promise<void> {
  await inClientWorld({}, async (world) => {
    await prepare(world)
    succeeded(await call(world, ['--sign-version', 'v4', '--region', 'cn-hangzhou']))
    assertOurs(world)
  })
}

/** ossutil 1, which reads no variable, but the address of credentials that its configuration names. */
export const ossutil = clientPeer({
  name: 'ossutil',
  quick: true,
  missing: async () =>
    findProgram('ossutil') === undefined
      ? {
          reason: 'ossutil is not in PATH',
          install:
            'get release 1.7.19 of github.com/aliyun/ossutil and put it into PATH, or name its folder in SESAME_PEERS',
        }
      : undefined,
  version: async () => /v([\d.]+)/.exec(execFileSync(program(), ['-v'], { encoding: 'utf8' }))?.[1] ?? '',
  ways: [recipe],
  more: [['signature V4', signatureV4]],
})
