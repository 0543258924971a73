import { SesameError } from '../errors.ts'

const longestBytes = 1024 * 1024

/**
 * All of the standard input as UTF-8, up to 1 MB. On a terminal there is nothing to wait for: `what` says in the error what should
 * have been piped in (ERR_USAGE).
 */
export async function readStandardInput(what: string): Promise<string> {
  const { stdin } = process
  if (stdin.isTTY) throw new SesameError('ERR_USAGE', `${what} is read from the standard input: pipe it in.`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > longestBytes) throw new SesameError('ERR_USAGE', `${what} is longer than 1 MB.`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
