export { standaloneTarget } from './build.ts'
export { type Clock, systemClock } from './clock.ts'
export {
  type Credentials,
  type CredentialValues,
  cannotCarry,
  credentialValues,
  formatInstant,
  safeName,
  speakable,
} from './credentials.ts'
export { linkedTo, withDeadline, within } from './deadline.ts'
export { decodeText, type TextEncoding } from './decode-text.ts'
export { copyEnvironment, type Environment } from './environment.ts'
export {
  type ErrorCode,
  errorCode,
  isSesameError,
  messageWithRequestId,
  SesameError,
  type SesameErrorOptions,
} from './errors.ts'
export {
  type ClockReading,
  expiryOf,
  isFresh,
  type Lifetime,
  marginMs,
  measureClock,
  readServerClock,
  remainingMs,
} from './expiry.ts'
export type { Fetch, RequestOptions } from './fetch.ts'
export { fingerprint } from './fingerprint.ts'
export {
  asRecord,
  asText,
  isNestedDeeper,
  isRecord,
  member,
  parseForeignJson,
  parseJson,
  parseRecord,
  textMember,
} from './json.ts'
export { type Log, type LogNamespace, silentLog, type Warn } from './log.ts'
export { checkNewPassphrase, passphraseObjection } from './new-passphrase.ts'
export { printable, printableLines } from './printable.ts'
export { inspectProcess, thisHost } from './process-identity.ts'
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
export { isHost, isLoopbackHost, parseSecureUrl, parseUrl } from './secure-url.ts'
export { shellWord, singleQuoted } from './shell-quote.ts'
export { type ShellWords, shells, shellWordsOf } from './shell-words.ts'
export { type StoreChoice, type StoreKind, type StoreName, storeChoices, storeNames } from './store-choice.ts'
export {
  type DeclaredText,
  type FixedText,
  inEnglish,
  keepTexts,
  sayAgain,
  shownLanguage,
  shownText,
  shownWords,
  t,
  useTranslations,
} from './text.ts'
export { type ForeignTool, homeOfTool, type UserHome } from './tool-home.ts'
export { releasedOn, version } from './version.ts'
