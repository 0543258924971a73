import { type Lifetime, remainingMs, type StoreName, t } from '../../kit/index.ts'
import { type Config, type ForeignProfile, signInUrlOf } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { ItemNames } from '../kinds/item-names.ts'
import { resolveProfile } from '../kinds/resolve-profile.ts'
import { storeChoiceOf } from '../kinds/resolved-profile.ts'
import { persistOrWarn } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { parseCredentials, parseToken, serializeCredentials, serializeToken } from '../stored-items.ts'

/** What became of the valid secrets of an imported profile; `none`: there were none. */
export type SecretsOutcome = { kind: 'none' } | { kind: 'kept'; store: StoreName } | { kind: 'not-kept' }

const waitMs = 10_000

/** Puts valid credentials and a valid token into the store of the profile, as `config` will have it. */
export async function importSecrets(
  foreign: ForeignProfile,
  config: Config,
  context: SessionContext,
): Promise<SecretsOutcome> {
  const { name, credentials, token } = foreign
  if (credentials.kind !== 'valid' && token === undefined) return { kind: 'none' }
  if (signInUrlOf(config, config.profiles.get(name)) === undefined || foreign.signInUrl === undefined) {
    context.warn(
      t('{name}: the credentials are not taken over; nothing says to which directory they belong.', { name }),
    )
    return { kind: 'not-kept' }
  }
  const resolved = resolveProfile(name, config, context)
  let store: CredentialStore | undefined
  const write = async () => {
    store = await context.openStore(storeChoiceOf(resolved), 'write')
    await writeSecrets(foreign, resolved.items, store, context)
  }
  const kept = await persistOrWarn(
    write,
    t('Could not store the credentials of profile {name}', { name }),
    context,
  )
  return kept && store !== undefined && store.kind !== 'memory'
    ? { kind: 'kept', store: store.kind }
    : { kind: 'not-kept' }
}

async function writeSecrets(
  { credentials, token }: ForeignProfile,
  items: ItemNames,
  store: CredentialStore,
  context: SessionContext,
): Promise<void> {
  if (credentials.kind === 'valid' && items.credentials !== undefined) {
    const key = items.credentials
    const lifetime = lifetimeUntil(credentials.credentials.expiresAt, context)
    const there = parseCredentials(await store.read(key))
    if (livesLonger(lifetime, there?.lifetime, context))
      await store.write(key, serializeCredentials({ credentials: credentials.credentials, lifetime }))
  }
  const key = items.tokens
  if (token === undefined || key === undefined) return
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
