import { isSesameError, printable, SesameError } from '../kit/index.ts'
import type { KeychainState } from './keychain.ts'

const otherStore =
  'To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.'

const states: Partial<Record<KeychainState, readonly [message: string, hint: string]>> = {
  'no-provider': [
    'No keyring service (Secret Service) is running on this session bus.',
    `Start gnome-keyring, KWallet or KeePassXC. ${otherStore}`,
  ],
  'no-bus': ['There is no D-Bus session here, so no keyring can be asked.', otherStore],
  'no-default-collection': [
    'The keyring service has no default keyring yet.',
    `Create one in the desktop's password manager. ${otherStore}`,
  ],
  'no-binding': ['The keychain cannot be used on this platform or installation.', otherStore],
}

/** The error for a keychain that cannot be used in this state; `foreign`: why its bus counts as none. */
export function stateError(state: KeychainState, foreign?: string): SesameError {
  if (state === 'locked') return lockedError()
  if (state === 'no-bus' && foreign !== undefined)
    return new SesameError('ERR_STORE_UNAVAILABLE', `No keyring can be asked: ${foreign}.`, {
      hint: otherStore,
    })
  const [message, hint] = states[state] ?? [
    'The keyring service does not answer.',
    `Restart it. ${otherStore}`,
  ]
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint })
}

function lockedError(cause?: unknown): SesameError {
  const hint = 'Unlock it (log in to the desktop, or open its password manager) and try again.'
  return new SesameError('ERR_STORE_LOCKED', 'The keychain is locked.', { hint, cause })
}

/** `cause.code` is ETIMEDOUT: a thread of this process is stuck, and only a signal ends the process then. */
export function keychainTimeout(timeoutMs: number): SesameError {
  const cause = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
  const message = `The keychain did not answer within ${Math.round(timeoutMs / 1000)} s.`
  return new SesameError('ERR_STORE_UNAVAILABLE', message, {
    hint: `It may be waiting for you in a dialog. ${otherStore}`,
    cause,
  })
}

/** The binding's failures differ only in their text (they all carry the code GenericFailure). */
export function keychainError(error: unknown): SesameError {
  if (isSesameError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/dismissed|locked|cancel|interaction is not allowed|passphrase you entered/i.test(text)) {
    return lockedError(error)
  }
  return new SesameError(
    'ERR_STORE_UNAVAILABLE',
    `The keychain failed: ${printable(text).replace(/\.$/, '')}.`,
    {
      hint: otherStore,
      cause: error,
    },
  )
}
