import { SesameError, shellWord } from '../kit/index.ts'
import {
  type CloudSsoProfile,
  type Profile,
  type SignInFlow,
  withoutAssignment,
  withProfile,
} from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import type { Person } from '../terminal/index.ts'
import { loginAt } from './attempt-at.ts'
import { baseOf } from './base-of.ts'
import { changeConfig } from './change-config.ts'
import type { Assignment } from './cloudsso/choose-assignment.ts'
import { cloudSsoAssignment } from './cloudsso/obtain.ts'
import { checkConfigured } from './configure/check-settings.ts'
import { credentialsKey } from './entry-key.ts'
import { applicationTokens } from './idaas/tokens.ts'
import { keep } from './keep.ts'
import { obtain, withoutRole } from './obtain.ts'
import { loginCommand, type Obtained } from './obtained.ts'
import { obtainTokens } from './oidc/obtain.ts'
import { readCachedCredentials, type WantedAssignment } from './read-cached.ts'
import { renewTogether } from './renewal/renew-together.ts'
import {
  credentialsKeyOf,
  givesTokensOnly,
  type ResolvedIdaas,
  type ResolvedOidc,
  type ResolvedProfile,
  resolveProfile,
} from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { type StoredCredentials, serializeCredentials } from './stored-entry.ts'

export interface LoginOptions {
  wanted: WantedAssignment
  /** Sign in again, whatever is in the store. */
  force: boolean
  /** How to sign in at an OIDC provider; else as the profile says. */
  flow?: SignInFlow | undefined
}

/** What a login ends in: credentials, or tokens where the profile has no role. */
export type LoginResult =
  | { kind: 'credentials'; stored: StoredCredentials }
  | { kind: 'tokens'; userName: string | undefined; expiresAt: Date; renewable: boolean }

/**
 * The login: what is fresh in the store; else what a token that still lives gives; else a sign-in by the person. Of many
 * processes that find nothing, one does the work and the others take its result.
 */
export function login(
  name: string,
  options: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<LoginResult> {
  return loginTo(name, options, true, { context, person })
}

function loginTo(
  name: string,
  options: LoginOptions,
  makeCurrent: boolean,
  { context, person }: { context: SessionContext; person: Person },
): Promise<LoginResult> {
  const { wanted, force } = options
  const resolve = () => resolveProfile(name, context.readConfig(), context)
  const first = resolve()
  refuseForeignChoice(first, wanted)
  let remember: (() => Promise<unknown>) | undefined
  return renewTogether<LoginResult | undefined, LoginResult>(
    {
      lock: `profile:${name}`,
      by: 'person',
      of: loginAt(first, options),
      read: async () => {
        const cached = force ? undefined : await readCachedCredentials(resolve(), wanted, context)
        return cached && { kind: 'credentials', stored: cached }
      },
      isGood: (result) => result !== undefined,
      renew: async () => {
        const { result, write } = await signInTo(resolve(), options, makeCurrent, { context, person })
        remember = write
        return result
      },
      write: async () => remember?.(),
    },
    context,
  )
}
/** The work of a login, and how what it gave is kept. */
async function signInTo(
  resolved: ResolvedProfile,
  options: LoginOptions,
  makeCurrent: boolean,
  { context, person }: { context: SessionContext; person: Person },
): Promise<{ result: LoginResult; write: () => Promise<unknown> }> {
  checkConfigured(resolved)
  const remember = (store: CredentialStore, assignment?: Assignment) =>
    keep(() => rememberLogin(resolved, { assignment, store, makeCurrent }, context), 'The profile', context)
  if (givesTokensOnly(resolved)) {
    const { result, store } = await loginForTokens(resolved, options, context, person)
    return { result, write: () => remember(store) }
  }
  const fromSource = async (source: string) => {
    // `login` on a chained profile signs in at its base, and only there.
    const result = await loginTo(source, { ...options, wanted: {} }, false, { context, person })
    if (result.kind === 'credentials') return result.stored
    throw withoutRole(source)
  }
  const obtained = await obtain(resolved, { ...options, fromSource }, context, person)
  const { credentials, store, assignment } = obtained
  const write = async () => {
    // The base of a chain may have chosen its role just now, and that is a part of the name.
    const settled =
      resolved.kind === 'role' ? resolveProfile(resolved.name, context.readConfig(), context) : resolved
    const key = keyOf(settled, obtained)
    if (key !== undefined)
      await keep(() => store.write(key, serializeCredentials(credentials)), 'The credentials', context)
    await remember(store, assignment)
  }
  return { result: { kind: 'credentials', stored: credentials }, write }
}

function keyOf(resolved: ResolvedProfile, { assignment }: Obtained): string | undefined {
  if (resolved.kind !== 'cloudsso' || assignment === undefined) return credentialsKeyOf(resolved)
  return credentialsKey(cloudSsoAssignment(resolved, assignment))
}

/** Accounts are CloudSSO's; anywhere else the role is part of the profile. */
function refuseForeignChoice(resolved: ResolvedProfile, wanted: WantedAssignment): void {
  const { kind, name } = resolved
  if (kind === 'cloudsso' || (wanted.account === undefined && wanted.accessConfiguration === undefined))
    return
  const message = `--account-id and --access-config belong to CloudSSO; profile ${name} has its role configured.`
  const base = baseOf(resolved)
  const hint =
    base.kind === 'cloudsso'
      ? `The account is chosen at its base: ${loginCommand(base.name)} --account-id …`
      : `Change it with: sesame configure --profile ${shellWord(name)} --role-arn …`
  throw new SesameError('ERR_USAGE', message, { hint })
}

/** A profile without a role signs in, too; what it has then are tokens. */
async function loginForTokens(
  resolved: ResolvedOidc | ResolvedIdaas,
  { force, flow }: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<{ result: LoginResult; store: CredentialStore }> {
  if (resolved.kind === 'idaas') {
    const { tokens, store } = await applicationTokens(resolved, { force, by: 'person' }, context)
    const { userName, lifetime } = tokens.idToken
    return { result: { kind: 'tokens', userName, expiresAt: lifetime.expiresAt, renewable: true }, store }
  }
  const { token, store } = await obtainTokens(resolved, 'access', { force, flow }, context, person)
  const result = {
    kind: 'tokens',
    userName: token.idToken?.userName,
    expiresAt: token.lifetime.expiresAt,
    renewable: token.refreshToken !== undefined,
  } as const
  return { result, store }
}

interface Remembered {
  assignment: Assignment | undefined
  store: CredentialStore
  makeCurrent: boolean
}

/** The choice, and where the secrets now rest, become part of the profile; it is the current one from now on. */
async function rememberLogin(
  { name, profile }: ResolvedProfile,
  { assignment, store, makeCurrent }: Remembered,
  context: SessionContext,
): Promise<void> {
  if (profile.store !== undefined && profile.store !== store.kind && store.kind !== 'memory') {
    context.warn(`The secrets of profile ${name} now rest in: ${store.kind} (before: ${profile.store}).`)
  }
  await changeConfig((config) => {
    const before = config.profiles.get(name) ?? profile
    const after: Profile = {
      ...(before.kind === 'cloudsso' && assignment !== undefined
        ? withAssignment(before, assignment)
        : before),
      ...(store.kind === 'memory' ? {} : { store: store.kind }),
    }
    const changed = withProfile(config, name, after)
    return makeCurrent ? { ...changed, currentProfile: name } : changed
  }, context)
}

function withAssignment(
  profile: CloudSsoProfile,
  { account, accessConfiguration }: Assignment,
): CloudSsoProfile {
  return {
    ...withoutAssignment(profile),
    accountId: account.id,
    ...(account.name === '' ? {} : { accountName: account.name }),
    accessConfigurationId: accessConfiguration.id,
    ...(accessConfiguration.name === '' ? {} : { accessConfigurationName: accessConfiguration.name }),
  }
}
