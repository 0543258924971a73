import { fstatSync, type Stats, statSync, writeSync } from 'node:fs'
import { type Clock, errorCode, Secret, standaloneTarget } from '../kit/index.ts'

/*
 * The rules of output: stdout carries the result and nothing else, written once and whole; everything said to the
 * user goes to stderr. Both are written synchronously: `console` and the stream machinery cost the cached path more
 * than reading the keychain does.
 */

const retryPauseMs = 5

/** Standard input, output and error. */
export type StandardDescriptor = 0 | 1 | 2

/** How a write ended; `no-reader` is nothing to talk about, `failed` (a full disk) is. */
export type WriteOutcome = 'written' | 'no-reader' | 'failed'

/** The I/O of the program with its process and machine; tests pass in their own. */
export interface Edges {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  homeDirectory: string
  uid: number | undefined
  clock: Clock
  /** A number in [0, 1). */
  random: () => number
  stdout(text: string): WriteOutcome
  stderr(text: string): WriteOutcome
  /** Whether standard input (0), output (1) or error (2) is a terminal. */
  isTerminal(descriptor: StandardDescriptor): boolean
}

/** The passphrase of the encrypted file, if SESAME_PASSPHRASE holds one. */
export function passphraseOf({ env }: Pick<Edges, 'env'>): Secret | undefined {
  return env.SESAME_PASSPHRASE ? new Secret(env.SESAME_PASSPHRASE) : undefined
}

/** The same edges, without a person to ask. */
export function withoutPerson(edges: Edges): Edges {
  return { ...edges, isTerminal: (descriptor) => descriptor !== 0 && edges.isTerminal(descriptor) }
}

/** Where a text goes as a text. */
export interface TextSink {
  write(text: string): unknown
}

/**
 * The console of Windows behind a descriptor. It decodes bytes in its code page (936, 437), so Chinese names and the blocks of a
 * QR code would come out as others; Node's stream for it hands over UTF-16, and has done so when `write` returns.
 */
function windowsConsole(descriptor: StandardDescriptor): TextSink | undefined {
  if (process.platform !== 'win32' || !isTerminal(descriptor)) return undefined
  const stream = descriptor === 1 ? process.stdout : process.stderr
  // A console that is gone: nothing to talk about.
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined)
  return stream
}

/** Writes all of a text to a descriptor, as UTF-8, waiting for a reader that is slow. */
export function writeAll(
  descriptor: StandardDescriptor,
  text: string,
  consoleOf: (descriptor: StandardDescriptor) => TextSink | undefined = windowsConsole,
): WriteOutcome {
  const sink = consoleOf(descriptor)
  if (sink !== undefined) {
    sink.write(text)
    return 'written'
  }
  const bytes = Buffer.from(text)
  let offset = 0
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset)
    } catch (error) {
      const code = errorCode(error)
      if (code === 'EPIPE' || code === 'EIO' || code === 'EBADF') return 'no-reader'
      // A value: what reports a failure must not fail at reporting it.
      if (code !== 'EAGAIN') return 'failed'
      // A pipe that another process made non-blocking is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryPauseMs)
    }
  }
  return 'written'
}

/**
 * Whether a descriptor is a terminal. node:tty brings node:net with it, 2 ms that the cached path does not have: it is
 * loaded for character devices only, and not for the null device.
 */
export function isTerminal(descriptor: StandardDescriptor): boolean {
  const possible = process.platform === 'win32' || mayBeTerminal(descriptor)
  return possible && process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** True for /dev/null, and for a descriptor that was closed when we were started: Node opens /dev/null in its place. */
export function isNullDevice(descriptor: number): boolean {
  return isNull(fstatSync(descriptor))
}

function isNull(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

function mayBeTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isCharacterDevice() && !isNull(stats)
  } catch (error) {
    // The program was started with this descriptor closed.
    if (errorCode(error) === 'EBADF') return false
    throw error
  }
}

/** Takes known secrets, and whatever looks like one, out of a text. */
export type Scrub = (text: string) => string

/** Node's log of the processes it starts holds their whole environment: other programs' keys, which no pattern knows. */
const environmentLog = /^\s*CHILD_PROCESS\b/

/** The same I/O, whose standard error takes no secret. */
export function withScrubbedErrors(edges: Edges, scrub: Scrub): Edges {
  return { ...edges, stderr: (text) => edges.stderr(scrub(text)) }
}

/**
 * Scrubs whatever else of this process goes to standard error: prompts, the spinner, warnings of Node, and what `NODE_DEBUG` makes
 * Node itself log. The stream is made when it is first used, since it costs more than most commands do.
 */
export function scrubStandardError(scrub: Scrub): void {
  const open = standardErrorOpener()
  if (open !== undefined) {
    let stream: NodeJS.WriteStream | undefined
    Object.defineProperty(process, 'stderr', {
      configurable: true,
      enumerable: true,
      get() {
        stream ??= scrubbed(open.call(process), scrub)
        return stream
      },
    })
  }
  // Warnings of Node go past the stream.
  const node = process as { _rawDebug?: (text: string) => void }
  const rawDebug = node._rawDebug
  if (rawDebug !== undefined) node._rawDebug = (text) => rawDebug(scrub(String(text)))
}

/**
 * What makes the stream: a getter in Node. In an executable even a look at the property opens it, which takes 3 ms; setting it does not.
 */
function standardErrorOpener(): (() => NodeJS.WriteStream) | undefined {
  if (standaloneTarget === undefined) return Object.getOwnPropertyDescriptor(process, 'stderr')?.get
  Object.assign(process, { stderr: undefined })
  return () => {
    const { WriteStream } = process.getBuiltinModule('node:tty')
    // What is piped into it (a prompt) does not end it, as with every standard stream.
    return Object.assign(new WriteStream(2), { _isStdio: true })
  }
}

function scrubbed(stream: NodeJS.WriteStream, scrub: Scrub): NodeJS.WriteStream {
  const write = stream.write.bind(stream)
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const safe = environmentLog.test(text)
      ? `CHILD_PROCESS ${process.pid}: [withheld ${text.length} characters: they hold an environment]\n`
      : scrub(text)
    return write(safe, ...(rest as []))
  }
  return stream
}
