import { isSesameError, printable, SesameError } from '../kit/index.ts'
import type { KeychainState } from './keychain.ts'

const otherStore =
  'To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.'

const startOne = `Start gnome-keyring, KWallet or KeePassXC. ${otherStore}`

const states: Partial<Record<KeychainState, readonly [message: string, hint: string]>> = {
  'no-provider': ['No keyring service (Secret Service) is running on this session bus', startOne],
  'no-bus': ['There is no D-Bus session here, so no keyring can be asked', otherStore],
  'no-default-collection': [
    'The keyring service has no default keyring yet',
    `Create one in the desktop's password manager. ${otherStore}`,
  ],
  'no-binding': ['The keychain cannot be used on this platform or installation', otherStore],
  unknown: ['The keyring cannot be used', otherStore],
}

/** The error for a keychain that cannot be used in this state; `reason`: why it is so, where more is known. */
export function stateError(state: KeychainState, reason?: string): SesameError {
  if (state === 'locked') return lockedError(reason)
  if (state === 'timeout')
    return silentError('The keyring service does not answer.', `Restart it. ${otherStore}`)
  const [message, hint] = states[state] ?? ['The keyring cannot be used', otherStore]
  const text = reason === undefined ? message : `${message}: ${reason}`
  return new SesameError('ERR_STORE_UNAVAILABLE', `${text}.`, { hint })
}

function lockedError(reason?: string, cause?: unknown): SesameError {
  const why = reason === undefined ? '' : `: ${reason}`
  const hint =
    reason === undefined
      ? 'Unlock it (log in to the desktop, or open its password manager) and try again.'
      : 'Run the command at a terminal and answer the dialog, or let the password manager give sesame its items unasked.'
  return new SesameError('ERR_STORE_LOCKED', `The keychain is locked${why}.`, { hint, cause })
}

/** `cause.code` is ETIMEDOUT: asking again in this process would take as long again. */
function silentError(message: string, hint: string): SesameError {
  const cause = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint, cause })
}

/** The error for a call of the binding that has not returned. */
export function keychainTimeout(timeoutMs: number): SesameError {
  return silentError(
    `The keychain did not answer within ${Math.round(timeoutMs / 1000)} s.`,
    `It may be waiting for you in a dialog. ${otherStore}`,
  )
}

/** The binding's failures differ only in their text (they all carry the code GenericFailure). */
export function keychainError(error: unknown): SesameError {
  if (isSesameError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/dismissed|locked|cancel|interaction is not allowed|passphrase you entered/i.test(text)) {
    return lockedError(undefined, error)
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
