export { type Clock, systemClock } from './clock.ts'
export { type ClockReading, measureClock, readServerClock } from './clock-skew.ts'
export { type CredentialValues, credentialValues } from './credential-values.ts'
export { type Credentials, formatInstant } from './credentials.ts'
export { type ErrorCode, errorCode, isSesameError, SesameError, type SesameErrorOptions } from './errors.ts'
export { expiryOf, isFresh, type Lifetime, marginMs, remainingMs } from './expiry.ts'
export { isNestedDeeper } from './json-depth.ts'
export { type Log, type LogNamespace, silentLog } from './log.ts'
export { checkNewPassphrase, passphraseObjection } from './new-passphrase.ts'
export { printable, printableLines } from './printable.ts'
export {
  misuse,
  readBoolean,
  readChoice,
  readDate,
  readFunction,
  readNumber,
  readOptions,
  readText,
  readTexts,
} from './read-option.ts'
export { knownSecrets, redacted, rememberSecret, Secret } from './secret.ts'
export { isHost, isLoopbackHost, parseSecureUrl } from './secure-url.ts'
export { shellWord } from './shell-quote.ts'
export { type StoreChoice, type StoreKind, type StoreName, storeChoices, storeNames } from './store-choice.ts'
export { cannotCarry, safeName, speakable } from './unsafe-output.ts'
export { version } from './version.ts'
