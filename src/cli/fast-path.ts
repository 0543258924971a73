import { composeReader, type Handover, type Reader } from '../compose/index.ts'
import { errorCode, printableLines, silentLog } from '../kit/index.ts'
import { type Edges, passphraseOf } from '../terminal/index.ts'
import { cachedAnswer } from './cached-answer.ts'
import type { Input } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { readPlainWords } from './fast-arguments.ts'
import { warnOfSecretsOnScreen } from './format-options.ts'

/**
 * The cached path, built into a file of its own that loads in a few milliseconds: answers a command whose credentials
 * are fresh in the store, or are being put there by another process just now. Else there is more to do or to say; then the whole
 * program starts over, meets the same failure again, and reports it.
 */
export async function answerFromStore(edges: Edges): Promise<number | Handover> {
  const [name, ...words] = edges.argv
  const answers = (name === 'login' || name === 'credentials') && !edges.env.DEBUG && !edges.env.NODE_DEBUG
  const input = answers ? readPlainWords(words) : undefined
  if (input === undefined) return {}
  const askPassphrase = () => Promise.reject(new Error('The person is asked by the whole program.'))
  const reader = composeReader(edges, {
    log: silentLog,
    warn: (line) => void edges.stderr(printableLines(`${line}\n`)),
    passphrase: passphraseOf(edges),
    askPassphrase,
    interactive: () => false,
    userPresent: () => edges.isTerminal(0) && edges.isTerminal(2),
  })
  const end = await orHandover(answer(edges, input, reader))
  if (typeof end !== 'string') return end ?? {}
  if (edges.stdout(end) === 'failed') return {}
  warnOfSecretsOnScreen(edges)
  return exitCodes.done
}

async function answer(edges: Edges, input: Input, reader: Reader): Promise<string | Handover | undefined> {
  const cached = cachedAnswer(input, reader, edges.env.SESAME_PROFILE)
  const output = await cached?.output()
  if (cached === undefined || output !== undefined) return output
  const { waitForResult } = await import('./wait-for-result.ts')
  return waitForResult(cached, edges, reader)
}

/** Whatever fails here fails again in the whole program, which has the words; but it waits no second time. */
async function orHandover<T>(answer: Promise<T>): Promise<T | Handover> {
  const [result] = await Promise.allSettled([answer])
  if (result.status === 'fulfilled') return result.value
  return { unanswered: result.reason instanceof Error && errorCode(result.reason.cause) === 'ETIMEDOUT' }
}
