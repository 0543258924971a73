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

/**
 * Signs the person in and keeps the bearer token. One sign-in serves all profiles of a directory: whoever waited for
 * another process's sign-in takes its token. `notThis` is a token that the server has just refused.
 */
export function signIn(
  resolved: ResolvedProfile,
  store: CredentialStore,
  options: { force: boolean; notThis?: StoredToken | undefined },
  context: SessionContext,
  person: Person,
): Promise<StoredToken> {
  const key = tokenKey(resolved.signIn)
  return context.withLock(key, async () => {
    const found = options.force ? undefined : await readFreshToken(resolved, store, context)
    if (found !== undefined && found.accessToken.reveal() !== options.notThis?.accessToken.reveal())
      return found
    const token = await askPerson(resolved, context, person)
    await keep(() => store.write(key, serializeToken(token)), 'The sign-in', context)
    return token
  })
}

async function askPerson(
  { signIn }: ResolvedProfile,
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
      onVerification: (authorization, deadlineMs) => person.showVerification(authorization, deadlineMs),
    })
    approved = true
    return token
  } finally {
    person.endVerification(approved)
  }
}
