import { closeSync, constants, openSync, readSync } from 'node:fs'
import { styleText } from 'node:util'
import { errorCode, passphraseObjection, Secret, SesameError, shownWords, t } from '../kit/index.ts'

/** Prompts are drawn on stderr: stdout is for the result. */
export function onTerminal(signal?: AbortSignal) {
  return signal === undefined ? { output: process.stderr } : { output: process.stderr, signal }
}

/** The words that the prompts bring along, in the user's language. */
export const theme = {
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

/** Ctrl-C in a prompt is an interruption like everywhere else. */
export async function answered<T>(answer: Promise<T>): Promise<T> {
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
export function forgetTypedAhead(): void {
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
