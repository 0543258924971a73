import { lockPath } from '../files/index.ts'
import {
  type Clock,
  checkNewPassphrase,
  type Log,
  type Secret,
  SesameError,
  type StoreChoice,
  storeChoices,
  t,
  type Warn,
} from '../kit/index.ts'
import {
  cacheDirectory,
  findPlace,
  type Place,
  readKnowledge,
  readState,
  rememberedConfig,
  type State,
  type UserEnvironment,
} from '../profiles/index.ts'
import type { SessionContext, StorePurpose } from '../session/index.ts'
import {
  type CredentialStore,
  type OpenStoreOptions,
  openStore,
  type PassphraseSource,
  type Proof,
  withPrefix,
} from '../store/index.ts'
import { defaultClientId } from '../values/index.ts'
import { scriptRunner } from './own-program.ts'

/** What the use cases need of the machine and its user. */
export interface HostContext extends UserEnvironment {
  uid: number | undefined
  clock: Clock
  /** A number in [0, 1). */
  random: () => number
}

/** The part of the context that answers from the store: all that the cached path needs. */
export interface Reader
  extends Pick<
    SessionContext,
    'clock' | 'log' | 'cloudSsoClientId' | 'storeOverride' | 'openStore' | 'readConfig' | 'warn'
  > {
  /** Where the configuration and the state are. @throws SesameError ERR_CONFIG */
  place: () => Place
  /** What this machine knows about the configuration. */
  readState: () => State
  /** A store with the names of items as they are; see `openStore`, whose items have names of this configuration. */
  openUnnamed: SessionContext['openStore']
  /** Where the lock of this name lies. What shares an item of a store shares its lock: both names begin with the same words. */
  lockPath: (name: string) => string
}

export interface ReaderOptions {
  log: Log
  /** Takes one line for the person. */
  warn: Warn
  /** What SESAME_PASSPHRASE held. */
  passphrase: Secret | undefined
  /** Asks the person for it; for a new file until it is one that a new file may have. */
  askPassphrase: PassphraseSource
  /** Whether the user has given the passphrase already. */
  isPassphraseGiven?: (() => boolean) | undefined
  /** Whether the user can be asked. */
  interactive: () => boolean
  /** Whether there is a user, who may be answering a dialog of the system; else as `interactive`. */
  userPresent?: (() => boolean) | undefined
  /** What is remembered of the keychain's proof. */
  proof?: Proof | undefined
  /** True when the keychain has not answered the cached path. */
  unanswered?: boolean | undefined
}

/** Builds what reads the configuration and the stores. Cheap: nothing is opened before it is asked for. */
export function composeReader(host: HostContext, options: ReaderOptions): Reader {
  const { env, clock } = host
  const { log, warn, passphrase, askPassphrase, interactive, userPresent, unanswered, proof } = options
  // Help and version must work whatever the environment says: errors in it are reported when they matter.
  const place = lazily(() => findPlace(host))
  const stores = new Map<string, Promise<CredentialStore>>()

  async function openUnnamed(choice: StoreChoice, purpose: StorePurpose): Promise<CredentialStore> {
    const { store } = await openStore({
      ...storeContext(host),
      choice,
      ...filesOf(place()),
      passphrase: passphraseSource(passphrase, askPassphrase),
      passphraseAvailable: passphrase !== undefined || options.isPassphraseGiven?.() === true,
      interactive,
      userPresent,
      unanswered,
      proof,
      log,
      warn,
      forWriting: purpose === 'write',
      forLeaving: purpose === 'leave',
    })
    return store
  }

  function once(choice: StoreChoice, purpose: StorePurpose): Promise<CredentialStore> {
    const name = `${choice} ${purpose}`
    const opened = stores.get(name) ?? openUnnamed(choice, purpose)
    stores.set(name, opened)
    return opened
  }

  return {
    clock,
    log,
    place,
    cloudSsoClientId: env.ALIBABACLOUD_SSO_CLIENT_ID || env.ALIBABA_CLOUD_SSO_CLIENT_ID || defaultClientId,
    storeOverride: () => readStoreChoice(env.SESAME_STORE),
    openUnnamed: once,
    openStore: async (choice, purpose) => withPrefix(await once(choice, purpose), place().identity),
    readConfig: () => rememberedConfig(readKnowledge(place(), warn)),
    readState: () => readState(place(), warn),
    lockPath: (name) => lockPath(place().state, `${place().identity}${name}`),
    warn,
  }
}

/** Where the file stores are, and were. */
export function filesOf({ state, configuration }: Place): Pick<OpenStoreOptions, 'directory' | 'former'> {
  return { directory: state, former: configuration }
}

/** The passphrase that is at hand, else the person's answer. @throws SesameError ERR_CONFIG for a new one that is short */
export function passphraseSource(atHand: Secret | undefined, ask: PassphraseSource): PassphraseSource {
  return async (use) => {
    if (atHand === undefined) return ask(use)
    if (use.isNew) checkNewPassphrase(atHand.reveal())
    return atHand
  }
}

/** What every store needs to know of the machine and its user. */
export function storeContext({
  env,
  platform,
  uid,
  clock,
  homeDirectory,
}: HostContext): Pick<OpenStoreOptions, 'platform' | 'dbus' | 'uid' | 'clock' | 'node' | 'cacheDirectory'> {
  const dbus = { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: env.XDG_RUNTIME_DIR }
  const cache = cacheDirectory({ env, platform, homeDirectory })
  return { platform, dbus, uid, clock, node: scriptRunner(), cacheDirectory: cache }
}

function readStoreChoice(text: string | undefined): StoreChoice | undefined {
  if (text === undefined || text === '') return undefined
  const choice = storeChoices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new SesameError('ERR_CONFIG', t('Unknown store in SESAME_STORE.'), {
    hint: t('It can be {names}.', { names: storeChoices.join(', ') }),
  })
}

/** The value that `make` gives when it is first asked for. */
function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
