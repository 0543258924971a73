import { isSesameError } from '../errors.ts'
import { type CloudSsoProfile, withProfile } from '../profile/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { type Assignment, chooseAssignment } from './choose-assignment.ts'
import { type CloudSsoAssignment, credentialsKey } from './entry-key.ts'
import { exchange } from './exchange.ts'
import { forgetFormerChoice } from './forget-former-choice.ts'
import { keep } from './keep.ts'
import type { Person } from './person.ts'
import { readCachedCredentials, type WantedAssignment } from './read-cached.ts'
import { type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { findToken, type KeptToken, signIn } from './sign-in.ts'
import { type StoredCredentials, serializeCredentials } from './stored-entry.ts'

export interface LoginOptions {
  wanted: WantedAssignment
  /** Sign in again, whatever is in the store. */
  force: boolean
}

/**
 * The login: what is fresh in the store; else credentials for the bearer token that still lives; else a sign-in by the
 * person, and then credentials. Of many processes that find nothing, one does the work and the others take its result.
 */
export function login(
  name: string,
  options: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<StoredCredentials> {
  return context.withLock(`profile:${name}`, async () => {
    const resolved = resolveProfile(name, context.readConfig(), context)
    const cached = options.force ? undefined : await readCachedCredentials(resolved, options.wanted, context)
    if (cached !== undefined) return cached

    const { credentials, assignment, store } = await obtain(resolved, options, context, person)
    const key = credentialsKey(cloudSsoAssignment(resolved, assignment))
    await keep(() => store.write(key, serializeCredentials(credentials)), 'The credentials', context)
    await keep(() => forgetFormerChoice(resolved, key, store, context), 'The change of account', context)
    await keep(() => rememberLogin(resolved, assignment, store, context), 'The profile', context)
    return credentials
  })
}

/** Token, choice, exchange; a token that the portal no longer accepts is replaced by one new sign-in. */
async function obtain(
  resolved: ResolvedProfile,
  { wanted, force }: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<{ credentials: StoredCredentials; assignment: Assignment; store: CredentialStore }> {
  const proceed = async ({ token, store }: KeptToken) => {
    const assignment = await chooseAssignment(resolved, wanted, token, context, person)
    const credentials = await exchange(cloudSsoAssignment(resolved, assignment), token, context)
    return { credentials, assignment, store }
  }
  const kept = force ? undefined : await findToken(resolved, context)
  try {
    return await proceed(kept ?? (await signIn(resolved, { force }, context, person)))
  } catch (error) {
    if (!isSesameError(error, 'ERR_UNAUTHORIZED') || kept === undefined) throw error
    person.tell('The portal no longer accepts the last sign-in.')
    return proceed(await signIn(resolved, { force: false, notThis: kept.token }, context, person))
  }
}

function cloudSsoAssignment(
  { signIn }: ResolvedProfile,
  { account, accessConfiguration }: Assignment,
): CloudSsoAssignment {
  return { ...signIn, accountId: account.id, accessConfigurationId: accessConfiguration.id }
}

/** The choice, and where the secrets now rest, become part of the profile; it is the current one from now on. */
async function rememberLogin(
  { name, profile }: ResolvedProfile,
  { account, accessConfiguration }: Assignment,
  store: CredentialStore,
  context: SessionContext,
): Promise<void> {
  if (profile.store !== undefined && profile.store !== store.kind && store.kind !== 'memory') {
    context.warn(`The secrets of profile ${name} now rest in: ${store.kind} (before: ${profile.store}).`)
  }
  await context.updateConfig((config) => {
    const { accountName, accessConfigurationName, ...before } = config.profiles.get(name) ?? profile
    const after: CloudSsoProfile = {
      ...before,
      accountId: account.id,
      ...(account.name === '' ? {} : { accountName: account.name }),
      accessConfigurationId: accessConfiguration.id,
      ...(accessConfiguration.name === '' ? {} : { accessConfigurationName: accessConfiguration.name }),
      ...(store.kind === 'memory' ? {} : { store: store.kind }),
    }
    return { ...withProfile(config, name, after), currentProfile: name }
  })
}
