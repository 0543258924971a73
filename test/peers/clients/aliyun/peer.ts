import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { execFileSync } from '../../../support/run-sync.ts'
import { findProgram } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import type { ClientWorld, Way } from '../client.ts'
import { pathWith, runWords, sesame, underExec } from '../client-world.ts'
import { clientPeer } from '../steps.ts'
import { type AliyunCli, aliyunSteps } from './steps.ts'

/** The newest release shows what `process_command` says on standard error; those before 3.4 do not. */
const releases = [
  { name: 'aliyun', shows: /sesame login --profile dev/, knowsQuotes: true },
  { name: 'aliyun-3.0.200', shows: /exit status 3/, knowsQuotes: false },
]

/** The smallest signed call of the CLI. */
const identity = ['sts', 'GetCallerIdentity']

function startOf(program: string): AliyunCli {
  const paths = new WeakMap<ClientWorld, string>()
  /** The CLI under its own name, in a directory that comes first. */
  const path = (world: ClientWorld) => {
    const known = paths.get(world) ?? pathWith(world, 'aliyun', findProgram(program) ?? program)
    paths.set(world, known)
    return known
  }
  const environment = (world: ClientWorld) => ({
    PATH: path(world),
    SSL_CERT_FILE: world.cloud.caFile,
  })
  const wordsOf = ({ cloud }: ClientWorld, more: readonly string[]) => [
    ...identity,
    ...['--endpoint', cloud.tlsHost],
    ...more,
  ]
  return {
    call: (world, more = [], env = {}) =>
      runWords(world, ['aliyun', ...wordsOf(world, more)], { ...environment(world), ...env }),
    underExec: (world, options = [], more = []) =>
      runWords(world, underExec(options, ['aliyun', ...wordsOf(world, more)]), environment(world)),
    run: (world, words) => runWords(world, ['aliyun', ...words], environment(world)),
  }
}

function waysOf(cli: AliyunCli, shows: RegExp): readonly Way[] {
  return [
    { name: 'environment', call: (world) => cli.underExec(world) },
    {
      name: 'External',
      prepare: async (world) =>
        void (await sesame(world, ['configure', '--for', 'aliyun', '--profile', 'dev'])),
      call: (world) => cli.call(world, ['--profile', 'dev']),
      signInNeeded: { code: 1, says: shows },
    },
  ]
}

/** A CLI that was built by hand does not know its own number; the name of its file does. */
function versionOf(program: string): string {
  const path = findProgram(program) ?? program
  const said = execFileSync(path, ['version'], { encoding: 'utf8' }).trim()
  return said === '0.0.1' ? basename(realpathSync(path)).replace(/^aliyun-/, '') : said
}

/** The aliyun CLI, of the newest release and of one that lives on in images. */
export const aliyunClis: readonly Peer[] = releases.map(({ name, shows, knowsQuotes }) => {
  const cli = startOf(name)
  return clientPeer({
    name,
    quick: true,
    missing: async () =>
      findProgram(name) === undefined
        ? {
            reason: `${name} is not in PATH`,
            install: `get the release of github.com/aliyun/aliyun-cli and put it into PATH as ${name}, or name its folder in SESAME_PEERS`,
          }
        : undefined,
    version: async () => versionOf(name),
    ways: waysOf(cli, shows),
    more: aliyunSteps(cli, { knowsQuotes }),
  })
})
