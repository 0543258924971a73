import {
  checkApiVersion,
  checkAppKey,
  checkApplicationUuid,
  normalizeIdaasUrl,
  normalizeIssuer,
} from '../../identity/index.ts'
import { isHost, SesameError, shellWord } from '../../kit/index.ts'
import { checkProfileName, normalizeSignInUrl, signInFlows } from '../../profiles/index.ts'
import {
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
  stsEndpoint,
} from '../../sts/index.ts'
import type { ResolvedProfile } from '../kinds/resolve-profile.ts'
import { optionOf, type ProfileSettings } from './profile-settings.ts'

const checks: {
  [S in keyof ProfileSettings]-?: (value: Exclude<NonNullable<ProfileSettings[S]>, ''>) => ProfileSettings[S]
} = {
  signInUrl: normalizeSignInUrl,
  issuer: normalizeIssuer,
  clientId: (text) => visible(text, 'clientId', /^[\x21-\x7e]+$/),
  scope: (text) => visible(text, 'scope', /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/),
  audience: (text) => visible(text, 'audience', /^[\x21-\x7e]+$/),
  trustedHosts: (text) => {
    const hosts = text.trim().toLowerCase().split(/\s+/)
    if (text.length <= 1024 && hosts.every(isHost)) return hosts.join(' ')
    throw new SesameError('ERR_USAGE', '--trusted-hosts must be host names with spaces between them.')
  },
  flow: (flow) => {
    if (signInFlows.includes(flow)) return flow
    throw new SesameError('ERR_USAGE', `--flow can be ${signInFlows.join(', ')}.`)
  },
  redirectPort: (port) => {
    if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port
    throw new SesameError('ERR_USAGE', '--redirect-port must be a port from 1024 to 65535.')
  },
  devicePkce: (wanted) => wanted,
  idaasUrl: normalizeIdaasUrl,
  applicationUuid: checkApplicationUuid,
  appKey: checkAppKey,
  apiVersion: checkApiVersion,
  publicKey: (text) => text,
  sourceProfile: checkProfileName,
  externalId: checkExternalId,
  roleArn: checkRoleArn,
  oidcProviderArn: checkOidcProviderArn,
  roleSessionName: checkRoleSessionName,
  durationSeconds: checkDurationSeconds,
  policy: checkPolicy,
  region: (region) => {
    stsEndpoint({ region })
    return region
  },
  stsEndpoint: (endpoint) => {
    stsEndpoint({ endpoint })
    return endpoint
  },
}

/**
 * Looks at what the configuration says before anything is done with it: a person may have edited the file, and should hear of a
 * mistake before signing in. @throws SesameError as `checkSettings`
 */
export function checkConfigured({ name, profile }: Pick<ResolvedProfile, 'name' | 'profile'>): void {
  const settings = Object.entries(profile).filter(([setting]) => Object.hasOwn(checks, setting))
  try {
    for (const [setting, value] of settings) checkSetting(setting, value)
  } catch (cause) {
    if (!(cause instanceof SesameError)) throw cause
    const { code, message, hint = `Mend it: sesame configure --profile ${shellWord(name)} …` } = cause
    throw new SesameError(code, `Profile ${name} cannot be used: ${message}`, { hint, cause })
  }
}

/** Each setting in its normal spelling. @throws SesameError ERR_USAGE, ERR_CONFIG, ERR_INSECURE_URL, naming the option */
export function checkSettings(settings: ProfileSettings): ProfileSettings {
  return Object.fromEntries(
    Object.entries(settings).map(([setting, value]) => [
      setting,
      value === '' ? '' : checkSetting(setting, value),
    ]),
  )
}

function checkSetting(setting: string, value: unknown): unknown {
  const check = checks[setting as keyof ProfileSettings] as (value: unknown) => unknown
  return check(value)
}

function visible(text: string, setting: keyof ProfileSettings, allowed: RegExp): string {
  if (text.length <= 1024 && allowed.test(text)) return text
  const what =
    setting === 'scope' ? 'words of printable ASCII with single spaces between them' : 'printable ASCII'
  throw new SesameError('ERR_USAGE', `${optionOf(setting)} must be ${what}.`)
}
