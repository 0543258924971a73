import { type FixedText, isSesameError, SesameError, t } from '../../../kit/index.ts'

/** What the library calls its arguments, and what they are on the command line. */
const words: Record<string, FixedText> = {
  'request.method': 'the method',
  'request.bucket': 'the bucket',
  'request.key': 'the key',
  'policy.bucket': 'the bucket',
  'policy.key': 'the key',
}

const options: Record<string, string> = {
  'request.query': '--query',
  'request.headers': '--header',
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

function inWords(name: string): string {
  const word = words[name]
  return word === undefined ? (options[name] ?? name) : t(word)
}

/** Calls into the library, and says in the words of the command line what is wrong with its arguments. */
export function inCommandWords<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!isSesameError(error, 'ERR_USAGE')) throw error
    const message = error.message.replace(/\b(?:request|policy|options)\.\w+/g, inWords)
    throw new SesameError('ERR_USAGE', message.charAt(0).toUpperCase() + message.slice(1), {
      hint: t('See "sesame help oss".'),
      cause: error,
    })
  }
}
