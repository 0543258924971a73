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
import { recordFailure } from '../../record-failure.ts'
import { type ShellServer, servedShell, serveShell } from './serve-shell.ts'
import { stopServer } from './stop-server.ts'

type Place = ShellServer['at']

/** `sesame serve`: a credentials URI on loopback, or on a Unix socket, for SDKs, until it is ended, or its parent or its shell ends. */
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
    {
      name: 'socket',
      value: 'PATH',
      summary: 'listen on a Unix socket that only you can use: for ssh -R, containers (docs/containers.md)',
    },
    { name: 'json', summary: 'print {"url","expiration"}, and "socket", instead of the bare URL' },
  ],
  examples: [
    'eval "$(sesame serve --profile dev --env)"         # until this shell ends, or:',
    'eval "$(sesame serve --stop)"',
    'sesame serve --profile dev --format fish | source',
    'sesame serve --profile dev --json',
    'sesame serve --profile dev --socket ~/.sesame-dev/socket > ~/.sesame-dev/url',
  ],
  failureOutput: (argv) => {
    const format = serverFormats.find((each) => each === shellFormatInArgv(argv))
    return format === undefined || argv.includes('--stop') ? '' : formatServerFailure(format)
  },
  async run(input, program) {
    const at = placeOf(input, program)
    const format = formatOf(input)
    if (input.has('stop')) return stopServer(format ?? 'env', program)
    if (format === undefined) return serve(input, at, program)
    return serveShell({ format, at, profile: chosenProfile(input, program) }, program)
  },
}

async function serve(input: Input, at: Place, program: Program): Promise<number> {
  const { session, edges, print, loadRest } = program
  // Before anything that takes time: a parent that ends meanwhile has ended.
  const parentEnds = watchParent()
  const profile = chosenProfile(input, program)
  const stored = await getCredentials(profile, {}, session)
  loadRest()
  const { clock, log, signal } = session
  const server = await startCredentialsServer({
    provide: credentialsProvider(profile, session, (error) =>
      recordFailure(error, { command: 'serve', program }),
    ),
    initial: obtained(stored, session),
    ...at,
    clock,
    log,
  })
  try {
    const expiration = formatInstant(stored.credentials.expiresAt)
    const { url, socket } = server
    print(input.has('json') ? `${JSON.stringify({ url, socket, expiration })}\n` : `${url}\n`)
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
  if (input.has('env') && named !== undefined && named !== 'env') {
    const values = { format: named }
    throw new SesameError('ERR_USAGE', t('--env and --format {format} contradict each other.', values))
  }
  const other = ['json', ...(input.has('stop') ? ['port', 'socket', 'profile'] : [])].find((name) =>
    input.has(name),
  )
  if (other !== undefined && (format !== undefined || input.has('stop'))) {
    const option = input.has('stop') ? 'stop' : input.has('env') ? 'env' : 'format'
    throw new SesameError('ERR_USAGE', t('--{other} does not go with --{option}.', { other, option }))
  }
  return format
}

/** @throws SesameError ERR_USAGE */
function placeOf(input: Input, { edges: { platform } }: Program): Place {
  const port = portOf(input)
  const socket = input.text('socket')
  if (socket === undefined) return { port }
  if (input.has('port')) throw new SesameError('ERR_USAGE', t('--port does not go with --socket.'))
  if (platform === 'win32') {
    throw new SesameError(
      'ERR_USAGE',
      t('--socket needs Unix sockets, which Node.js does not have on Windows.'),
      {
        hint: t('Use a port: sesame serve --port 0'),
      },
    )
  }
  if (socket === '') throw new SesameError('ERR_USAGE', t('--socket needs the path of a socket.'))
  return { socket }
}

function portOf(input: Input): number {
  const text = input.text('port') ?? '0'
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new SesameError('ERR_USAGE', t('--port must be a number from 0 to 65535.'))
}
