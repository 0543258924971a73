import { isSesameError, SesameError, type StoreChoice, shellWord, t } from '../../kit/index.ts'
import {
  type CloudSsoProfile,
  type Config,
  hasSetting,
  type OidcProfile,
  type Profile,
  type RoleProfile,
  signInUrlOf,
} from '../../profiles/index.ts'
import { formerSignInUrl, normalizeSignInUrl } from '../../values/index.ts'
import type { SessionContext } from '../session-context.ts'
import {
  type CloudSsoSignIn,
  cloudSsoItems,
  idaasItems,
  type OidcSignIn,
  oidcItems,
  roleItems,
  type SignInItems,
} from './item-names.ts'
import type { WantedToken } from './kind.ts'
import {
  idaasTokenReader,
  oidcTokenReader,
  type ResolvedCloudSso,
  type ResolvedOidc,
  type ResolvedProfile,
} from './resolved-profile.ts'

/** What a profile's meaning depends on beside the configuration. */
export type Rules = Pick<SessionContext, 'cloudSsoClientId' | 'storeOverride'>

/** OpenID Connect Core section 11: without `offline_access` there is no refresh token. */
const defaultScope = 'openid offline_access'

/**
 * Finds a profile by name, with the profiles that it is built upon. One that does not exist yet is a CloudSSO profile in
 * the making, as long as there is a default sign-in URL; without any URL it is ERR_CONFIG, and so is a chain of roles
 * that ends nowhere or in itself.
 */
export function resolveProfile(name: string, config: Config, rules: Rules): ResolvedProfile {
  return resolve([name], config, rules)
}

/** The last of a chain: the profile that was asked for, then what each is built upon. */
function resolve(chain: readonly string[], config: Config, rules: Rules): ResolvedProfile {
  const name = chain.at(-1) ?? ''
  const profile = config.profiles.get(name) ?? { kind: 'cloudsso' }
  const common = { name, store: settledStore(config, profile, rules.storeOverride()) }
  switch (profile.kind) {
    case 'cloudsso': {
      const signIn = cloudSsoSignIn(name, profile, config, rules)
      const items = { ...cloudSsoItems(signIn, profile), former: formerItems(signIn, profile, config) }
      const deviceShape = () => JSON.stringify(signIn)
      return { ...common, kind: 'cloudsso', profile, signIn, items, chosen: profile, deviceShape }
    }
    case 'oidc': {
      const { issuer, clientId, scope = defaultScope, audience, acrValues } = profile
      const signIn = { issuer, clientId, scope, audience, acrValues }
      const items = oidcItems(signIn, profile)
      const own = {
        tokensOnly: !items.credentials,
        keptToken: (wanted?: WantedToken) => oidcTokenReader(signIn, wanted),
        deviceShape: () => oidcDeviceShape(signIn, profile),
      }
      return { ...common, ...own, kind: 'oidc', profile, signIn, items }
    }
    case 'idaas': {
      const items = idaasItems(profile, profile)
      const tokensOnly = !items.credentials
      return { ...common, kind: 'idaas', profile, items, tokensOnly, keptToken: idaasTokenReader }
    }
    case 'role': {
      const source = resolve([...chain, sourceOf(profile, chain, config)], config, rules)
      const items = roleItems(profile, source.items)
      // Credentials derived from a profile's credentials are kept in the same store.
      return { ...common, kind: 'role', profile, items, source, store: common.store ?? source.store }
    }
  }
}

/**
 * A directory without any account of it, for what needs its sign-in alone. The sign-in is kept where a profile of the same
 * directory has it, if there is one.
 */
export function resolveDirectory(signInUrl: string, config: Config, rules: Rules): ResolvedCloudSso {
  const signIn = { signInUrl, clientId: rules.cloudSsoClientId }
  const items = cloudSsoItems(signIn, {})
  const sharing = resolvableProfiles(config, rules).filter((each) => each.items.tokens === items.tokens)
  const kept = sharing.find(({ profile: { store } }) => store !== undefined)
  const profile = { kind: 'cloudsso', signInUrl } as const
  const store = settledStore(config, kept?.profile, rules.storeOverride())
  const deviceShape = () => JSON.stringify(signIn)
  return {
    kind: 'cloudsso',
    name: kept?.name ?? 'default',
    profile,
    store,
    signIn,
    items,
    chosen: {},
    deviceShape,
  }
}

/** The same with other settings of the sign-in, as options of one login give them. */
export function withProfile(resolved: ResolvedOidc, profile: OidcProfile): ResolvedOidc {
  return { ...resolved, profile, deviceShape: () => oidcDeviceShape(resolved.signIn, profile) }
}

function oidcDeviceShape(signIn: OidcSignIn, profile: OidcProfile): string {
  const { acrValues, deviceEndpoint, devicePkce = true } = profile
  return JSON.stringify({ ...signIn, acrValues, deviceEndpoint, devicePkce })
}

function sourceOf({ sourceProfile }: RoleProfile, chain: readonly string[], config: Config): string {
  if (chain.includes(sourceProfile)) {
    const circle = [...chain, sourceProfile].join(' -> ')
    throw new SesameError('ERR_CONFIG', t('The roles form a circle: {circle}.', { circle }), {
      hint: t('Give one of them another --source-profile.'),
    })
  }
  if (!config.profiles.has(sourceProfile)) {
    throw new SesameError(
      'ERR_CONFIG',
      t('Profile {name} is built on profile {source}, which does not exist.', {
        name: chain.at(-1) ?? '',
        source: sourceProfile,
      }),
      {
        hint: t('Create it with "{command}", or name another --source-profile.', {
          command: `sesame configure --profile ${shellWord(sourceProfile)}`,
        }),
      },
    )
  }
  return sourceProfile
}

/** True for a CloudSSO profile that nothing gives a sign-in URL to. */
export function lacksSignInUrl(config: Config, profile: Profile | undefined): boolean {
  const takesOne = profile !== undefined && hasSetting(profile.kind, 'signInUrl')
  return takesOne && signInUrlOf(config, profile) === undefined
}

function cloudSsoSignIn(
  name: string,
  profile: CloudSsoProfile,
  config: Config,
  { cloudSsoClientId }: Rules,
): CloudSsoSignIn {
  const signInUrl = signInUrlOf(config, profile)
  if (signInUrl === undefined) {
    throw new SesameError('ERR_CONFIG', t('No sign-in URL is configured for profile {name}.', { name }), {
      hint: config.profiles.has(name) || config.profiles.size === 0 ? t(fromConsole) : t(notThere),
    })
  }
  return { signInUrl: normalizeSignInUrl(signInUrl), clientId: cloudSsoClientId }
}

/** The items of a URL that is written in another spelling than the normal one, as sesame 0.2 named them. */
function formerItems(
  signIn: CloudSsoSignIn,
  profile: CloudSsoProfile,
  config: Config,
): SignInItems | undefined {
  const written = signInUrlOf(config, profile) ?? ''
  const signInUrl = written === signIn.signInUrl ? written : formerSignInUrl(written)
  if (signInUrl === undefined || signInUrl === signIn.signInUrl) return undefined
  return cloudSsoItems({ ...signIn, signInUrl }, profile)
}

const fromConsole =
  'Run "sesame configure --signin-url https://…/login" with the URL from the CloudSSO console.'
const notThere = 'There is no such profile ("sesame profile list" shows all); "sesame configure" makes one.'

/** What is explicitly wanted, else where the profile's secrets already rest, else nothing yet. */
function settledStore(
  config: Config,
  profile: Profile | undefined,
  override: StoreChoice | undefined,
): Exclude<StoreChoice, 'auto'> | undefined {
  for (const choice of [override, config.store]) if (choice !== undefined && choice !== 'auto') return choice
  return profile?.store
}

/** The store that a login with this profile opens: `auto` while nothing is settled. */
export function chooseStore(
  config: Config,
  profile: Profile | undefined,
  override: StoreChoice | undefined,
): StoreChoice {
  return settledStore(config, profile, override) ?? 'auto'
}

/** All profiles that can be resolved: one profile's bad URL is not another one's problem. */
export function resolvableProfiles(config: Config, rules: Rules): ResolvedProfile[] {
  return [...config.profiles.keys()].flatMap((name) => {
    try {
      return [resolveProfile(name, config, rules)]
    } catch (error) {
      if (!isSesameError(error)) throw error
      return []
    }
  })
}
