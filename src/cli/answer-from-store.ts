import { composeReader } from '../compose-reader.ts'
import { silentLog } from '../log.ts'
import { printableLines } from '../printable.ts'
import { cachedOutput } from './cached-credentials.ts'
import type { Edges } from './edges.ts'
import { exitCodes } from './exit-codes.ts'
import { passphraseOf } from './passphrase.ts'
import { readPlainWords } from './plain-words.ts'
import { warnOfSecretsOnScreen } from './secrets-on-screen.ts'

/**
 * The cached path, built into a file of its own that loads in a few milliseconds: answers a command whose credentials
 * are fresh in the store. Undefined means that there is more to do or to say; then the whole program starts over, meets
 * the same failure again, and knows how to tell it.
 */
export async function answerFromStore(edges: Edges): Promise<number | undefined> {
  const [name, ...words] = edges.argv
  const answers = (name === 'login' || name === 'credentials') && !edges.env.DEBUG && !edges.env.NODE_DEBUG
  const input = answers ? readPlainWords(words) : undefined
  if (input === undefined) return undefined
  const askPassphrase = () => Promise.reject(new Error('The person is asked by the whole program.'))
  const reader = composeReader(edges, {
    log: silentLog,
    warn: (line) => void edges.stderr(printableLines(`${line}\n`)),
    passphrase: passphraseOf(edges),
    askPassphrase,
    interactive: () => false,
  })
  const output = await ignoringFailure(cachedOutput(input, reader, edges.env.SESAME_PROFILE))
  if (output === undefined) return undefined
  if (edges.stdout(output) === 'failed') return undefined
  warnOfSecretsOnScreen(edges)
  return exitCodes.done
}

async function ignoringFailure<T>(answer: Promise<T>): Promise<T | undefined> {
  const [result] = await Promise.allSettled([answer])
  return result.status === 'fulfilled' ? result.value : undefined
}
