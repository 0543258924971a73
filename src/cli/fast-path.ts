import { composeReader, type Handover, type Reader } from '../compose/index.ts'
import { printableLines, silentLog } from '../kit/index.ts'
import { formatCredentials } from '../output/index.ts'
import { chooseProfileName } from '../profiles/index.ts'
import { readCachedCredentials, resolveProfile } from '../session/index.ts'
import { type Edges, passphraseOf } from '../terminal/index.ts'
import type { Input } from './command.ts'
import { wantedAssignment } from './commands/wanted-assignment.ts'
import { exitCodes } from './exit-codes.ts'
import { readPlainWords } from './fast-arguments.ts'
import { chooseFormat, warnOfSecretsOnScreen } from './format-options.ts'

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
  })
  const end = await ignoringFailure(answer(edges, input, reader))
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

async function ignoringFailure<T>(answer: Promise<T>): Promise<T | undefined> {
  const [result] = await Promise.allSettled([answer])
  return result.status === 'fulfilled' ? result.value : undefined
}

/** A question to the store that can be asked again. */
export interface CachedAnswer {
  profile: string
  /** The whole output of a login whose credentials are fresh in the store; undefined when there is more to do. */
  output(): Promise<string | undefined>
}

/** Reads the words of a login that the store may answer. `environment` is SESAME_PROFILE. */
export function cachedAnswer(
  input: Input,
  reader: Reader,
  environment: string | undefined,
): CachedAnswer | undefined {
  const format = chooseFormat(input)
  if (input.has('force')) return undefined
  const profile = chooseProfileName(reader.readConfig(), { option: input.text('profile'), environment })
  return {
    profile,
    async output() {
      const resolved = resolveProfile(profile, reader.readConfig(), reader)
      const cached = await readCachedCredentials(resolved, wantedAssignment(input), reader)
      return cached && formatCredentials(format, cached.credentials, { profile })
    },
  }
}
