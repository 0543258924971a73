import { SesameError } from '../kit/index.ts'

const longestBytes = 65_536

/**
 * All of the standard input as UTF-8, without the line end that closes it. `what` names it in errors.
 *
 * @throws SesameError ERR_USAGE at a terminal, where nobody pipes anything in, for nothing, and for more than 64 kB
 */
export async function readStandardInput(what: string): Promise<string> {
  const { stdin } = process
  if (stdin.isTTY) throw new SesameError('ERR_USAGE', `${what} is read from the standard input: pipe it in.`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > longestBytes)
      throw new SesameError('ERR_USAGE', `${what} is longer than ${longestBytes} bytes.`)
    chunks.push(bytes)
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (text !== '') return text
  throw new SesameError('ERR_USAGE', `${what} is missing: the standard input is empty.`)
}
