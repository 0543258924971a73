import { isSesameError } from '../errors.ts'
import { createCloudSsoDialect, runDeviceFlow } from '../identity/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { isFresh } from '../token/index.ts'
import { tokenKey } from './entry-key.ts'
import { keep } from './keep.ts'
import type { Person } from './person.ts'
import type { ResolvedProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { parseToken, type StoredToken, serializeToken } from './stored-entry.ts'

/** The bearer token of a profile's directory, if it is still good for a while. */
export async function readFreshToken(
  { signIn }: ResolvedProfile,
  store: CredentialStore,
  { clock }: SessionContext,
): Promise<StoredToken | undefined> {
  const token = parseToken(await store.read(tokenKey(signIn)))
  return token !== undefined && isFresh(token.lifetime, clock.now(), clock.bootedAt()) ? token : undefined
}

/** A token, and the store in which it rests. */
export interface KeptToken {
  token: StoredToken
  store: CredentialStore
}

/** The token of another profile's sign-in, or of an earlier one. `auto` is never an error: what cannot be read is not there. */
export async function findToken(
  resolved: ResolvedProfile,
  context: SessionContext,
): Promise<KeptToken | undefined> {
  const store = await context.openStore(resolved.storeChoice, 'read')
  try {
    const token = await readFreshToken(resolved, store, context)
    return token && { token, store }
  } catch (error) {
    const unusable = isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_STORE_PASSPHRASE')
    if (resolved.storeChoice !== 'auto' || !unusable) throw error
    return undefined
  }
}

/**
 * Signs the person in and keeps the bearer token. One sign-in serves all profiles of a directory: whoever waited for
 * another process's sign-in takes its token. `notThis` is a token that the server has just refused.
 */
export function signIn(
  resolved: ResolvedProfile,
  options: { force: boolean; notThis?: StoredToken | undefined },
  context: SessionContext,
  person: Person,
): Promise<KeptToken> {
  const key = tokenKey(resolved.signIn)
  return context.withLock(key, async () => {
    const found = options.force ? undefined : await findToken(resolved, context)
    if (found !== undefined && found.token.accessToken.reveal() !== options.notThis?.accessToken.reveal())
      return found
    // The store proves itself while the portal's first answer is on its way, and before anything is shown.
    const opening = Promise.allSettled([context.openStore(resolved.storeChoice, 'write')])
    const opened = async () => {
      const [result] = await opening
      if (result.status === 'rejected') throw result.reason
      return result.value
    }
    const token = await askPerson(resolved, opened, context, person)
    const store = await opened()
    await keep(() => store.write(key, serializeToken(token)), 'The sign-in', context)
    return { token, store }
  })
}

async function askPerson(
  { signIn }: ResolvedProfile,
  ready: () => Promise<unknown>,
  context: SessionContext,
  person: Person,
): Promise<StoredToken> {
  const { clock, log, signal, fetch } = context
  const dialect = createCloudSsoDialect({ ...signIn, fetch, clock })
  let approved = false
  try {
    const token = await runDeviceFlow(dialect, {
      clock,
      log,
      signal,
      onVerification: async (authorization, deadlineMs) => {
        await ready()
        await person.showVerification(authorization, deadlineMs)
      },
    })
    approved = true
    return token
  } finally {
    person.endVerification(approved)
  }
}
