import { type Lifetime, remainingMs, type StoreName } from '../../kit/index.ts'
import { type Config, type ForeignProfile, signInUrlOf } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { credentialsKey, tokenKey } from '../entry-key.ts'
import { keep } from '../keep.ts'
import { assignmentOf, type ResolvedCloudSso, resolveProfile } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { parseCredentials, serializeCredentials } from '../stored-entry.ts'
import { parseToken, serializeToken } from '../stored-token.ts'

/** What became of the living secrets of an imported profile; `none`: there were none. */
export type SecretsOutcome = { kind: 'none' } | { kind: 'kept'; store: StoreName } | { kind: 'not-kept' }

const waitMs = 10_000

/** Puts living credentials and a living token into the store of the profile, as `config` will have it. */
export async function importSecrets(
  foreign: ForeignProfile,
  config: Config,
  context: SessionContext,
): Promise<SecretsOutcome> {
  const { name, credentials, token } = foreign
  if (credentials.kind !== 'valid' && token === undefined) return { kind: 'none' }
  if (signInUrlOf(config, config.profiles.get(name)) === undefined || foreign.signInUrl === undefined) {
    context.warn(`${name}: the credentials are not taken over; nothing says to which directory they belong.`)
    return { kind: 'not-kept' }
  }
  const resolved = resolveProfile(name, config, context)
  if (resolved.kind !== 'cloudsso') return { kind: 'none' }
  let store: CredentialStore | undefined
  const write = async () => {
    store = await context.openStore(resolved.storeChoice, 'write')
    await writeSecrets(foreign, resolved, store, context)
  }
  const kept = await keep(write, `The credentials of profile ${name}`, context)
  return kept && store !== undefined && store.kind !== 'memory'
    ? { kind: 'kept', store: store.kind }
    : { kind: 'not-kept' }
}

async function writeSecrets(
  { credentials, token }: ForeignProfile,
  resolved: ResolvedCloudSso,
  store: CredentialStore,
  context: SessionContext,
): Promise<void> {
  const assignment = assignmentOf(resolved)
  if (credentials.kind === 'valid' && assignment !== undefined) {
    const key = credentialsKey(assignment)
    const lifetime = lifetimeUntil(credentials.credentials.expiresAt, context)
    const there = parseCredentials(await store.read(key))
    if (livesLonger(lifetime, there?.lifetime, context))
      await store.write(key, serializeCredentials({ credentials: credentials.credentials, lifetime }))
  }
  if (token === undefined) return
  const key = tokenKey(resolved.signIn)
  const lifetime = lifetimeUntil(token.expiresAt, context)
  const writeToken = async () => {
    const there = parseToken(await store.read(key))
    if (livesLonger(lifetime, there?.lifetime, context))
      await store.write(key, serializeToken({ accessToken: token.accessToken, lifetime }))
  }
  await context.withLock(key, writeToken, { waitMs })
}

/** When they were obtained is not recorded, nor what the server's clock said: now, and the local clock. */
function lifetimeUntil(expiresAt: Date, { clock }: Pick<SessionContext, 'clock'>): Lifetime {
  return { obtainedAt: clock.now(), expiresAt, clock: { skewMs: 0, bootedAt: clock.bootedAt() } }
}

function livesLonger(
  imported: Lifetime,
  there: Lifetime | undefined,
  { clock }: Pick<SessionContext, 'clock'>,
): boolean {
  if (there === undefined) return true
  const left = (lifetime: Lifetime) => remainingMs(lifetime, clock.now(), clock.bootedAt())
  return left(imported) > left(there)
}
