import { errorCode, keepTexts, printableLines, sayAgain, silentLog } from '../kit/index.ts'
import { composeReader, type Handover, type Reader, sayOnce } from '../start/index.ts'
import { type Edges, passphraseOf } from '../terminal/index.ts'
import { cachedAnswer, cachedExec, cachedToken, type LoginOutput } from './cached-answer.ts'
import { type Input, type OptionSpec, profileOption, quietOption, tokenOptions } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { formatOptions, thisShellOption, warnOfSecretsOnScreen } from './format-options.ts'
import { takeLeadingOptions } from './parse-input.ts'

/**
 * The cached path, built into a file of its own that loads in a few milliseconds: answers a command whose credentials
 * are fresh in the store, or are being put there by another process just now. Else there is more to do or to say; then the whole
 * program starts over, meets the same failure again, and reports it.
 */
export async function answerFromStore(edges: Edges): Promise<number | Handover> {
  const command = answersHere(edges.env) ? readPlainWords(edges.argv) : undefined
  if (command === undefined) return {}
  const quiet = command.input.has('quiet')
  const said = new Set<string>()
  const say = sayOnce((line) => void (quiet || edges.stderr(printableLines(`${line}\n`))), said)
  const speech = new Speech(edges, say)
  const askPassphrase = () => Promise.reject(new Error('The person is asked by the whole program.'))
  const reader = composeReader(edges, {
    log: silentLog,
    warn: (line) => void speech.say(line),
    passphrase: passphraseOf(edges),
    askPassphrase,
    interactive: () => false,
    userPresent: () => command.name !== 'token get' && edges.isTerminal(0) && edges.isTerminal(2),
  })
  const end = await orHandover(answer(edges, command, reader, speech))
  await speech.done
  if (typeof end === 'number') return end
  if (end === undefined || !('card' in end)) return { ...end, said }
  if (end.result !== '' && edges.stdout(end.result) === 'failed') return { said }
  if (end.card !== '') edges.stderr(end.card)
  else if (!quiet && edges.isTerminal(1)) await speech.begin(() => warnOfSecretsOnScreen(edges))
  return exitCodes.done
}

/** What the cached path says, in the user's language: it is found out, and its catalogue loaded, when there is something to say. */
class Speech {
  /** When all is said. */
  done: Promise<void> = Promise.resolve()
  readonly #edges: Edges
  readonly #say: (line: string) => void

  constructor(edges: Edges, say: (line: string) => void) {
    this.#edges = edges
    this.#say = say
    keepTexts()
  }

  say(line: string): Promise<void> {
    return this.begin(() => this.#say(sayAgain(line)))
  }

  /** Speaks once the language is known. */
  begin(speak: () => void): Promise<void> {
    this.done = this.done.then(async () => {
      const { speakLanguageOf } = await import('./speak-language.ts')
      await speakLanguageOf(this.#edges)
      speak()
    })
    return this.done
  }
}

/** What is to be logged, and a shell that asks for completion, need the whole program. */
function answersHere({ DEBUG, NODE_DEBUG, COMP_LINE }: Edges['env']): boolean {
  return !DEBUG && !NODE_DEBUG && COMP_LINE === undefined
}

async function answer(
  edges: Edges,
  { name, input }: PlainCommand,
  reader: Reader,
  speech: Speech,
): Promise<LoginOutput | Handover | number | undefined> {
  if (name === 'token get') return cachedToken(input, reader, edges.env)
  if (name === 'exec') return cachedExec(input, reader, edges, (line) => speech.say(line))
  const cached = cachedAnswer(input, reader, edges, name)
  const output = await cached?.output()
  if (cached === undefined || output !== undefined) return output
  const { waitForResult } = await import('./wait-for-result.ts')
  return waitForResult({ ...cached, by: name === 'login' ? 'person' : 'program' }, edges, reader)
}

/** Whatever fails here fails again in the whole program, which has the words; but it waits no second time. */
async function orHandover<T>(answer: Promise<T>): Promise<T | Handover> {
  const [result] = await Promise.allSettled([answer])
  if (result.status === 'fulfilled') return result.value
  return { unanswered: result.reason instanceof Error && errorCode(result.reason.cause) === 'ETIMEDOUT' }
}

/** A command that the cached path may answer. */
interface PlainCommand {
  name: 'login' | 'credentials' | 'token get' | 'exec'
  input: Input
}

const byName = (specs: readonly OptionSpec[]) => new Map(specs.map((spec) => [`--${spec.name}`, spec]))

/** The options of each command that the cached path reads by itself. */
const options = {
  login: byName([profileOption, ...formatOptions, thisShellOption]),
  credentials: byName([profileOption, ...formatOptions, quietOption]),
  'token get': byName([profileOption, ...tokenOptions]),
  exec: byName([profileOption]),
}

/**
 * Reads the plain spellings that shells and programs use all day (`login --profile dev --env`). Undefined for anything else,
 * right or wrong: then the real parser judges it. Here every part of a millisecond counts.
 */
function readPlainWords(argv: readonly string[]): PlainCommand | undefined {
  const { profile, help, rest } = takeLeadingOptions(argv)
  const isToken = rest[0] === 'token' && rest[1] === 'get'
  const name = isToken ? 'token get' : rest[0]
  if (help || name === undefined || !isAnsweredHere(name)) return undefined
  const behind = rest.slice(isToken ? 2 : 1)
  // Behind it is the command line of another program.
  const dashes = name === 'exec' ? behind.indexOf('--') : -1
  const words = [...profile, ...(dashes < 0 ? behind : behind.slice(0, dashes))]
  const values = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const spec = options[name].get(word)
    if (spec === undefined || values.has(word)) return undefined
    const value = spec.value === undefined ? '' : words[++i]
    if (value === undefined || !isPlain(spec, value)) return undefined
    values.set(word, value)
  }
  const input: Input = {
    text: (option) => values.get(`--${option}`),
    all: () => [],
    has: (option) => values.has(`--${option}`),
    positionals: dashes < 0 ? [] : behind.slice(dashes + 1),
  }
  return { name, input }
}

function isAnsweredHere(name: string): name is PlainCommand['name'] {
  return Object.hasOwn(options, name)
}

function isPlain({ value: placeholder, values }: OptionSpec, value: string): boolean {
  if (placeholder === undefined) return true
  return value !== '' && !value.startsWith('-') && (values === undefined || values.includes(value))
}
