import type { TokenSet } from '../../identity/index.ts'
import { isFresh, isSesameError, type Lifetime, marginMs, type StoreChoice, t } from '../../kit/index.ts'
import type { WithoutKeychain } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { Person } from '../../terminal/index.ts'
import { adoptFormerItems, openKept, persistOrWarn } from '../profile-stores.ts'
import { renewTogether } from '../renewal/renew-together.ts'
import type { SessionContext } from '../session-context.ts'
import { parseToken, type StoredTokens, serializeToken } from '../stored-items.ts'
import type { Outlook, WantedToken } from './kind.ts'
import { noteEnd } from './pending-sign-in.ts'
import { type ResolvedCloudSso, type ResolvedOidc, storeChoiceOf } from './resolved-profile.ts'

/** A profile at whose base a person signs in. */
export type SignInProfile = ResolvedCloudSso | ResolvedOidc

/** A token, and the store in which it is kept. */
export interface KeptToken {
  token: StoredTokens
  store: CredentialStore
}

/** The token of this profile's sign-in, of another profile's, or of an earlier one, if it is still good for a while. */
export async function findToken(
  resolved: SignInProfile,
  context: SessionContext,
  wanted: WantedToken = 'access',
): Promise<KeptToken | undefined> {
  const { clock } = context
  const store = await context.openStore(storeChoiceOf(resolved), 'read')
  const token = await unlessUnusable(resolved, async () => {
    await adoptFormerItems(resolved.items, store)
    return parseToken(await store.read(resolved.items.tokens))
  })
  const lifetime = wanted === 'id' ? token?.idToken?.lifetime : token?.lifetime
  if (token === undefined || lifetime === undefined) return undefined
  return isFresh(lifetime, clock.now(), clock.bootedAt()) ? { token, store } : undefined
}

/** A store that was not chosen explicitly is never an error: what cannot be read is not there. */
export async function unlessUnusable<T>(
  { store }: Pick<SignInProfile, 'store'>,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const unusable = isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_STORE_PASSPHRASE')
    if (store !== undefined || !unusable) throw error
    return undefined
  }
}

export interface AskOptions {
  force: boolean
  wanted: WantedToken
  /** A token that the server has just refused. */
  notThis?: TokenSet | undefined
  /** Leads the person to the provider and returns with the tokens; waits for `ready` before it shows anything. */
  ask: (ready: () => Promise<CredentialStore>) => Promise<TokenSet>
}

/**
 * Signs the person in and keeps the tokens. One sign-in serves all profiles of a directory or provider: a process that waited
 * for another one's sign-in takes its token.
 */
export function signInOnce(
  resolved: SignInProfile,
  { force, wanted, notThis, ask }: AskOptions,
  context: SessionContext,
): Promise<KeptToken> {
  const key = resolved.items.tokens
  const choice = storeChoiceOf(resolved)
  return renewTogether<KeptToken | undefined, KeptToken>(
    {
      lock: key,
      by: 'person',
      of: `${choice} ${key}${force ? ' anew' : ''}`,
      read: async () => (force ? undefined : findToken(resolved, context, wanted)),
      isGood: (found): found is KeptToken => found !== undefined && !isSame(found.token, notThis, wanted),
      renew: async () => {
        await offerStore(choice, context)
        // The store proves itself while the server's first answer is on its way, and before anything is shown.
        const opening = Promise.allSettled([context.openStore(choice, 'write')])
        const opened = async () => {
          const [result] = await opening
          if (result.status === 'rejected') throw result.reason
          return result.value
        }
        const token = await ask(opened)
        return { token, store: await opened() }
      },
      write: async ({ token, store }) => {
        await persistOrWarn(
          () => store.write(key, serializeToken(token)),
          t('Could not store the sign-in'),
          context,
        )
        await persistOrWarn(() => noteEnd(key, context), t('Could not note the end of the sign-in'), context)
      },
    },
    context,
  )
}

/** Whether two sign-ins have the same token of the wanted kind. */
export function isSame(a: TokenSet, b: TokenSet | undefined, wanted: WantedToken): boolean {
  if (b === undefined) return false
  if (wanted === 'access') return a.accessToken.reveal() === b.accessToken.reveal()
  return a.idToken?.token.reveal() === b.idToken?.token.reveal()
}

/** Shows on the person's screen how it ended. */
export async function untilApproved<T>(person: Person, ask: () => Promise<T>): Promise<T> {
  let approved = false
  try {
    const answer = await ask()
    approved = true
    return answer
  } finally {
    person.endVerification(approved)
  }
}

/** Whether the sign-in that is kept can give new credentials or tokens. */
export async function canRenewSignIn(resolved: SignInProfile, context: SessionContext): Promise<boolean> {
  const store = await openKept(resolved, context)
  const token = parseToken(await store?.read(resolved.items.tokens))
  if (token === undefined) return false
  const { clock } = context
  return token.refreshToken !== undefined || isFresh(token.lifetime, clock.now(), clock.bootedAt())
}

/** A sign-in renews until its token has to be renewed itself. */
export function whileFresh(
  lifetime: Lifetime | undefined,
  { clock }: Pick<SessionContext, 'clock'>,
): Outlook | undefined {
  if (lifetime === undefined || !isFresh(lifetime, clock.now(), clock.bootedAt())) return undefined
  return { kind: 'until', at: new Date(lifetime.expiresAt.getTime() - marginMs(lifetime)) }
}

/** What an offer to keep secrets in an encrypted file needs of the machine, and of the person at its terminal. */
export interface StoreOffer {
  /** Whether the encrypted file opens without a prompt: by SESAME_PASSPHRASE, or as it is unlocked. */
  isOpen(): Promise<boolean>
  /** Where sign-ins shall be kept. @throws SesameError ERR_INTERRUPTED */
  ask(): Promise<WithoutKeychain>
  /** Asks for the passphrase, which is at hand for the rest of this run; twice for a new file. @throws SesameError ERR_INTERRUPTED */
  takePassphrase(): Promise<void>
  /** Keeps the key of the file for a while, if that can be done here. */
  unlock(): Promise<void>
}

/**
 * Before a sign-in that would be kept nowhere, as there is no keychain: the person is offered the encrypted file, once. The answer is
 * remembered, whichever it is; an interruption is none. Where the store was named, nothing is offered.
 */
async function offerStore(choice: StoreChoice, context: SessionContext): Promise<void> {
  const { storeOffer: offer, state } = context
  if (offer === undefined || context.storeOverride() !== undefined) return
  const answer = state.read().withoutKeychain
  if (choice === 'encrypted-file' && answer === 'unlocked' && !(await offer.isOpen())) return offer.unlock()
  // For reading, `auto` is `memory` only where nothing can be there: a keychain that is locked is one.
  if (choice !== 'auto' || (await context.openStore('auto', 'read')).kind !== 'memory') return
  const chosen = answer ?? (await offer.ask())
  if (chosen !== 'memory') await offer.takePassphrase()
  if (chosen === 'unlocked') await offer.unlock()
  if (answer !== undefined) return
  const remember = () => state.change((before) => ({ ...before, withoutKeychain: chosen }))
  if (await persistOrWarn(remember, t('Could not remember the answer'), context))
    context.warn(t('Remembered. To be asked again: sesame configure --store auto'))
}
