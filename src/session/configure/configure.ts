import { type Secret, SesameError, type StoreChoice, type StoreName, t } from '../../kit/index.ts'
import {
  type Config,
  type Profile,
  type ProfileSettings,
  type State,
  secretOf,
  secretOptions,
  withProfile,
} from '../../profiles/index.ts'
import { adoptAllFormerItems, changeConfig } from '../change-config.ts'
import { resolvableProfiles, resolveProfile } from '../kinds/resolve-profile.ts'
import { itemsOf, type ResolvedProfile, storeChoiceOf } from '../kinds/resolved-profile.ts'
import { logout } from '../logout.ts'
import { otherStores, persistOrWarn, unlessUnusable } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { serializeSecret } from '../stored-items.ts'
import { takeAlong } from '../take-along.ts'
import { changeProfile, findMissingSource, withDefaultUrl } from './change-profile.ts'

export interface ConfigureOptions {
  /** Of an OIDC client or an IDaaS application. */
  secret?: Secret | undefined
  /** Where the secrets of all profiles rest from now on. */
  store?: StoreChoice | undefined
}

export interface ConfiguredProfile {
  profile: Profile
  /** A profile at the base of the chain that does not exist yet. */
  missingSource: string | undefined
  /** The store that keeps its secret now, if one was given. */
  secretStore: StoreName | undefined
}

/**
 * Creates or changes a profile; what is not named stays. A client's or application's secret goes to the store, and nowhere else.
 * Nothing is written when anything of it is wrong.
 */
export async function configureProfile(
  name: string,
  settings: ProfileSettings,
  { secret, store: storeForAll }: ConfigureOptions,
  context: SessionContext,
): Promise<ConfiguredProfile> {
  const build = (config: Config): Profile => {
    const changed = changeProfile(name, config, settings)
    return secret === undefined ? changed : withSecret(name, changed)
  }
  // A private key that was exported by mistake must not get into the configuration.
  if (settings.publicKey) {
    const { checkPublicKey } = await import('../../jwt/index.ts')
    checkPublicKey(settings.publicKey)
  }
  const withStore = (config: Config): Config =>
    storeForAll === undefined ? config : { ...config, store: storeForAll }
  const before = withStore(context.readConfig())
  const planned = build(before)
  const missingSource = findMissingSource(name, withProfile(before, name, planned))
  // A secret that no profile leads to would stay for ever.
  if (secret !== undefined) context.checkConfigWritable?.()
  const secretStore =
    secret === undefined
      ? undefined
      : await keepSecret(name, withProfile(before, name, planned), secret, context)
  const store = secretStore === undefined ? {} : { store: secretStore }
  let profile = planned
  await changeConfig((config) => {
    profile = { ...build(config), ...store }
    return withProfile(withStore(config), name, profile)
  }, context)
  if (storeForAll !== undefined) await changeStore(context)
  return { profile, missingSource, secretStore }
}

/** The profile as one whose secret is in the store. */
function withSecret(name: string, profile: Profile): Profile {
  const own = secretOf(profile.kind)
  if (own !== undefined) return own.flag === undefined ? profile : { ...profile, [own.flag]: true }
  throw new SesameError('ERR_USAGE', t('Profile {name} has no use for a secret.', { name }), {
    hint: t('Only {owners} have one.', {
      owners: secretOptions()
        .map(({ owners }) => owners)
        .join(t(' and ')),
    }),
  })
}

async function keepSecret(
  name: string,
  config: Config,
  secret: Secret,
  context: SessionContext,
): Promise<StoreName> {
  const resolved = resolveProfile(name, config, context)
  const item = resolved.items.secret
  if (item === undefined) throw new TypeError(`${resolved.kind} has no secret`)
  const store = await context.openStore(storeChoiceOf(resolved), 'write')
  if (store.kind === 'memory') {
    throw new SesameError('ERR_STORE_UNAVAILABLE', t('There is no store that could keep the secret.'), {
      hint: t('Set SESAME_PASSPHRASE for the encrypted file, or see "sesame doctor".'),
    })
  }
  await store.write(item, serializeSecret(secret))
  return store.kind
}

/** What holds for all profiles; what is not named stays. */
export interface Defaults {
  signInUrl?: string | undefined
  store?: StoreChoice | undefined
}

/**
 * Sets the default sign-in URL and store. Profiles that move to another directory choose their account anew; what they kept for
 * the former one serves again when they come back.
 */
export async function configureDefaults(
  { signInUrl, store }: Defaults,
  context: SessionContext,
): Promise<void> {
  const adopt = () => adoptAllFormerItems(context.readConfig(), context)
  if (signInUrl !== undefined) await persistOrWarn(adopt, t('Could not move the sign-in'), context)
  await context.updateConfig((config) => {
    const withStore = store === undefined ? config : { ...config, store }
    return signInUrl === undefined ? withStore : withDefaultUrl(withStore, signInUrl)
  })
  if (store !== undefined) await changeStore(context)
}

/** How long a change of the store waits for another sesame that is at work in a profile. */
const waitMs = 10_000

/**
 * Lets every profile leave its former store for the one that holds for all now: what they keep is moved there; for the store
 * `memory`, which keeps nothing, it is forgotten and revoked. With `auto` each stays where it is.
 */
async function changeStore(given: SessionContext): Promise<void> {
  // What was configured counts, not what SESAME_STORE says for this one command.
  const context: SessionContext = { ...given, storeOverride: () => undefined }
  await context.state.change(withoutAnswer)
  const config = context.readConfig()
  const target = config.store
  if (target === undefined || target === 'auto') return
  if (target === 'memory') return forgetAll(context)
  for (const each of resolvableProfiles(config, context)) {
    const move = () => takeAlong(each, { leaveAll: true }, context)
    const locked = () => context.withLock(`profile:${each.name}`, move, { waitMs })
    await persistOrWarn(
      locked,
      t('Could not move the secrets of profile {name}', { name: each.name }),
      context,
    )
  }
  const follow = (profile: Profile): Profile =>
    profile.store === undefined ? profile : { ...profile, store: target }
  await context.updateConfig((now: Config) =>
    [...now.profiles].reduce((all, [name, profile]) => withProfile(all, name, follow(profile)), now),
  )
}

async function forgetAll(given: SessionContext): Promise<void> {
  // Each profile is still where it was: its client's secret there is needed to revoke its tokens.
  const readConfig = () => {
    const { store: _, ...config } = given.readConfig()
    return config
  }
  const context: SessionContext = { ...given, readConfig }
  for (const each of resolvableProfiles(readConfig(), context))
    await persistOrWarn(
      () => forget(each, context),
      t('Could not forget profile {name}', { name: each.name }),
      context,
    )
}

async function forget(resolved: ResolvedProfile, context: SessionContext): Promise<void> {
  const { name, store: own } = resolved
  await logout(name, { sparesOthers: false }, context)
  const ownStore = own === undefined || own === 'memory' ? [] : [{ name: own, known: true }]
  for (const held of [...ownStore, ...otherStores(resolved, context)]) {
    const remove = async () => {
      const store = await context.openStore(held.name, 'leave')
      for (const key of itemsOf(resolved)) await store.remove(key)
    }
    const failure = t('What the store {store} holds of profile {profile} stays there', {
      store: held.name,
      profile: name,
    })
    await unlessUnusable(held, remove, { ...context, failure })
  }
}

/** The store was named, or shall be found anew: the answer counts no longer. */
function withoutAnswer({ withoutKeychain: _, ...state }: State): State {
  return state
}
