import type * as Keyring from '@napi-rs/keyring'
import { errorCode } from '../kit/index.ts'

/** The part of @napi-rs/keyring in use: sync entries for calls that cannot hang, async ones for the rest. */
export type KeyringBinding = Pick<typeof Keyring, 'Entry' | 'AsyncEntry'>

const packageName = '@napi-rs/keyring'

/**
 * Loads the native binding; undefined where the package has none for this platform or was installed without it.
 * It is required by its own package's name where that is known, which is quicker than the package's search.
 */
export function loadKeyringBinding(platform: NodeJS.Platform): KeyringBinding | undefined {
  const { createRequire } = process.getBuiltinModule('node:module')
  const require = createRequire(import.meta.url)
  let index: string
  try {
    index = require.resolve(packageName)
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
  const direct = platformPackage(platform)
  if (direct !== undefined) {
    try {
      // The platform's package is a dependency of the binding, not of ours.
      return createRequire(index)(direct)
    } catch (error) {
      // Not installed, or for another C library: the package's own search knows more places, and says why not.
      if (!(error instanceof Error)) throw error
    }
  }
  try {
    return require(index)
  } catch (error) {
    if (error instanceof Error && /native binding/i.test(error.message)) return undefined
    throw error
  }
}

function platformPackage(platform: NodeJS.Platform): string | undefined {
  if (platform === 'linux')
    return `${packageName}-linux-${process.arch}-gnu${process.arch === 'arm' ? 'eabihf' : ''}`
  if (platform === 'darwin') return `${packageName}-darwin-${process.arch}`
  if (platform === 'win32') return `${packageName}-win32-${process.arch}-msvc`
  return undefined
}
