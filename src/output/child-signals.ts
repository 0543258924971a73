import { closeSync, openSync, readFileSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

/** Where signals to this process come from: `process` itself, and something smaller in tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface SignalForwarding {
  signals: SignalSource
  platform: NodeJS.Platform
  /** True when the terminal sends its signals to the child as well; asked at each signal, it changes with `fg`. */
  isInForeground: () => boolean
  send: (signal: NodeJS.Signals) => void
}

/** These were sent to this one process, and are meant for the program that it runs. */
const addressed: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT']

/** The terminal sends these to every process of its foreground group (termios(3), tty_ioctl(4)). */
const fromTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH']

/** Windows sends these to every process of the console; passing one on would be TerminateProcess. */
const fromConsole: readonly NodeJS.Signals[] = ['SIGINT', 'SIGBREAK', 'SIGHUP']

/**
 * Makes this process outlive its child: signals that would end it are the child's to answer, and reach it once.
 * Stopping is left to the system: Ctrl-Z stops parent and child, `fg` and `bg` continue both.
 * Returns how to end the forwarding.
 */
export function forwardSignals({ signals, platform, isInForeground, send }: SignalForwarding): () => void {
  const listeners: [NodeJS.Signals, () => void][] =
    platform === 'win32'
      ? fromConsole.map((signal) => [signal, () => undefined])
      : [
          ...addressed.map((signal): [NodeJS.Signals, () => void] => [signal, () => send(signal)]),
          ...fromTerminal.map((signal): [NodeJS.Signals, () => void] => [
            signal,
            () => {
              if (!isInForeground()) send(signal)
            },
          ]),
        ]
  for (const [signal, listener] of listeners) signals.on(signal, listener)
  return () => {
    for (const [signal, listener] of listeners) signals.off(signal, listener)
  }
}

/**
 * True when this process is in the foreground group of its terminal, where SIGINT and other signals of the terminal reach the child
 * by the terminal as well. Without /proc every process that has a terminal counts: signals to a background
 * process there are rarer than Ctrl-C, and an interrupt that comes twice makes programs give up their cleaning up.
 */
export function isInForeground(): boolean {
  const stat = valueUnless(['ENOENT', 'EACCES'], () => readFileSync('/proc/self/stat', 'utf8'))
  if (stat === undefined) return hasTerminal()
  // Fields of proc(5) from the third on: the second, the name, may hold anything but ends with the last bracket.
  const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group === foregroundGroup
}

function hasTerminal(): boolean {
  const descriptor = valueUnless(['ENXIO', 'ENOENT', 'ENOTTY', 'EACCES', 'EIO'], () =>
    openSync('/dev/tty', 'r'),
  )
  if (descriptor === undefined) return false
  closeSync(descriptor)
  return true
}

/** What `read` returns, or undefined when it fails with one of the codes that mean "there is none". */
function valueUnless<T>(codes: readonly string[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (codes.includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}
