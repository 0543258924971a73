import {
  type DeclaredText,
  type FixedText,
  isSesameError,
  printable,
  SesameError,
  shownText,
  t,
} from '../kit/index.ts'
import type { KeychainState } from './keychain.ts'

const otherStore =
  'To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.'

const states: Partial<Record<KeychainState, readonly [message: FixedText, hint: DeclaredText]>> = {
  'no-provider': [
    'No keyring service (Secret Service) is running on this session bus',
    () => t('Start gnome-keyring, KWallet or KeePassXC. {otherStore}', { otherStore: t(otherStore) }),
  ],
  'no-bus': ['There is no D-Bus session here, so no keyring can be asked', otherStore],
  'no-default-collection': [
    'The keyring service has no default keyring yet',
    () => t("Create one in the desktop's password manager. {otherStore}", { otherStore: t(otherStore) }),
  ],
  'no-binding': ['The keychain cannot be used on this platform or installation', otherStore],
}

const unknown = ['The keyring cannot be used', otherStore] as const

/** The error for a keychain that cannot be used in this state; `reason`: why it is so, where more is known. */
export function stateError(state: KeychainState, reason?: string): SesameError {
  if (state === 'locked') return lockedError(reason)
  if (state === 'timeout')
    return silentError(
      t('The keyring service does not answer.'),
      t('Restart it. {otherStore}', { otherStore: t(otherStore) }),
    )
  const [text, hint] = states[state] ?? unknown
  const message =
    reason === undefined ? t('{text}.', { text: t(text) }) : t('{what}: {reason}.', { what: t(text), reason })
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint: shownText(hint) })
}

function lockedError(reason?: string, cause?: unknown): SesameError {
  const hint =
    reason === undefined
      ? t('Unlock it (log in to the desktop, or open its password manager) and try again.')
      : t(
          'Run the command at a terminal and answer the dialog, or let the password manager give sesame its items unasked.',
        )
  const message =
    reason === undefined ? t('The keychain is locked.') : t('The keychain is locked: {reason}.', { reason })
  return new SesameError('ERR_STORE_LOCKED', message, { hint, cause })
}

/** `cause.code` is ETIMEDOUT: asking again in this process would take as long again. */
function silentError(message: string, hint: string): SesameError {
  const cause = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint, cause })
}

/** The error for a call of the binding that has not returned. */
export function keychainTimeout(timeoutMs: number): SesameError {
  return silentError(
    t('The keychain did not answer within {seconds} s.', { seconds: Math.round(timeoutMs / 1000) }),
    t('It may be waiting for you in a dialog. {otherStore}', { otherStore: t(otherStore) }),
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
    t('The keychain failed: {reason}.', { reason: printable(text).replace(/\.$/, '') }),
    {
      hint: t(otherStore),
      cause: error,
    },
  )
}
