import { isSesameError, SesameError } from '../../../kit/index.ts'

/** What the library calls its arguments, and what they are on the command line. */
const words: Record<string, string> = {
  'request.method': 'the method',
  'request.bucket': 'the bucket',
  'request.key': 'the key',
  'request.query': '--query',
  'request.headers': '--header',
  'policy.bucket': 'the bucket',
  'policy.key': 'the key',
  'policy.isPrefix': '--prefix',
  'policy.fields': '--field',
  'policy.conditions': '--condition',
  'policy.minBytes': '--min-size',
  'policy.maxBytes': '--max-size',
  'options.region': '--region',
  'options.endpoint': '--endpoint',
  'options.style': '--style',
  'options.expiresSeconds': '--expires',
}

/** Calls into the library, and says in the words of the command line what is wrong with its arguments. */
export function inCommandWords<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!isSesameError(error, 'ERR_USAGE')) throw error
    const message = error.message.replace(/\b(?:request|policy|options)\.\w+/g, (name) => words[name] ?? name)
    throw new SesameError('ERR_USAGE', message.charAt(0).toUpperCase() + message.slice(1), {
      hint: 'See "sesame help oss".',
      cause: error,
    })
  }
}
