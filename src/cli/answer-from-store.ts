import { SesameError } from '../errors.ts'
import { silentLog } from '../log.ts'
import { cachedOutput } from './cached-credentials.ts'
import { loginSyntax } from './commands/login-syntax.ts'
import { composeReader } from './compose.ts'
import type { Edges } from './edges.ts'
import { exitCodes } from './exit-codes.ts'
import { parseInput } from './parse-input.ts'
import { passphraseOf } from './passphrase.ts'

/**
 * The cached path, built into a file of its own that loads in a few milliseconds: answers a command whose credentials
 * are fresh in the store. Undefined means that there is more to do or to say; then the whole program starts over.
 */
export async function answerFromStore(edges: Edges): Promise<number | undefined> {
  const [name, ...words] = edges.argv
  if (name !== 'login' || edges.env.DEBUG) return undefined
  try {
    const askPassphrase = () => Promise.reject(new SesameError('ERR_STORE_PASSPHRASE', 'Ask the person.'))
    const reader = composeReader(edges, { log: silentLog, passphrase: passphraseOf(edges), askPassphrase })
    const output = await cachedOutput(parseInput(loginSyntax, name, words), reader, edges.env.SESAME_PROFILE)
    if (output === undefined) return undefined
    edges.stdout(output)
    return exitCodes.done
  } catch (error) {
    // The whole program meets the same failure again, and knows how to tell it.
    if (error instanceof SesameError) return undefined
    throw error
  }
}
