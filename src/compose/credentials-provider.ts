import { isAbsolute } from 'node:path'
import {
  copyEnvironment,
  isFresh,
  readChoice,
  readFunction,
  readNumber,
  readOptions,
  readText,
  Secret,
  SesameError,
  silentLog,
  systemClock,
  t,
} from '../kit/index.ts'
import { checkProfileName, chooseProfileName, homeOfUser } from '../profiles/index.ts'
import { getCredentials, remainingLifeMs, type StoredCredentials } from '../session/index.ts'
import { composeReader, type HostContext } from '../start/index.ts'
import { composeSession, keychainProof } from './session.ts'

/** Short-lived STS credentials, ready to sign with. */
export interface SesameCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** When they expire, by the clock of the server that issued them. */
  expiration: Date
}

/** What may be said about the credentials; what is left out follows the environment, as for the command line. */
export interface CredentialsProviderOptions {
  /** The profile; else `SESAME_PROFILE`, else the current profile, else `default`. */
  profile?: string | undefined
  /** Where the configuration is (absolute); else `SESAME_CONFIG_DIR`, else the usual place. */
  configDirectory?: string | undefined
  /** Where secrets are kept; else `SESAME_STORE`, else what the configuration remembers. */
  store?: 'auto' | 'keychain' | 'encrypted-file' | 'plaintext' | undefined
  /** Opens the encrypted file; else `SESAME_PASSPHRASE`. */
  passphrase?: string | undefined
  /** At least so many seconds of life are left in what is handed out. The margin before expiry holds in any case. */
  minTtlSeconds?: number | undefined
  /** Takes one line about something that went wrong and was got over. Nothing is ever printed. */
  onWarning?: ((message: string) => void) | undefined
}

/** Gives fresh credentials of one profile, as often as they are asked for. */
export interface CredentialsProvider {
  /**
   * Credentials that are good for a while: from memory, from the store, or renewed without a person. It asks no user and
   * opens nothing, and answers within ten seconds. Calls at the same time share one renewal, in this process and
   * with all others.
   *
   * @throws SesameError `ERR_LOGIN_REQUIRED` when only a sign-in helps (the message names the command), `ERR_CONFIG`,
   *   `ERR_STORE_*`, `ERR_NETWORK`, `ERR_SERVER` …
   */
  getCredentials(): Promise<SesameCredentials>
  /** `sesame`. With it the provider itself is what `new Credential(null, provider)` of `@alicloud/credentials` takes. */
  getProviderName(): string
}

/** After a renewal that failed, or gave no more than there was, the next one is tried no sooner than this. */
const pauseMs = 30_000

/**
 * Makes a provider of credentials for Node programs. It reads the store that `sesame login` fills and renews under the same
 * locks. Making one costs nothing and touches nothing: files, keychain and network come with the first call.
 *
 * @example
 * const provider = createCredentialsProvider({ profile: 'dev' })
 * const { accessKeyId, accessKeySecret, securityToken } = await provider.getCredentials()
 *
 * @throws SesameError `ERR_USAGE` for options of another type, or that cannot be
 */
export function createCredentialsProvider(options: CredentialsProviderOptions = {}): CredentialsProvider {
  const read = readProviderOptions(options)
  const { minTtlSeconds, onWarning } = read
  const host = readHost(read)
  const { clock, env } = host
  const passphrase = read.passphrase ?? env.SESAME_PASSPHRASE
  let { profile } = read
  let held: { stored: StoredCredentials; sinceMs: number } | undefined
  let underWay: Promise<StoredCredentials> | undefined

  async function obtain(): Promise<StoredCredentials> {
    const reader = composeReader(host, {
      log: silentLog,
      warn: onWarning,
      passphrase: passphrase ? new Secret(passphrase) : undefined,
      askPassphrase: async () => {
        throw new SesameError('ERR_STORE_PASSPHRASE', t('The encrypted file needs its passphrase.'), {
          hint: t('Set SESAME_PASSPHRASE, or give the passphrase option.'),
        })
      },
      interactive: () => false,
      proof: keychainProof(() => session),
    })
    // A session for each renewal: between them nothing is open, and what once failed is tried anew.
    const { signal } = new AbortController()
    const { session, close } = composeSession(host, reader, () => signal)
    try {
      const wanted = { option: profile, environment: env.SESAME_PROFILE }
      const name = chooseProfileName(session.readConfig(), wanted)
      const stored = await getCredentials(name, { minTtlSeconds }, session)
      // Whatever becomes the current profile later: a program that runs does not change its identity.
      profile = name
      held = { stored, sinceMs: clock.monotonicMs() }
      return stored
    } finally {
      await close()
    }
  }

  function remembered(): StoredCredentials | undefined {
    if (held === undefined) return undefined
    const { stored, sinceMs } = held
    const leftMs = remainingLifeMs(stored, clock)
    const fresh = isFresh(stored.lifetime, clock.now(), clock.bootedAt()) && leftMs >= minTtlSeconds * 1000
    const justObtained = clock.monotonicMs() - sinceMs < pauseMs && leftMs > 1000
    return fresh || justObtained ? stored : undefined
  }

  return {
    async getCredentials() {
      const inMemory = remembered()
      if (inMemory !== undefined) return reveal(inMemory)
      underWay ??= obtain().finally(() => {
        underWay = undefined
      })
      return reveal(await underWay)
    },
    getProviderName: () => 'sesame',
  }
}

function reveal({ credentials }: StoredCredentials): SesameCredentials {
  return {
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret.reveal(),
    securityToken: credentials.securityToken.reveal(),
    expiration: new Date(credentials.expiresAt),
  }
}

function readHost({ configDirectory, store }: ReadProviderOptions): HostContext {
  const chosen = {
    ...(configDirectory !== undefined && { SESAME_CONFIG_DIR: configDirectory }),
    ...(store !== undefined && { SESAME_STORE: store }),
  }
  const env: HostContext['env'] = copyEnvironment({ ...process.env, ...chosen }, process.platform)
  return {
    env,
    platform: process.platform,
    homeDirectory: env.HOME ?? homeOfUser(),
    uid: process.getuid?.(),
    clock: systemClock,
    random: () => new DataView(crypto.getRandomValues(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32,
  }
}

const stores = ['auto', 'keychain', 'encrypted-file', 'plaintext'] as const
/** No credentials are valid for a year. */
const longestTtlSeconds = 366 * 24 * 3600

interface ReadProviderOptions extends CredentialsProviderOptions {
  minTtlSeconds: number
  onWarning: (message: string) => void
}

/** Each option once. Mistakes of the program show where it makes them, not with the first request at night. */
function readProviderOptions(options: CredentialsProviderOptions): ReadProviderOptions {
  const { profile, configDirectory, store, passphrase, minTtlSeconds, onWarning } = readOptions(options)
  const name = readText(profile, 'profile')
  const directory = readText(configDirectory, 'configDirectory')
  if (directory !== undefined && !isAbsolute(directory))
    throw new SesameError('ERR_USAGE', t('configDirectory must be an absolute path.'))
  const range = { min: 0, max: longestTtlSeconds, unit: 'seconds' } as const
  return {
    profile: name === undefined ? undefined : checkProfileName(name),
    configDirectory: directory,
    store: readChoice(store, 'store', stores),
    passphrase: readText(passphrase, 'passphrase'),
    minTtlSeconds: readNumber(minTtlSeconds, 'minTtlSeconds', range) ?? 0,
    onWarning: readFunction(onWarning, 'onWarning') ?? (() => {}),
  }
}
