import { type Clock, type Log, printable, silentLog } from '../../kit/index.ts'
import { foreignText, scrub } from './scrub.ts'

export interface DebugLogOptions {
  /** The value of DEBUG: `*`, `sesame:*`, `sesame:http,-sesame:store`. */
  pattern: string | undefined
  /** Colour for the namespaces. */
  colors: boolean
  /** Takes one line, without its line end. */
  write: (line: string) => void
  clock: Clock
}

/** The longest line written, in characters. */
const longestLine = 64_000
const longestScrubbed = longestLine + 8_000
/** Longer than any piece of a secret that is not recognised by itself. */
const cutMargin = 64

/**
 * Opens the debug log. Without a pattern it is silent, and the debug package is not loaded. With one, every namespace
 * of this process goes through here, other packages' too: secrets are scrubbed, each entry is one line, and control
 * characters in it are shown as escapes.
 */
export async function openDebugLog({ pattern, colors, write, clock }: DebugLogOptions): Promise<Log> {
  if (pattern === undefined || pattern.trim() === '') return silentLog
  const { default: debug } = await import('debug')
  const { formatWithOptions } = process.getBuiltinModule('node:util')

  const sink = (instance: Instance, ...args: unknown[]) => {
    const text = formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...args)
    write(entry(instance, safeLine(text), colors ? undefined : clock.now()))
  }
  const shared = debug as unknown as Shared
  shared.useColors = () => false
  shared.formatArgs = () => {}
  if (shared.formatters.o) shared.formatters.O = shared.formatters.o
  shared.log = function (this: Instance, ...args) {
    sink(this, ...args)
  }
  const init = shared.init
  shared.init = (instance) => {
    init?.(instance)
    // A package that sets a log function of its own would write past the scrubbing.
    Object.defineProperty(instance, 'log', { get: () => shared.log, set: ignoreOwnLog, configurable: true })
  }
  debug.enable(pattern)

  const writers = new Map<string, (format: string, line: string) => void>()
  return (namespace, line) => {
    const writer = writers.get(namespace) ?? debug(namespace)
    writers.set(namespace, writer)
    writer('%s', line)
  }
}

/**
 * Cut before scrubbing as well, to bound the work. What is left of a secret there may be too short to be recognised, and the text
 * before it may have become shorter: the end goes.
 */
function safeLine(text: string): string {
  if (text.length <= longestScrubbed) return foreignText(text, longestLine)
  const scrubbed = scrub(text.slice(0, longestScrubbed))
  return `${printable(scrubbed.slice(0, -cutMargin), longestLine).replace(/…$/, '')}…`
}

/** What the debug package hands to its log function as `this`. */
interface Instance {
  namespace: string
  /** Milliseconds since the last entry of the namespace. */
  diff?: number
  color?: string | number
}

/** The parts of the debug package that its type declarations leave out. */
interface Shared {
  useColors: () => boolean
  formatArgs: (args: unknown[]) => void
  formatters: Record<string, (value: unknown) => string>
  init?: (instance: Instance) => void
  log: (this: Instance, ...args: unknown[]) => void
}

function ignoreOwnLog(): void {}

/** In colour for a person who watches; with the time for a file that is sent to support. */
function entry({ namespace, diff, color }: Instance, text: string, now: Date | undefined): string {
  const name = printable(namespace, 100)
  const since = `+${diff ?? 0}ms`
  if (now) return `${now.toISOString()} ${name} ${text} ${since}`
  const paint = Number(color) < 8 ? `\u001b[3${color}m` : `\u001b[38;5;${color}m`
  return `  ${paint}${name}\u001b[0m ${text} ${paint}${since}\u001b[0m`
}
