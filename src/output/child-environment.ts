import { type Credentials, speakable } from '../kit/index.ts'
import { credentialEnvironment } from './credential-environment.ts'
import { ignoreProfileVariables } from './credential-variables.ts'
import { leadsToCredentials } from './foreign-variables.ts'
import { withoutProxyForLoopback } from './loopback-proxies.ts'
import { type ServerAddress, serverEnvironment } from './server-environment.ts'

/** How a child gets its credentials: as they are, or as the address of a server that renews them. */
export type ChildCredentials =
  | { kind: 'static'; credentials: Credentials }
  | ({ kind: 'server' } & ServerAddress)

export interface ChildEnvironmentOptions {
  /** Name of the profile: the child sees it as `SESAME_PROFILE` and `SESAME_EXEC`. */
  profile: string
  /** The profile's region in its normal form; without one the child inherits what this shell says of regions. */
  region?: string | undefined
  /** On `win32` the names of variables have no case. */
  platform: NodeJS.Platform
}

/** Set in the environment of every child; its value is the profile. */
const marker = 'SESAME_EXEC'

/** What opens a store, or a list of ours. */
const ownSecrets = ['SESAME_PASSPHRASE', 'SESAME_REDIS_URL']

/**
 * The environment for a program that is to use these credentials and no others: `base` without every variable that
 * leads to credentials, then ours. With a server no key is set, so that nothing in it can go stale.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that an environment cannot carry
 */
export function childEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  source: ChildCredentials,
  { profile, region, platform }: ChildEnvironmentOptions,
): Record<string, string> {
  const ours: Record<string, string> = {
    ...(source.kind === 'static'
      ? credentialEnvironment(source.credentials, { profile, region })
      : serverEnvironment(source, { profile, region })),
    // With these the aliyun CLI reads the environment and not its own profile, which would win otherwise.
    ...Object.fromEntries(ignoreProfileVariables.map((name) => [name, 'TRUE'])),
    [marker]: speakable('profile name', profile),
  }
  const nameOf = (name: string) => (platform === 'win32' ? name.toUpperCase() : name)
  const inherited = Object.entries(base).flatMap(([name, value]) => {
    const known = nameOf(name)
    const isForeign = leadsToCredentials(name, platform) || ownSecrets.includes(known)
    // Ours are taken out too: on Windows another spelling of the name would be a second variable.
    return isForeign || Object.hasOwn(ours, known) || value === undefined ? [] : [[name, value] as const]
  })
  const kept = Object.fromEntries(inherited)
  return { ...(source.kind === 'server' ? withoutProxyForLoopback(kept, platform).env : kept), ...ours }
}

/** True inside a child of `exec`: its credentials are one profile's, and another's inside would only confuse. */
export function isNested(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[marker] !== undefined && env[marker] !== ''
}
