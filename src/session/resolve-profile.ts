import { SesameError, type StoreChoice, shellWord } from '../kit/index.ts'
import {
  type CloudSsoProfile,
  type Config,
  type IdaasProfile,
  normalizeSignInUrl,
  type OidcProfile,
  type Profile,
  type RoleProfile,
  signInUrlOf,
} from '../profiles/index.ts'
import {
  type CloudSsoAssignment,
  type CloudSsoSignIn,
  credentialsKey,
  type IdaasSignIn,
  type OidcSignIn,
  roleCredentialsKey,
} from './entry-key.ts'
import type { SessionContext } from './session-context.ts'

interface Resolved<Kind extends Profile['kind'], P extends Profile> {
  kind: Kind
  name: string
  profile: P
  storeChoice: StoreChoice
}

export interface ResolvedCloudSso extends Resolved<'cloudsso', CloudSsoProfile> {
  signIn: CloudSsoSignIn
}

export interface ResolvedOidc extends Resolved<'oidc', OidcProfile> {
  signIn: OidcSignIn
}

export interface ResolvedIdaas extends Resolved<'idaas', IdaasProfile> {
  signIn: IdaasSignIn
}

export interface ResolvedRole extends Resolved<'role', RoleProfile> {
  source: ResolvedProfile
}

/** A profile with everything that follows from the configuration around it. */
export type ResolvedProfile = ResolvedCloudSso | ResolvedOidc | ResolvedIdaas | ResolvedRole

type Rules = Pick<SessionContext, 'cloudSsoClientId' | 'storeOverride'>

/** OpenID Connect Core section 11: without `offline_access` there is no refresh token. */
export const defaultScope = 'openid offline_access'

/**
 * Finds a profile by name, with the profiles that it is built upon. One that does not exist yet is a CloudSSO profile in
 * the making, as long as there is a default sign-in URL; without any URL it is ERR_CONFIG, and so is a chain of roles
 * that ends nowhere or in itself.
 */
export function resolveProfile(name: string, config: Config, context: Rules): ResolvedProfile {
  return resolve(name, config, context, [])
}

function resolve(name: string, config: Config, context: Rules, above: readonly string[]): ResolvedProfile {
  const profile = config.profiles.get(name) ?? { kind: 'cloudsso' }
  const storeChoice = chooseStore(config, profile, context.storeOverride)
  switch (profile.kind) {
    case 'cloudsso':
      return {
        kind: 'cloudsso',
        name,
        profile,
        storeChoice,
        signIn: cloudSsoSignIn(name, profile, config, context),
      }
    case 'oidc': {
      const { issuer, clientId, scope = defaultScope, audience } = profile
      return { kind: 'oidc', name, profile, storeChoice, signIn: { issuer, clientId, scope, audience } }
    }
    case 'idaas': {
      const { idaasUrl, applicationUuid, appKey } = profile
      return { kind: 'idaas', name, profile, storeChoice, signIn: { idaasUrl, applicationUuid, appKey } }
    }
    case 'role': {
      const source = resolveSource(name, profile.sourceProfile, config, context, above)
      // What is made of a profile's credentials rests where they do.
      return {
        kind: 'role',
        name,
        profile,
        source,
        storeChoice: storeChoice === 'auto' ? source.storeChoice : storeChoice,
      }
    }
  }
}

function resolveSource(
  name: string,
  source: string,
  config: Config,
  context: Rules,
  above: readonly string[],
): ResolvedProfile {
  const chain = [...above, name]
  if (chain.includes(source)) {
    throw new SesameError('ERR_CONFIG', `The roles form a circle: ${[...chain, source].join(' -> ')}.`, {
      hint: `Give one of them another --source-profile.`,
    })
  }
  if (!config.profiles.has(source)) {
    throw new SesameError(
      'ERR_CONFIG',
      `Profile ${name} is built on profile ${source}, which does not exist.`,
      {
        hint: `Create it with "sesame configure --profile ${shellWord(source)}", or name another --source-profile.`,
      },
    )
  }
  return resolve(source, config, context, chain)
}

function cloudSsoSignIn(
  name: string,
  profile: CloudSsoProfile,
  config: Config,
  context: Rules,
): CloudSsoSignIn {
  const signInUrl = signInUrlOf(config, profile)
  if (signInUrl === undefined) {
    throw new SesameError('ERR_CONFIG', `No sign-in URL is configured for profile ${name}.`, {
      hint: config.profiles.has(name) || config.profiles.size === 0 ? fromConsole : notThere,
    })
  }
  return { signInUrl: normalizeSignInUrl(signInUrl), clientId: context.cloudSsoClientId }
}

const fromConsole =
  'Run "sesame configure --signin-url https://…/login" with the URL from the CloudSSO console.'
const notThere = 'There is no such profile ("sesame profile list" shows all); "sesame configure" makes one.'

/** What is explicitly wanted, else where the profile's secrets already rest, else `auto`. */
export function chooseStore(
  config: Config,
  profile: Profile | undefined,
  override: StoreChoice | undefined,
): StoreChoice {
  const explicit = [override, config.store].find((choice) => choice !== undefined && choice !== 'auto')
  return explicit ?? profile?.store ?? 'auto'
}

/** Account and access configuration of a CloudSSO profile, once both are known. */
export function assignmentOf({
  profile,
  signIn,
}: Pick<ResolvedCloudSso, 'profile' | 'signIn'>): CloudSsoAssignment | undefined {
  const { accountId, accessConfigurationId } = profile
  if (accountId === undefined || accessConfigurationId === undefined) return undefined
  return { ...signIn, accountId, accessConfigurationId }
}

/** The item that holds a profile's credentials; undefined while no role is chosen, or where it has none. */
export function credentialsKeyOf(resolved: ResolvedProfile): string | undefined {
  if (resolved.kind === 'cloudsso') {
    const assignment = assignmentOf(resolved)
    return assignment && credentialsKey(assignment)
  }
  if (resolved.kind === 'role') {
    const from = credentialsKeyOf(resolved.source)
    return from && roleCredentialsKey(resolved.profile, from)
  }
  const { roleArn, oidcProviderArn } = resolved.profile
  if (roleArn === undefined || oidcProviderArn === undefined) return undefined
  return roleCredentialsKey({ ...resolved.profile, roleArn }, resolved.signIn)
}

/** True for a profile without a role: it signs in, and has tokens only. */
export function givesTokensOnly(resolved: ResolvedProfile): resolved is ResolvedOidc | ResolvedIdaas {
  if (resolved.kind !== 'oidc' && resolved.kind !== 'idaas') return false
  return credentialsKeyOf(resolved) === undefined
}
