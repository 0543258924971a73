import { type Secret, SesameError, type StoreChoice, type StoreName, t } from '../../kit/index.ts'
import {
  type Config,
  type Profile,
  type ProfileSettings,
  secretOf,
  secretOptions,
  withProfile,
} from '../../profiles/index.ts'
import { changeConfig } from '../change-config.ts'
import { resolveProfile } from '../kinds/resolve-profile.ts'
import { storeChoiceOf } from '../kinds/resolved-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { serializeSecret } from '../stored-items.ts'
import { changeProfile, findMissingSource } from './change-profile.ts'
import { changeStore } from './change-store.ts'

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
