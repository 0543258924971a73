import { closeSync, constants, openSync, readSync } from 'node:fs'
import { styleText } from 'node:util'
import {
  errorCode,
  passphraseObjection,
  printable,
  Secret,
  SesameError,
  shownWords,
  t,
} from '../kit/index.ts'
import type { Choice } from './person.ts'

/** Prompts are drawn on stderr: stdout is for the result. */
function onTerminal(signal?: AbortSignal) {
  return signal === undefined ? { output: process.stderr } : { output: process.stderr, signal }
}

/** The words that the prompts bring along, in the user's language. */
const theme = {
  style: {
    keysHelpTip: (keys: [key: string, action: string][]) =>
      keys.map(([key, action]) => `${key} ${shownWords(action, ['navigate', 'select'])}`).join(' • '),
    help: (text: string) => shownWords(text, ['[input is masked]']),
    error: (text: string) => {
      const shown = shownWords(text, ['No results found', 'You must provide a valid value'])
      return styleText('red', `> ${shown}`, { stream: process.stderr })
    },
  },
}

/** Asks for the passphrase of the encrypted file; without a terminal it must come from SESAME_PASSPHRASE. */
export async function askPassphrase(interactive: boolean, { isNew }: { isNew: boolean }): Promise<Secret> {
  if (!interactive) {
    throw new SesameError('ERR_STORE_PASSPHRASE', t('The encrypted file needs its passphrase.'), {
      hint: t('Set SESAME_PASSPHRASE, or run the command on a terminal.'),
    })
  }
  const { default: password } = await import('@inquirer/password')
  const message = isNew
    ? t('Passphrase of the new encrypted store:')
    : t('Passphrase of the encrypted store:')
  const validate = (text: string) => (isNew ? (passphraseObjection(text) ?? true) : text !== '')
  const text = await answered(password({ message, mask: true, validate, theme }, onTerminal()))
  return new Secret(text)
}

/** A passphrase for a new encrypted file, typed twice, until both are the same: what it seals could never be read with a slip in it. */
export async function askPassphraseTwice(
  notify: (line: string) => void,
  signal: AbortSignal,
): Promise<Secret> {
  const { default: password } = await import('@inquirer/password')
  const validate = (text: string) => passphraseObjection(text) ?? true
  const ask = (message: string, check: typeof validate) =>
    answered(password({ message, mask: true, validate: check, theme }, onTerminal(signal)))
  for (;;) {
    const first = await ask(t('Passphrase of the new encrypted file:'), validate)
    const second = await ask(t('The same again:'), () => true)
    if (first === second) return new Secret(first)
    notify(t('These were two different ones. Once more:'))
  }
}

/** One line of text, until `check` takes it. */
export async function askLine(
  message: string,
  { known, check }: { known: string | undefined; check: (text: string) => Promise<unknown> },
  signal: AbortSignal,
): Promise<string> {
  const { default: input } = await import('@inquirer/input')
  const question = {
    message,
    ...(known === undefined ? {} : { default: known }),
    validate: async (text: string) => (await complaint(() => check(text.trim()))) ?? true,
  }
  return (await answered(input(question, onTerminal(signal)))).trim()
}

/**
 * Whether a text can be a secret as a server gave it: one line of visible characters, and spaces (RFC 6749 appendix A.2). Any other
 * white space, and what is not visible, is a mistake of copying.
 */
export function isPlausibleSecret(text: string): boolean {
  return text.length <= 4096 && /^(?:[^\p{C}\p{Z}]| )+$/u.test(text) && text.trim() !== ''
}

/** A line that is not shown. */
export async function askHidden(message: string, signal: AbortSignal): Promise<Secret> {
  const { default: password } = await import('@inquirer/password')
  const validate = (text: string) =>
    isPlausibleSecret(text) || t('One line without invisible characters, please.')
  return new Secret(await answered(password({ message, mask: true, validate, theme }, onTerminal(signal))))
}

/** One of a few values; typing a part of a name leaves those that hold it. */
export async function chooseValue<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  signal: AbortSignal,
): Promise<T> {
  const { default: search } = await import('@inquirer/search')
  forgetTypedAhead()
  const source = (term: string | undefined) =>
    choices.filter(({ name }) => name.toLowerCase().includes((term ?? '').toLowerCase()))
  return answered(search({ message, source, theme }, onTerminal(signal)))
}

/** A yes or no; no by default. */
export async function askYesNo(message: string, signal: AbortSignal): Promise<boolean> {
  const { default: confirm } = await import('@inquirer/confirm')
  forgetTypedAhead()
  return answered(
    confirm(
      { message, default: false, transformer: (yes) => (yes ? t('Yes') : t('No')) },
      onTerminal(signal),
    ),
  )
}

/** A searchable list: type a part of the name or id. */
export async function choose<T extends Choice>(
  message: string,
  choices: readonly T[],
  signal: AbortSignal,
): Promise<T> {
  const rows = choices.map((value) => ({ name: `${printable(value.name, 60)} (${value.id})`, value }))
  const find = (typed: string) => rows.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
  const help = t('{count} in all: type to search, ↑↓ to move, Enter to choose', { count: choices.length })
  return searched({ message, find, help, pageSize: 12, icon: {} }, onTerminal(signal))
}

/** A list that is searched by typing, as large as the terminal has room for. */
export interface PickList<T> {
  message: string
  /** The rows for what is typed, best first; `short` stays on the screen when one is chosen. */
  find(typed: string): readonly { name: string; short: string; value: T }[]
  help: string
  /** Lines of the terminal. */
  rows: number
  unicode: boolean
}

/** The same for a choice that may be left open: Esc is an interruption, too. */
export async function pick<T>(list: PickList<T>, signal: AbortSignal): Promise<T> {
  const left = new AbortController()
  const onKey = (_text: string | undefined, key: { name?: string } | undefined) => {
    if (key?.name === 'escape')
      left.abort(new SesameError('ERR_INTERRUPTED', t('Interrupted.'), { cause: 'SIGINT' }))
  }
  // The line of the question, a blank one, two of help, and the one below.
  const pageSize = Math.max(1, Math.min(12, list.rows - 5))
  const icon = list.unicode ? {} : { cursor: '>' }
  process.stdin.on('keypress', onKey)
  try {
    const ends = AbortSignal.any([signal, left.signal])
    // What becomes of the choice is said by the command.
    return await searched({ ...list, pageSize, icon }, { ...onTerminal(ends), clearPromptOnDone: true })
  } finally {
    process.stdin.off('keypress', onKey)
  }
}

interface SearchedList<T> extends Pick<PickList<T>, 'message' | 'help'> {
  find(typed: string): readonly { name: string; short?: string; value: T }[]
  pageSize: number
  icon: { cursor?: string }
}

async function searched<T>(
  list: SearchedList<T>,
  place: ReturnType<typeof onTerminal> & { clearPromptOnDone?: boolean },
): Promise<T> {
  const { default: search } = await import('@inquirer/search')
  const { message, pageSize, icon, help, find } = list
  let fitting: ReturnType<typeof find> = []
  let drawn: typeof fitting | undefined
  let overtaken: T | undefined
  const question = {
    message,
    pageSize,
    source: (typed: string | undefined) => {
      const found = find(typed ?? '')
      fitting = found
      queueMicrotask(() => {
        drawn = found
      })
      return found
    },
    // Keys can arrive faster than the list is drawn (over a slow line, or pasted): Enter means the first that fits
    // the words typed so far, never a row of the list before them.
    validate: () => {
      overtaken = drawn === fitting ? undefined : fitting[0]?.value
      return drawn === fitting || overtaken !== undefined
    },
    theme: { icon, style: { ...theme.style, keysHelpTip: () => help } },
  }
  forgetTypedAhead()
  const chosen = await answered(search(question, place))
  return overtaken ?? chosen
}

/** Ctrl-C in a prompt is an interruption like everywhere else. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The signal was aborted: its reason says which signal of the system it was.
    if (error.name === 'AbortPromptError' && error.cause instanceof SesameError) throw error.cause
    if (error.name !== 'ExitPromptError') throw error
    throw new SesameError('ERR_INTERRUPTED', t('Interrupted.'), { cause: 'SIGINT' })
  }
}

async function complaint(check: () => unknown): Promise<string | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof SesameError) return error.message
    throw error
  }
}

/**
 * Forgets what was typed before a question was on the screen: an Enter pressed while waiting for the browser must not
 * choose an account that the user has not seen. Where there is no terminal device to ask (Windows), nothing is forgotten.
 */
function forgetTypedAhead(): void {
  const { stdin } = process
  if (!stdin.isTTY) return
  const terminal = openTerminal()
  if (terminal === undefined) return
  const wasRaw = stdin.isRaw
  try {
    // A line that was begun but not ended can be read in raw mode only.
    stdin.setRawMode(true)
    while (readSome(terminal));
  } finally {
    stdin.setRawMode(wasRaw)
    closeSync(terminal)
  }
}

function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** False when there is nothing left to read. */
function readSome(terminal: number): boolean {
  try {
    return readSync(terminal, Buffer.alloc(4096)) > 0
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
