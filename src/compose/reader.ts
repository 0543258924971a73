import {
  type Clock,
  checkNewPassphrase,
  type Log,
  type Secret,
  SesameError,
  type StoreChoice,
  storeChoices,
  type Warn,
} from '../kit/index.ts'
import {
  findPlace,
  type Place,
  readConfig,
  readState,
  type State,
  type UserEnvironment,
} from '../profiles/index.ts'
import type { SessionContext } from '../session/index.ts'
import {
  type CredentialStore,
  type OpenStoreOptions,
  openStore,
  type PassphraseSource,
} from '../store/index.ts'
import { defaultClientId } from '../values/index.ts'

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
  /** Where the configuration is. @throws SesameError ERR_CONFIG */
  directory: () => string
  /** Where the configuration and the state are. @throws SesameError ERR_CONFIG */
  place: () => Place
  /** What this machine knows about the configuration. */
  readState: () => State
}

export interface ReaderOptions {
  log: Log
  /** Takes one line for the person. */
  warn: Warn
  /** What SESAME_PASSPHRASE held. */
  passphrase: Secret | undefined
  /** Asks the person for it; for a new file until it is one that a new file may have. */
  askPassphrase: PassphraseSource
  /** Whether the user can be asked. */
  interactive: () => boolean
}

/** Builds what reads the configuration and the stores. Cheap: nothing is opened before it is asked for. */
export function composeReader(
  host: HostContext,
  { log, warn, passphrase, askPassphrase, interactive }: ReaderOptions,
): Reader {
  const { env, clock } = host
  // Help and version must work whatever the environment says: errors in it are reported when they matter.
  const place = lazily(() => findPlace(host))
  const directory = () => place().configuration
  const stores = new Map<string, Promise<CredentialStore>>()

  async function open(choice: StoreChoice, purpose: 'read' | 'write'): Promise<CredentialStore> {
    const { store } = await openStore({
      ...storeContext(host),
      choice,
      directory: directory(),
      passphrase: passphraseSource(passphrase, askPassphrase),
      passphraseAvailable: passphrase !== undefined,
      interactive,
      log,
      warn,
      forWriting: purpose === 'write',
    })
    return store
  }

  return {
    clock,
    log,
    directory,
    place,
    cloudSsoClientId: env.ALIBABACLOUD_SSO_CLIENT_ID || env.ALIBABA_CLOUD_SSO_CLIENT_ID || defaultClientId,
    storeOverride: () => readStoreChoice(env.SESAME_STORE),
    openStore: (choice, purpose) => {
      const name = `${choice} ${purpose}`
      const opened = stores.get(name) ?? open(choice, purpose)
      stores.set(name, opened)
      return opened
    },
    readConfig: () => readConfig(directory(), warn),
    readState: () => readState(place(), warn),
    warn,
  }
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
}: HostContext): Pick<OpenStoreOptions, 'platform' | 'dbus' | 'uid' | 'clock'> {
  const dbus = { address: env.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: env.XDG_RUNTIME_DIR }
  return { platform, dbus, uid, clock }
}

function readStoreChoice(text: string | undefined): StoreChoice | undefined {
  if (text === undefined || text === '') return undefined
  const choice = storeChoices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new SesameError('ERR_CONFIG', 'Unknown store in SESAME_STORE.', {
    hint: `It can be ${storeChoices.join(', ')}.`,
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
