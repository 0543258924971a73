import type { Readable } from 'node:stream'
import { decodeText, SesameError, t } from '../kit/index.ts'

const longestBytes = 65_536

/** A stream as text. What goes on after `maxBytes` is not read: the text is then a little longer than that, and not complete. */
export async function readUpTo(
  stream: Readable,
  maxBytes: number,
): Promise<{ text: string; complete: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length > maxBytes) break
  }
  return { text: decodeText(Buffer.concat(chunks)).text, complete: length <= maxBytes }
}

/**
 * All of the standard input, without the line end that closes it. `what` names it in errors.
 *
 * @throws SesameError ERR_USAGE at a terminal, where nothing is piped in, for an empty input, and for more than 64 kB
 */
export async function readStandardInput(what: string): Promise<string> {
  const { stdin } = process
  if (stdin.isTTY)
    throw new SesameError('ERR_USAGE', t('{what} is read from the standard input: pipe it in.', { what }))
  const { text, complete } = await readUpTo(stdin, longestBytes)
  if (!complete)
    throw new SesameError(
      'ERR_USAGE',
      t('{what} is longer than {count} bytes.', { what, count: longestBytes }),
    )
  const value = text.replace(/\r?\n$/, '')
  if (value !== '') return value
  throw new SesameError('ERR_USAGE', t('{what} is missing: the standard input is empty.', { what }))
}
