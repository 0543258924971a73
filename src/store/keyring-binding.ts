import type * as Keyring from '@napi-rs/keyring'
import { errorCode, isSesameError, printable, t } from '../kit/index.ts'
import { type EmbeddedBinding, embeddedBinding } from './embedded-binding.ts'
import { unpackBinding } from './unpack-binding.ts'
import { strangersAt } from './windows-strangers.ts'

/** The part of @napi-rs/keyring in use. */
type KeyringBinding = Pick<typeof Keyring, 'AsyncEntry'>

/** The binding, or why it does not load. */
export type LoadedBinding = { binding: KeyringBinding } | { reason: string }

const packageName = '@napi-rs/keyring'

/** Where the binding is looked for. */
export interface BindingPlace {
  /** The package's entry point, which searches for the binding; undefined where the package is not installed. */
  index: string | undefined
  /** The package of this platform, a dependency of that one; required by its name it loads quicker than by the search. */
  direct: string | undefined
}

export function bindingPlace(platform: NodeJS.Platform): BindingPlace {
  const { createRequire } = process.getBuiltinModule('node:module')
  const direct = platformPackage(platform)
  try {
    return { index: createRequire(import.meta.url).resolve(packageName), direct }
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return { index: undefined, direct }
    throw error
  }
}

/**
 * Loads the native binding into this process: that of the npm package, or the one in a standalone executable, which is unpacked into
 * the cache directory (undefined for a user without a home).
 */
export function loadKeyringBinding(
  platform: NodeJS.Platform,
  cacheDirectory: string | undefined,
): LoadedBinding {
  if (embeddedBinding !== undefined) return loadEmbedded(embeddedBinding, platform, cacheDirectory)
  const { index, direct } = bindingPlace(platform)
  if (index === undefined) return { reason: whyNotLoaded([], platform) }
  const { createRequire } = process.getBuiltinModule('node:module')
  const require = createRequire(index)
  const messages: string[] = []
  for (const name of direct === undefined ? [index] : [direct, index]) {
    try {
      return { binding: require(name) }
    } catch (error) {
      // Not installed, or for another C library: the package's own search knows more places.
      messages.push(...messagesOf(error))
    }
  }
  return { reason: whyNotLoaded(messages, platform) }
}

/** Looks for nothing outside of the executable and its cache: a package that lies somewhere is not ours. */
export function loadEmbedded(
  embedded: EmbeddedBinding,
  platform: NodeJS.Platform,
  cacheDirectory: string | undefined,
): LoadedBinding {
  if (cacheDirectory === undefined)
    return { reason: t('there is no home directory to unpack the keychain binding into') }
  const place = {
    directory: cacheDirectory,
    ...(platform === 'win32' && { strangersAt }),
  }
  try {
    const loaded: { exports: unknown } = { exports: {} }
    process.dlopen(loaded, unpackBinding(embedded, place))
    return { binding: loaded.exports as KeyringBinding }
  } catch (error) {
    if (!isSesameError(error)) return { reason: whyNotLoaded(messagesOf(error), platform) }
    const remedy = error.hint === undefined ? '' : ` (${error.hint.replace(/\.$/, '')})`
    return { reason: `${error.message.replace(/\.$/, '')}${remedy}` }
  }
}

/** What an error and those behind it say. */
function messagesOf(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...messagesOf(error.cause)] : []
}

/** Why no binding loads, and what helps, from what loading said: a library that is missing is no missing package. */
export function whyNotLoaded(messages: readonly string[], platform: NodeJS.Platform): string {
  // The packages of other platforms and C libraries are always missing.
  const [cause] = messages.filter((text) => !/^(Cannot find (module|native binding)|Unsupported )/.test(text))
  if (cause === undefined)
    return t(
      '{name} is not installed; install sesame again, with its optional packages (not with --omit=optional)',
      { name: platformPackage(platform) ?? packageName },
    )
  const [line = ''] = cause.split(/\r?\n/)
  // The system's words are in its language; what a Windows lacks is nearly always this.
  const reason = printable(line).replace(/\.$/, '')
  return platform === 'win32'
    ? t('{reason} (if it is missing, install the Microsoft Visual C++ Redistributable)', { reason })
    : reason
}

function platformPackage(platform: NodeJS.Platform): string | undefined {
  if (platform === 'darwin') return `${packageName}-darwin-${process.arch}`
  if (platform === 'win32') return `${packageName}-win32-${process.arch}-msvc`
  return undefined
}
