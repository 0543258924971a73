import { SesameError } from '../errors.ts'
import { printable } from '../printable.ts'

/** What the library calls its arguments, and what they are on the command line. */
const words: Record<string, string> = {
  'request.method': 'the method',
  'request.bucket': 'the bucket',
  'request.key': 'the key',
  'request.query': '--query',
  'request.headers': '--header',
  'options.region': '--region',
  'options.endpoint': '--endpoint',
  'options.style': '--style',
  'options.expiresSeconds': '--expires',
}

/** Calls into the library; what it finds wrong with its arguments was typed by the person. @throws SesameError ERR_USAGE */
export function asUsageError<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const message = error.message.replace(/\b(?:request|options)\.\w+/g, (name) => words[name] ?? name)
    throw new SesameError('ERR_USAGE', printable(message.charAt(0).toUpperCase() + message.slice(1)), {
      hint: 'See "sesame help oss".',
      cause: error,
    })
  }
}
