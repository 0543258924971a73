export { standaloneTarget } from './build.ts'
export { type Clock, systemClock, thisHost } from './clock.ts'
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
export {
  copyEnvironment,
  type Environment,
  type ForeignTool,
  homeOfTool,
  type UserHome,
} from './environment.ts'
export {
  type ErrorCode,
  errorCode,
  isSesameError,
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
export { decodeText, printable, printableLines, type TextEncoding } from './foreign-text.ts'
export { inspectProcess } from './inspect-process.ts'
export {
  asRecord,
  asText,
  isNestedDeeper,
  isRecord,
  member,
  parseForeignJson,
  parseJson,
  parseRecord,
  parseStrictJsonObject,
  textMember,
} from './json.ts'
export { type Log, type LogNamespace, silentLog, type Warn } from './log.ts'
export { checkNewPassphrase, passphraseObjection } from './new-passphrase.ts'
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
export { isHost, isLoopbackHost, parseSecureUrl, parseUrl, pastedText } from './secure-url.ts'
export { shellWord, singleQuoted } from './shell-quote.ts'
export { type ShellWords, shells, shellWordsOf } from './shell-words.ts'
export { type StoreChoice, type StoreKind, type StoreName, storeChoices, storeNames } from './store-choice.ts'
export {
  type DeclaredText,
  type FixedText,
  inEnglish,
  keepTexts,
  messageWithRequestId,
  sayAgain,
  shownLanguage,
  shownText,
  shownWords,
  t,
  useTranslations,
} from './text.ts'
export { releasedOn, version } from './version.ts'
