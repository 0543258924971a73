export { hasBrowserHere, openBrowser, planBrowser, skipReason } from './browser.ts'
export {
  commandLineOf,
  type OtherProcess,
  readerOfOutput,
  untilProcessEnds,
  watchParent,
} from './calling-process.ts'
export { cutText, padText, textWidth, wrapText } from './columns.ts'
export { catchInterruption, type Interruption, ignoreInspectorSignal } from './interruption.ts'
export type { Person } from './person.ts'
export { openProgressBar } from './progress-bar.ts'
export {
  askHidden,
  askLine,
  askPassphrase,
  askPassphraseTwice,
  askYesNo,
  isPlausibleSecret,
} from './prompts.ts'
export { showsUnicode } from './qr-code.ts'
export { chooseValue, pick } from './search-list.ts'
export { readStandardInput, readUpTo } from './standard-input.ts'
export {
  type Edges,
  isNullDevice,
  isTerminal,
  passphraseOf,
  type Scrub,
  scrubStandardError,
  withoutPerson,
  withScrubbedErrors,
  writeAll,
} from './streams.ts'
export { createTerminalPerson } from './terminal-person.ts'
