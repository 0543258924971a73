import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startTestIdaas } from '../support/idaas.ts'
import { oneRole, type TestPortal } from '../support/portal.ts'
import { execFileSync } from '../support/run-sync.ts'
import { type Case, nodeFloor, rowOf, runInTurn, timeColumns } from './interleaved.ts'
import type { Table } from './report.ts'
import { fill } from './server-side-tokens.ts'
import type { Standalone } from './standalone.ts'
import { bareEnvironment, type Environment, lastRole, makeDirectory, runToEnd, sesame } from './subject.ts'

const key = 'v}#0CEYuG%M8#c77HkUp'
const revoked = 100_000

interface OtherCommandsOptions {
  bus: Environment
  portal: TestPortal
  standalone: Standalone | undefined
}

/** Commands beside the cached path that programs call often, of both builds; beside `node -e 0`. */
export async function measureOtherCommands(
  { bus, portal, standalone }: OtherCommandsOptions,
  runs: number,
): Promise<Table> {
  const home = makeDirectory()
  const env = bareEnvironment(home.path, bus)
  const run = (words: readonly string[]) => runToEnd([...sesame.program, ...words], env)
  const idaas = await startTestIdaas()
  try {
    await run(sesame.configure(portal.signInUrl))
    await run(sesame.login(lastRole(oneRole)))
    configureApplication(idaas, env)
    const verify = await prepareVerification(home.path, run)
    await run(['token', 'get', '--profile', 'api'])
    const commands = [
      { name: 'token get, cached', words: ['token', 'get', '--profile', 'api'], limit: 0.55 },
      { name: 'exec -- true', words: ['exec', '--profile', 'bench', '--', 'true'], limit: 1 },
      { name: `sst verify, ${revoked.toLocaleString('en')} revoked`, words: verify, limit: 1 },
    ]
    const floor = nodeFloor(bareEnvironment('/'))
    const cases = commands.flatMap(({ name, words, limit }): Case[] => [
      { name, command: [...sesame.program, ...words], env, runs: [] },
      ...(standalone === undefined
        ? []
        : [
            {
              name: `standalone: ${name}`,
              command: [...standalone.subject.program, ...words],
              env,
              runs: [],
              limit,
            },
          ]),
    ])
    await runInTurn([floor, ...cases], runs)
    return {
      title: '(i) other commands, start of the process to its exit',
      columns: timeColumns,
      rows: [floor, ...cases].map((each) => rowOf(each, floor)),
      notes: ['The store is the keychain; revocations are in SQLite.'],
    }
  } finally {
    await idaas.stop()
    home.remove()
  }
}

/** The application's secret goes to the store by way of standard input. */
function configureApplication(
  { application, settings }: Awaited<ReturnType<typeof startTestIdaas>>,
  env: Environment,
) {
  const [program = '', ...script] = sesame.program
  const { url, applicationUuid, appKey } = application
  const words = ['configure', '--profile', 'api', '--idaas-url', url, '--application-uuid', applicationUuid]
  execFileSync(program, [...script, ...words, '--app-key', appKey, '--app-secret-stdin'], {
    env,
    input: `${settings.appSecret}\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

/** A token and a list that does not have it, in its usual place; the words that verify it. */
async function prepareVerification(
  home: string,
  run: (words: readonly string[]) => Promise<{ stdout: string }>,
): Promise<string[]> {
  const keyFile = join(home, 'key.yaml')
  writeFileSync(keyFile, `key: "${key}"\n`, { mode: 0o600 })
  const list = join(home, '.config', 'sst', 'sst.db')
  mkdirSync(dirname(list), { recursive: true, mode: 0o700 })
  await fill(list, revoked)
  const { stdout } = await run(['sst', 'create', '--key-file', keyFile, 'cdiservice'])
  return ['sst', 'verify', '--key-file', keyFile, stdout.trim()]
}
