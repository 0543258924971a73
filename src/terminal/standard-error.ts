import type { Edges } from './edges.ts'

/** Takes known secrets, and whatever looks like one, out of a text. */
export type Scrub = (text: string) => string

/** Node's log of the processes it starts holds their whole environment: other programs' keys, which no pattern knows. */
const environmentLog = /^\s*CHILD_PROCESS\b/

/** The same surroundings, whose standard error takes no secret. */
export function withScrubbedErrors(edges: Edges, scrub: Scrub): Edges {
  return { ...edges, stderr: (text) => edges.stderr(scrub(text)) }
}

/**
 * Scrubs whatever else of this process goes to standard error: prompts, the spinner, warnings of Node, and what `NODE_DEBUG` makes
 * Node itself log. The stream is made when it is first used, since it costs more than most commands do.
 */
export function scrubStandardError(scrub: Scrub): void {
  const open = Object.getOwnPropertyDescriptor(process, 'stderr')?.get
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
