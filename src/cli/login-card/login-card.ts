import { isSesameError, remainingMs, type ShellWords, shellWordsOf, storeNames, t } from '../../kit/index.ts'
import { chooseProfileName } from '../../profiles/index.ts'
import {
  type LoginResult,
  openKept,
  type ResolvedProfile,
  readUserName,
  resolveProfile,
} from '../../session/index.ts'
import type { Reader } from '../../start/index.ts'
import type { Edges } from '../../terminal/index.ts'
import { speakLanguageOf } from '../speak-language.ts'
import { type CardPaper, drawCard, type NextStep } from './draw.ts'
import { rowsOf, type SignedInFacts } from './facts.ts'

/** What a login on a terminal is shown by; `inShell`: the shell that called evaluates the credentials. */
export interface Shown {
  name: string
  result: LoginResult
  inShell: boolean
}

/** The card of a login: lines for standard error, without a secret. It is read by the cached path too. */
export async function loginCard(shown: Shown, reader: Reader, edges: Edges): Promise<string> {
  await speakLanguageOf(edges)
  const facts = await factsOf(shown, reader)
  const rows = rowsOf(facts, {
    platform: edges.platform,
    now: edges.clock.now(),
    directory: shortened(reader.place().state, edges.homeDirectory),
  })
  const steps = nextSteps(shown, facts, {
    words: shellWordsOf(edges.env, edges.platform),
    ...optionFor(shown, reader, edges),
  })
  return drawCard({ rows, next: { label: t('Next'), steps } }, paperOf(edges))
}

async function factsOf({ name, result }: Shown, reader: Reader): Promise<SignedInFacts> {
  const resolved = resolveProfile(name, reader.readConfig(), reader)
  const { clock } = reader
  const isTokens = result.kind === 'tokens'
  const item = isTokens ? resolved.items.tokens : resolved.items.credentials
  const isKept =
    item !== undefined && (await unlessUnusable(() => readItem(item, resolved, reader))) !== undefined
  const expiresAt = isTokens ? result.expiresAt : result.stored.lifetime.expiresAt
  const leftMs = isTokens
    ? expiresAt.getTime() - clock.now().getTime()
    : remainingMs(result.stored.lifetime, clock.now(), clock.bootedAt())
  return {
    name,
    profile: resolved.profile,
    userName: (isTokens && result.userName) || (await unlessUnusable(() => readUserName(resolved, reader))),
    tokensOnly: isTokens,
    expiresAt,
    leftMs,
    renewable: isTokens && result.renewable,
    keptIn: isKept ? storeNames.find((each) => each === resolved.store) : undefined,
  }
}

async function readItem(
  item: string,
  resolved: ResolvedProfile,
  reader: Reader,
): Promise<string | undefined> {
  return (await openKept(resolved, reader))?.read(item)
}

/** What was obtained is not lost because a store cannot be asked about it. */
async function unlessUnusable(read: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    return undefined
  }
}

/** Words of the user's shell, and the option that names the profile where nothing else does. */
interface Spelling {
  words: ShellWords
  option: string
}

function optionFor({ name }: Shown, reader: Reader, { env, platform }: Edges): Pick<Spelling, 'option'> {
  const wanted = { option: undefined, environment: env.SESAME_PROFILE }
  const isChosen = chooseProfileName(reader.readConfig(), wanted) === name
  return { option: isChosen ? '' : ` --profile ${shellWordsOf(env, platform).word(name)}` }
}

function nextSteps(
  { inShell }: Shown,
  { tokensOnly, keptIn }: SignedInFacts,
  { words, option }: Spelling,
): NextStep[] {
  if (tokensOnly) return [{ command: `sesame token get${option}`, what: t('the token, for a program') }]
  if (inShell) return [{ what: t('This shell has the credentials now.') }]
  const isGone = keptIn === undefined
  return [
    {
      command: words.evaluateLogin(option),
      what: isGone ? t('signs in again, for this shell') : t('for this shell'),
    },
    {
      command: `sesame exec${option} -- COMMAND`,
      what: isGone ? t('signs in again, for one command') : t('for one command'),
    },
  ]
}

function paperOf({ env, isTerminal }: Edges): CardPaper {
  const onTerminal = isTerminal(2)
  const columns = (onTerminal && process.stderr.columns) || 80
  return { columns: Math.min(columns, 100), colors: onTerminal && !env.NO_COLOR && env.TERM !== 'dumb' }
}

function shortened(path: string, home: string): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
