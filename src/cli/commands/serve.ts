import { startCredentialsServer } from '../../credentials-server/index.ts'
import { formatInstant, SesameError } from '../../kit/index.ts'
import { getCredentials } from '../../session/index.ts'
import { watchParent } from '../../terminal/index.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { credentialsProvider, obtained } from '../provide-credentials.ts'

/** `sesame serve`: a credentials URI on loopback for SDKs, until it is ended or its parent ends. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve credentials to SDKs on a loopback address that renews them',
  unattended: true,
  options: [
    profileOption,
    { name: 'port', value: 'PORT', summary: 'listen on this port (default: any free one)' },
    { name: 'json', summary: 'print {"url","expiration"} instead of the bare URL' },
  ],
  examples: [
    'sesame serve --profile dev --json',
    'export ALIBABA_CLOUD_CREDENTIALS_URI; read -r ALIBABA_CLOUD_CREDENTIALS_URI < <(sesame serve)  # bash',
  ],
  async run(input, { session, edges, print, loadRest }) {
    const port = portOf(input)
    // Before anything that takes time: a parent that ends meanwhile has ended.
    const parentEnds = watchParent()
    const profile = chosenProfile(input, { session, edges })
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
      await parentEnds(clock, signal)
      return exitCodes.done
    } finally {
      await server.close()
    }
  },
}

function portOf(input: Input): number {
  const text = input.text('port') ?? '0'
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new SesameError('ERR_USAGE', '--port must be a number from 0 to 65535.')
}
