import { speakable } from '../kit/index.ts'
import { regionEnvironment, type VariableOptions } from './credential-environment.ts'
import { credentialVariableNames } from './credential-variables.ts'
import { leadsToCredentials } from './foreign-variables.ts'
import { shellSyntaxOf } from './format-credentials.ts'
import type { ShellFormat } from './formats.ts'
import { withoutProxyForLoopback } from './loopback-proxies.ts'

/** A credentials server, and a path at which nothing is. */
export interface ServerAddress {
  url: string
  noFile: string
}

/** The number of the process that serves a shell. */
export const serverProcessVariable = 'SESAME_SERVE_PID'

/** Of a server on a Unix socket: what `ssh -R`, a bind mount and `curl --unix-socket` need. No SDK reads these. */
const socketVariables = ['SESAME_SERVE_SOCKET', 'SESAME_SERVE_URL'] as const

const addressVariables = ['ALIBABA_CLOUD_CREDENTIALS_URI', 'ALICLOUD_CREDENTIALS_URI'] as const

/** A credentials URI is the last link of the SDKs' chain: these take out the two that they ask before. */
const switches = {
  ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
}

/**
 * The SDKs look into ~/.alibabacloud/credentials before they ask the URI; a file that is not there has nothing to give. Terraform reads
 * the name too, for the profile that a block names; there it goes on to the URI.
 */
const fileVariable = 'ALIBABA_CLOUD_CREDENTIALS_FILE'

/** What makes SDKs ask a credentials server, and it alone. @throws SesameError ERR_UNSAFE_OUTPUT */
export function serverEnvironment(
  { url, noFile }: ServerAddress,
  { profile, region }: VariableOptions,
): Record<string, string> {
  const uri = speakable('credentials URI', url)
  return {
    ...regionEnvironment(region),
    ...Object.fromEntries(addressVariables.map((name) => [name, uri])),
    ...switches,
    [fileVariable]: speakable('path of no file', noFile),
    SESAME_PROFILE: speakable('profile name', profile),
  }
}

/** The shells that can be given a server: each for itself, and nothing of AWS. */
export type ServerFormat = Exclude<ShellFormat, 'aws-env'>

export const serverFormats: readonly ServerFormat[] = ['env', 'fish', 'powershell', 'cmd']

/** A shell that is to use a server, as its own environment describes it. */
export interface ServedShell {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Process of the server. */
  pid: number
}

/** What a shell evaluates to use a server, and which of its variables that takes away so that the address reaches no proxy. */
export interface ServerText {
  text: string
  removedProxies: readonly string[]
}

/**
 * Takes what else leads to credentials out of a shell, then sets the server. The address must not reach a proxy, as in
 * `withoutProxyForLoopback`.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that the format cannot carry
 */
export function formatServer(
  format: ServerFormat,
  address: ServerAddress,
  of: VariableOptions,
  { env, platform, pid }: ServedShell,
): ServerText {
  const { assign, unset } = shellSyntaxOf(format)
  const { env: direct, removed } = withoutProxyForLoopback(env, platform)
  const isDirect = ([name, value]: readonly [string, string]) =>
    name.toLowerCase() === 'no_proxy' && env[name] !== value
  const ours: Record<string, string> = {
    ...Object.fromEntries(Object.entries(direct).filter(isDirect)),
    ...serverEnvironment(address, of),
    [serverProcessVariable]: String(pid),
  }
  const foreign = Object.keys(env).filter(
    (name) => env[name] !== undefined && !Object.hasOwn(ours, name) && leadsToCredentials(name, platform),
  )
  const gone = [...foreign, ...removed].filter((name) => /^\w+$/.test(name))
  const lines = Object.entries(ours).map(([name, value]) => assign(name, value))
  return { text: `${gone.length > 0 ? unset(gone) : ''}${lines.join('')}`, removedProxies: removed }
}

/** A server on a Unix socket: programs of the shell cannot ask it, so that everything else in the shell stays as it is. */
export interface SocketServer {
  socket: string
  url: string
  /** Process of the server. */
  pid: number
}

/** What a shell evaluates to hand the socket on. @throws SesameError ERR_UNSAFE_OUTPUT for a path that the format cannot carry */
export function formatSocketServer(format: ServerFormat, { socket, url, pid }: SocketServer): string {
  const { assign } = shellSyntaxOf(format)
  const [socketName, urlName] = socketVariables
  return [
    assign(socketName, speakable('path of the socket', socket)),
    assign(urlName, speakable('credentials URI', url)),
    assign(serverProcessVariable, String(pid)),
  ].join('')
}

/** What a shell evaluates when its server has ended. */
export function formatServerEnd(format: ServerFormat): string {
  return shellSyntaxOf(format).unset([...serverVariables, ...socketVariables, serverProcessVariable])
}

/** What it evaluates when none could be started: nothing that leads to credentials stays behind, and it fails. */
export function formatServerFailure(format: ServerFormat): string {
  return shellSyntaxOf(format).fail([...serverVariables, ...socketVariables, ...credentialVariableNames])
}

const serverVariables: readonly string[] = [...addressVariables, ...Object.keys(switches), fileVariable]
