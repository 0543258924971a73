import { printable, SesameError, t } from '../kit/index.ts'
import type { Choice } from './person.ts'
import { answered, forgetTypedAhead, onTerminal, theme } from './prompts.ts'

/** One of a few values; typing a part of a name leaves those that hold it. */
export async function chooseValue<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  signal: AbortSignal,
): Promise<T> {
  return searched({ message, find: (typed) => containing(typed, choices) }, onTerminal(signal))
}

/** A searchable list: type a part of the name or id. */
export async function choose<T extends Choice>(
  message: string,
  choices: readonly T[],
  signal: AbortSignal,
): Promise<T> {
  const rows = choices.map((value) => ({ name: `${printable(value.name, 60)} (${value.id})`, value }))
  const find = (typed: string) => containing(typed, rows)
  const help = t('{count} in all: type to search, ↑↓ to move, Enter to choose', { count: choices.length })
  return searched({ message, find, help, pageSize: 12 }, onTerminal(signal))
}

function containing<R extends { name: string }>(typed: string, rows: readonly R[]): R[] {
  return rows.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
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

interface SearchedList<T> {
  message: string
  find(typed: string): readonly { name: string; short?: string; value: T }[]
  /** In the place of the usual line about the keys. */
  help?: string
  pageSize?: number
  icon?: { cursor?: string }
}

async function searched<T>(
  list: SearchedList<T>,
  place: ReturnType<typeof onTerminal> & { clearPromptOnDone?: boolean },
): Promise<T> {
  const { default: search } = await import('@inquirer/search')
  const { message, pageSize = 7, icon = {}, help, find } = list
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
    theme: { icon, style: { ...theme.style, ...(help && { keysHelpTip: () => help }) } },
  }
  forgetTypedAhead()
  const chosen = await answered(search(question, place))
  return overtaken ?? chosen
}
