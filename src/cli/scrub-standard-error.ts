import { knownSecrets } from '../secret.ts'

/**
 * Takes known secrets out of what this process writes to standard error from now on. With `NODE_DEBUG=child_process`
 * Node itself prints the whole environment of a child there, past every log of ours.
 */
export function scrubStandardError(): void {
  const write = process.stderr.write.bind(process.stderr)
  const scrub = (text: string) =>
    knownSecrets().reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
  process.stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = scrub(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
    return write(text, ...(rest as []))
  }
}
