import { SesameError } from './errors.ts'
import type { Secret } from './secret.ts'
import { type FixedText, t } from './text.ts'

/** Short-lived STS credentials, as Alibaba Cloud hands them out. */
export interface Credentials {
  accessKeyId: string
  accessKeySecret: Secret
  securityToken: Secret
  /** Instant of the server's clock at which they expire. */
  expiresAt: Date
}

/**
 * The one spelling of an expiry that every official SDK reads: UTC, whole seconds, literal Z
 * (`2026-11-21T08:00:00Z`; milliseconds make Python raise and Java and Go fall back).
 */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

/** NUL ends a string in C, CR and LF end a line in every reader, and a lone surrogate has no bytes in UTF-8. */
const unspeakable = /[\0\r\n]/

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The value itself, when every format can carry it as one line; `what` names it in the error.
 * Empty values are refused as well: half a set of credentials is worse than none, and PowerShell and cmd
 * delete a variable that is set to nothing.
 * @throws SesameError ERR_UNSAFE_OUTPUT, without the value
 */
export function speakable(what: FixedText, value: string): string {
  if (value === '') throw unsafeOutput(t('The {what} is empty.', { what: t(what) }))
  if (unspeakable.test(value) || !value.isWellFormed())
    throw unsafeOutput(
      t('The {what} holds a line break or another character that cannot be printed safely.', {
        what: t(what),
      }),
    )
  return value
}

/**
 * The name itself, when it is a POSIX variable name (`[A-Za-z_][A-Za-z0-9_]*`).
 * @throws SesameError ERR_UNSAFE_OUTPUT
 */
export function safeName(name: string): string {
  if (!variableName.test(name)) throw unsafeOutput(t('A variable has a name that no shell can carry.'))
  return name
}

/** The refusal of a format that has no spelling for the value of `name`. The value is not in it. */
export function cannotCarry(format: string, name: string, hint: string): SesameError {
  return unsafeOutput(t('The format {format} cannot carry the value of {name}.', { format, name }), hint)
}

function unsafeOutput(message: string, hint?: string): SesameError {
  return new SesameError('ERR_UNSAFE_OUTPUT', message, hint === undefined ? {} : { hint })
}

/** Credentials laid open, ready to be written: each value checked, the expiry spelled as `…Z`. */
export interface CredentialValues {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** `2026-11-21T08:00:00Z` */
  expiration: string
}

/**
 * Lays credentials open for stdout or a child's environment.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that is empty or holds NUL, CR, LF or a lone surrogate
 */
export function credentialValues(credentials: Credentials): CredentialValues {
  return {
    accessKeyId: speakable('access key id', credentials.accessKeyId),
    accessKeySecret: speakable('access key secret', credentials.accessKeySecret.reveal()),
    securityToken: speakable('security token', credentials.securityToken.reveal()),
    expiration: formatInstant(credentials.expiresAt),
  }
}
