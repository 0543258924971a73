import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ConsolePreset, consolePresets, serveConsole } from './console/by-hand.ts'
import { serveIdaas } from './idaas/by-hand.ts'
import {
  type CloudSso,
  type CloudSsoOptions,
  makeDirectory,
  makeServerTls,
  type OidcProvider,
  type RecordedRequest,
  type Replay,
  startCloudSso,
  startOidcProvider,
  startReplay,
} from './index.ts'

const usage = `Usage: npx tsx mocks/start.ts [options]

Starts a mock CloudSSO portal, or an OpenID provider, on 127.0.0.1 until Ctrl-C.

  --oidc           the OpenID provider; without it the portal
  --port N         listen on this port (default: any free one)
  --tls            serve https with a certificate made for this run
  --accounts N     accounts in the portal's directory (default 2)
  --latency MS     milliseconds before each answer of the portal (default 0)
  --throttle N     lists that the portal answers in a second (default: any number)
  --interval N     seconds between two polls, enforced (default 5)
  --auto-approve   approve every device code at once, without the page
  --replay FILE    play what "sesame doctor --bundle FILE" has recorded (takes --port)
  --idaas          an Alibaba IDaaS instance instead (takes --port and --tls)
  --console        the federation service of the cloud console instead (takes --port)
  --preset NAME    of the console: good (default), get-only, refusing, expired
  --help
`

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      oidc: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      tls: { type: 'boolean', default: false },
      accounts: { type: 'string', default: '2' },
      interval: { type: 'string', default: '5' },
      latency: { type: 'string', default: '0' },
      throttle: { type: 'string' },
      'auto-approve': { type: 'boolean', default: false },
      idaas: { type: 'boolean', default: false },
      replay: { type: 'string' },
      console: { type: 'boolean', default: false },
      preset: { type: 'string', default: 'good' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    port: wholeNumber('--port', values.port, 65_535),
    accounts: wholeNumber('--accounts', values.accounts, 100_000),
    interval: wholeNumber('--interval', values.interval, 3600),
    latencyMs: wholeNumber('--latency', values.latency, 60_000),
    perSecond:
      values.throttle === undefined ? undefined : wholeNumber('--throttle', values.throttle, 100_000),
    oidc: values.oidc,
    tls: values.tls,
    autoApprove: values['auto-approve'],
    idaas: values.idaas,
    replay: values.replay,
    console: values.console,
    preset: presetNamed(values.preset),
    help: values.help,
  }
}

function presetNamed(name: string): ConsolePreset {
  if (Object.hasOwn(consolePresets, name)) return name as ConsolePreset
  throw new TypeError(`--preset takes ${Object.keys(consolePresets).join(', ')}`)
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > most)
    throw new TypeError(`${flag} takes a whole number from 0 to ${most}`)
  return value
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(usage)
    return
  }
  if (options.idaas) return serveIdaas(options)
  if (options.replay !== undefined) return serveReplay(options.replay, options.port)
  if (options.console) return serveConsole(options)
  const tls = options.tls ? makeServerTls() : undefined
  const settings = {
    port: options.port,
    intervalSeconds: options.interval,
    approve: options.autoApprove ? 'auto' : 'manual',
    ...(tls && { tls: { key: tls.key, cert: tls.cert } }),
  } as const satisfies CloudSsoOptions
  // Method, path and status only: queries and bodies hold secrets.
  const onAnswered = ({ method, path, status }: RecordedRequest) =>
    process.stderr.write(`${method} ${path} ${status ?? 'no answer'}\n`)
  const folder = tls && (await mkdtemp(join(tmpdir(), 'mock-server-')))
  const caFile = folder && join(folder, 'ca.pem')
  if (tls && caFile) await writeFile(caFile, tls.ca)
  const trust = caFile === undefined ? '' : `\n  export NODE_EXTRA_CA_CERTS='${caFile}'`
  const server = options.oidc ? await startOidc() : await startPortal()
  const stop = async (): Promise<void> => {
    await server.close()
    if (folder !== undefined) await rm(folder, { recursive: true })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Last: who has read it may end the server.
  process.stdout.write(server.instructions)

  async function startPortal(): Promise<ByHand> {
    const directory = makeDirectory(options.accounts)
    const { latencyMs, perSecond } = options
    const throttle = perSecond === undefined ? {} : { throttle: { perSecond } }
    const portal = await startCloudSso({ ...settings, ...throttle, latencyMs, directory }, { onAnswered })
    return { instructions: portalInstructions(portal, trust), close: portal.close }
  }

  async function startOidc(): Promise<ByHand> {
    const provider = await startOidcProvider(settings, { onAnswered })
    return { instructions: providerInstructions(provider, trust), close: provider.close }
  }
}

async function serveReplay(file: string, port: number): Promise<void> {
  const onAnswered = ({
    method,
    path,
    status,
  }: {
    method: string
    path: string
    status: number | undefined
  }) => process.stderr.write(`${method} ${path} ${status ?? 'no answer'}\n`)
  const replay = await startReplay(await readFile(file, 'utf8'), { port, onAnswered })
  const stop = () => replay.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  process.stdout.write(replayInstructions(replay))
}

function replayInstructions({ url, signInUrl, issuer, asksSts }: Replay): string {
  const sts = asksSts ? ` --sts-endpoint ${url}` : ''
  const configure =
    signInUrl === undefined
      ? issuer === undefined
        ? `configure a profile whose servers are ${url}${sts}`
        : `sesame configure --profile replay --issuer ${issuer} --client-id replay${sts}`
      : `sesame configure --profile replay --signin-url ${signInUrl}${sts}`
  return `Replay of a recorded flow
  address       ${url}

Try:
  ${configure}
  sesame login --profile replay --force --no-browser

Ctrl-C ends it.
`
}

interface ByHand {
  instructions: string
  close(): Promise<void>
}

function portalInstructions(portal: CloudSso, trust: string): string {
  const account = portal.directory.accounts[0]
  const configuration = account?.configurations[0]
  const pick =
    account && configuration
      ? `\n  sesame login --profile mock --account-id ${account.AccountId} --access-config ${configuration.AccessConfigurationId}`
      : ''
  return `Mock CloudSSO portal
  sign-in URL   ${portal.signInUrl}
  device page   ${portal.url}/device/code

Try:${trust}
  sesame configure --profile mock --signin-url ${portal.signInUrl}
  sesame login --profile mock${pick}
  sesame profile sync
  sesame profile list

Ctrl-C ends it.
`
}

function providerInstructions({ issuer, clients }: OidcProvider, trust: string): string {
  return `Mock OpenID provider
  issuer        ${issuer}
  client id     ${clients.public.clientId}
  with secret   ${clients.basic.clientId} (header), ${clients.post.clientId} (form)
  user          dev, with any password
  device page   ${issuer}/device

Try:${trust}
  sesame configure --profile corp --issuer ${issuer} --client-id ${clients.public.clientId}
  sesame login --profile corp
  sesame token get --profile corp

Ctrl-C ends it.
`
}

try {
  await main()
} catch (error) {
  // The user can fix wrong flags and a port in use; a stack trace would not help.
  if (!(error instanceof Error) || !('code' in error || error instanceof TypeError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error instanceof TypeError ? 2 : 1
}
