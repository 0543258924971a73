import type { Program } from '../../../compose/index.ts'
import { startCredentialsServer } from '../../../credentials-server/index.ts'
import { formatInstant, SesameError, t } from '../../../kit/index.ts'
import { formatServerFailure, type ServerFormat, serverFormats } from '../../../output/index.ts'
import { getCredentials } from '../../../session/index.ts'
import { untilProcessEnds, watchParent } from '../../../terminal/index.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { shellFormatInArgv } from '../../format-options.ts'
import { credentialsProvider, obtained } from '../../provide-credentials.ts'
import { servedShell, serveShell } from './serve-shell.ts'
import { stopServer } from './stop-server.ts'

/** `sesame serve`: a credentials URI on loopback for SDKs, until it is ended, or its parent or its shell ends. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve credentials to SDKs on a loopback address that renews them',
  unattended: true,
  options: [
    profileOption,
    { name: 'env', summary: 'serve this shell: start in the background, and print what the shell evaluates' },
    {
      name: 'format',
      value: 'FORMAT',
      summary: () =>
        t('the same for another shell: {formats} (default env)', { formats: serverFormats.join(', ') }),
      values: serverFormats,
    },
    { name: 'stop', summary: 'end the server of this shell, and print what the shell evaluates' },
    { name: 'port', value: 'PORT', summary: 'listen on this port (default: any free one)' },
    { name: 'json', summary: 'print {"url","expiration"} instead of the bare URL' },
  ],
  examples: [
    'eval "$(sesame serve --profile dev --env)"         # until this shell ends, or:',
    'eval "$(sesame serve --stop)"',
    'sesame serve --profile dev --format fish | source',
    'sesame serve --profile dev --json',
  ],
  failureOutput: (argv) => {
    const format = serverFormats.find((each) => each === shellFormatInArgv(argv))
    return format === undefined || argv.includes('--stop') ? '' : formatServerFailure(format)
  },
  async run(input, program) {
    const port = portOf(input)
    const format = formatOf(input)
    if (input.has('stop')) return stopServer(format ?? 'env', program)
    if (format === undefined) return serve(input, port, program)
    return serveShell({ format, port, profile: chosenProfile(input, program) }, program)
  },
}

async function serve(input: Input, port: number, program: Program): Promise<number> {
  const { session, edges, print, loadRest } = program
  // Before anything that takes time: a parent that ends meanwhile has ended.
  const parentEnds = watchParent()
  const profile = chosenProfile(input, program)
  const stored = await getCredentials(profile, {}, session)
  loadRest()
  const { clock, log, signal } = session
  const server = await startCredentialsServer({
    provide: credentialsProvider(profile, session),
    initial: obtained(stored, session),
    port,
    clock,
    log,
  })
  try {
    const expiration = formatInstant(stored.credentials.expiresAt)
    print(input.has('json') ? `${JSON.stringify({ url: server.url, expiration })}\n` : `${server.url}\n`)
    const shell = servedShell(edges.env)
    if (shell === undefined) await parentEnds(clock, signal)
    else await untilProcessEnds(shell, clock, signal)
    return exitCodes.done
  } finally {
    await server.close()
  }
}

/** The shell that is to be served; undefined for a server in the foreground. @throws SesameError ERR_USAGE */
function formatOf(input: Input): ServerFormat | undefined {
  const named = serverFormats.find((format) => format === input.text('format'))
  const format = input.has('env') ? (named ?? 'env') : named
  if (input.has('env') && format !== 'env')
    throw new SesameError('ERR_USAGE', `--env and --format ${format} contradict each other.`)
  const other = ['json', ...(input.has('stop') ? ['port', 'profile'] : [])].find((name) => input.has(name))
  if (other !== undefined && (format !== undefined || input.has('stop'))) {
    const option = input.has('stop') ? 'stop' : input.has('env') ? 'env' : 'format'
    throw new SesameError('ERR_USAGE', `--${other} does not go with --${option}.`)
  }
  return format
}

function portOf(input: Input): number {
  const text = input.text('port') ?? '0'
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new SesameError('ERR_USAGE', '--port must be a number from 0 to 65535.')
}
