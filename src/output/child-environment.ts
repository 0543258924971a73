import { type Credentials, speakable } from '../kit/index.ts'
import { credentialEnvironment, credentialVariableNames } from './credential-variables.ts'

/** How a child gets its credentials: as they are, or as the address of a server that renews them. */
export type ChildCredentials = { kind: 'static'; credentials: Credentials } | { kind: 'server'; url: string }

export interface ChildEnvironmentOptions {
  /** Name of the profile: the child sees it as `SESAME_PROFILE` and `SESAME_EXEC`. */
  profile: string
  /** On `win32` the names of variables have no case. */
  platform: NodeJS.Platform
}

/** Set in the environment of every child; its value is the profile. */
const marker = 'SESAME_EXEC'

/** Names that lead a client to credentials other than ours, or to a file or server that has some. */
const foreignVariables = new Set([
  ...credentialVariableNames,
  'ACCESS_KEY_ID',
  'ACCESS_KEY_SECRET',
  'ALIBABACLOUD_SECURITY_TOKEN',
  'ALICLOUD_ACCESS_KEY_STS_TOKEN',
  'ALIBABA_CLOUD_PROFILE',
  'ALIBABACLOUD_PROFILE',
  'ALICLOUD_PROFILE',
  'ALIBABA_CLOUD_CREDENTIALS_FILE',
  'ALIBABA_CLOUD_CREDENTIALS_URI',
  'ALICLOUD_CREDENTIALS_URI',
  'ALIBABA_CLOUD_ROLE_ARN',
  'ALIBABACLOUD_ROLE_ARN',
  'SESAME_PASSPHRASE',
  'SESAME_REDIS_URL',
])

const foreignFamily = /^ALIBABA_?CLOUD_OIDC_/

/** With it the aliyun CLI reads the environment and not its own profile, which would win otherwise. */
const ignoreProfile = { ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' }

/** A credentials URI is the last link of the SDKs' chain: these take out the two that they ask before. */
const serverSwitches = {
  ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
}

/**
 * The environment for a program that is to use these credentials and no others: `base` without every variable that
 * leads to credentials, then ours. With a server no key is set, so that nothing in it can go stale.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that an environment cannot carry
 */
export function childEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  source: ChildCredentials,
  { profile, platform }: ChildEnvironmentOptions,
): Record<string, string> {
  const ours: Record<string, string> = {
    ...(source.kind === 'static'
      ? credentialEnvironment(source.credentials, { profile })
      : serverEnvironment(source.url, profile)),
    ...ignoreProfile,
    [marker]: speakable('profile name', profile),
  }
  const nameOf = (name: string) => (platform === 'win32' ? name.toUpperCase() : name)
  const inherited = Object.entries(base).flatMap(([name, value]) => {
    const known = nameOf(name)
    // Ours are taken out too: on Windows another spelling of the name would be a second variable.
    const keep = !foreignVariables.has(known) && !foreignFamily.test(known) && !Object.hasOwn(ours, known)
    return keep && value !== undefined ? [[name, value] as const] : []
  })
  return Object.fromEntries([...inherited, ...Object.entries(ours)])
}

/** True inside a child of `exec`: its credentials are one profile's, and another's inside would only confuse. */
export function isNested(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[marker] !== undefined && env[marker] !== ''
}

function serverEnvironment(url: string, profile: string): Record<string, string> {
  const uri = speakable('credentials URI', url)
  return {
    ALIBABA_CLOUD_CREDENTIALS_URI: uri,
    ALICLOUD_CREDENTIALS_URI: uri,
    ...serverSwitches,
    SESAME_PROFILE: profile,
  }
}
