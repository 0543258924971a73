import { isFresh, isSesameError } from '../kit/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { tokenKey } from './entry-key.ts'
import { keep } from './keep.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { ResolvedCloudSso, ResolvedOidc } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { parseToken, type StoredToken, serializeToken } from './stored-token.ts'

/** A profile at whose base a person signs in. */
export type SignInProfile = ResolvedCloudSso | ResolvedOidc

/** Which of the tokens of a sign-in is wanted: the bearer token, or what STS takes. */
export type WantedToken = 'access' | 'id'

/** A token, and the store in which it rests. */
export interface KeptToken {
  token: StoredToken
  store: CredentialStore
}

/** The wanted token of a profile's sign-in, if it is still good for a while. */
export async function readFreshToken(
  { signIn }: SignInProfile,
  store: CredentialStore,
  { clock }: Pick<SessionContext, 'clock'>,
  wanted: WantedToken = 'access',
): Promise<StoredToken | undefined> {
  const token = parseToken(await store.read(tokenKey(signIn)))
  const lifetime = wanted === 'id' ? token?.idToken?.lifetime : token?.lifetime
  return lifetime !== undefined && isFresh(lifetime, clock.now(), clock.bootedAt()) ? token : undefined
}

/** The token of another profile's sign-in, or of an earlier one. */
export async function findToken(
  resolved: SignInProfile,
  context: SessionContext,
  wanted: WantedToken = 'access',
): Promise<KeptToken | undefined> {
  const store = await context.openStore(resolved.storeChoice, 'read')
  const token = await unlessUnusable(resolved, () => readFreshToken(resolved, store, context, wanted))
  return token && { token, store }
}

/** `auto` is never an error: what cannot be read is not there. */
export async function unlessUnusable<T>(
  { storeChoice }: Pick<SignInProfile, 'storeChoice'>,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const unusable = isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_STORE_PASSPHRASE')
    if (storeChoice !== 'auto' || !unusable) throw error
    return undefined
  }
}

export interface SignInOptions {
  force: boolean
  wanted: WantedToken
  /** A token that the server has just refused. */
  notThis?: StoredToken | undefined
  /** Leads the person to the provider and returns with the tokens; waits for `ready` before it shows anything. */
  ask: (ready: () => Promise<unknown>) => Promise<StoredToken>
}

/**
 * Signs the person in and keeps the tokens. One sign-in serves all profiles of a directory or provider: whoever waited for
 * another process's sign-in takes its token.
 */
export function signIn(
  resolved: SignInProfile,
  { force, wanted, notThis, ask }: SignInOptions,
  context: SessionContext,
): Promise<KeptToken> {
  const key = tokenKey(resolved.signIn)
  return renewTogether<KeptToken | undefined, KeptToken>(
    {
      lock: key,
      by: 'person',
      of: `${resolved.storeChoice} ${key}${force ? ' anew' : ''}`,
      read: async () => (force ? undefined : findToken(resolved, context, wanted)),
      isGood: (found): found is KeptToken => found !== undefined && !isSame(found.token, notThis, wanted),
      renew: async () => {
        // The store proves itself while the server's first answer is on its way, and before anything is shown.
        const opening = Promise.allSettled([context.openStore(resolved.storeChoice, 'write')])
        const opened = async () => {
          const [result] = await opening
          if (result.status === 'rejected') throw result.reason
          return result.value
        }
        const token = await ask(opened)
        return { token, store: await opened() }
      },
      write: ({ token, store }) =>
        keep(() => store.write(key, serializeToken(token)), 'The sign-in', context),
    },
    context,
  )
}

/** Whether two sign-ins have the same token of the wanted kind. */
export function isSame(a: StoredToken, b: StoredToken | undefined, wanted: WantedToken): boolean {
  if (b === undefined) return false
  if (wanted === 'access') return a.accessToken.reveal() === b.accessToken.reveal()
  return a.idToken?.token.reveal() === b.idToken?.token.reveal()
}
