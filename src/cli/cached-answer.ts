import { printableLines } from '../kit/index.ts'
import { formatCredentials, isNested } from '../output/index.ts'
import { type Config, chooseProfileName, isProfileSettled, regionOf } from '../profiles/index.ts'
import { readCachedCredentials, readCachedToken, resolveProfile } from '../session/index.ts'
import type { Reader } from '../start/index.ts'
import type { Edges } from '../terminal/index.ts'
import { type Input, wantedToken } from './command.ts'
import { chooseFormat, howShown } from './format-options.ts'

/** What a login has for its two streams: the result, and the card for the user. */
export interface LoginOutput {
  result: string
  card: string
}

/** A question to the store that can be asked again. */
export interface CachedAnswer {
  profile: string
  /** The whole output of a login whose credentials are fresh in the store; undefined when there is more to do. */
  output(): Promise<LoginOutput | undefined>
}

/** Reads the words of a login that the store may answer; `edges.env` has SESAME_PROFILE. */
export function cachedAnswer(
  input: Input,
  reader: Reader,
  edges: Edges,
  command: 'login' | 'credentials',
): CachedAnswer | undefined {
  const format = chooseFormat(input)
  if (input.has('force') || input.has('choose')) return undefined
  const { showsCard, showsResult, inShell } =
    command === 'login' ? howShown(input, edges) : { showsCard: false, showsResult: true, inShell: false }
  let config: ReturnType<Reader['readConfig']> | undefined = reader.readConfig()
  const wanted = { option: input.text('profile'), environment: edges.env.SESAME_PROFILE }
  if (command === 'login' && asksForProfile(config, wanted, edges)) return undefined
  const name = chooseProfileName(config, wanted)
  return {
    profile: name,
    async output() {
      const resolved = resolveProfile(name, config ?? reader.readConfig(), reader)
      // A second question is about what is there by then.
      config = undefined
      const stored = await readCachedCredentials(resolved, wantedAssignment(input), reader)
      if (stored === undefined) return undefined
      const of = { profile: name, region: regionOf(resolved.profile), env: edges.env }
      const result = showsResult ? formatCredentials(format, stored.credentials, of) : ''
      if (!showsCard) return { result, card: '' }
      const { loginCard } = await import('./login-card/login-card.ts')
      const shown = { name, result: { kind: 'credentials' as const, stored }, inShell }
      return { result, card: await loginCard(shown, reader, edges) }
    },
  }
}

/** The output of `token get` for a token that is fresh in the store. */
export async function cachedToken(
  input: Input,
  reader: Reader,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoginOutput | undefined> {
  const config = reader.readConfig()
  const profile = chooseProfileName(config, {
    option: input.text('profile'),
    environment: env.SESAME_PROFILE,
  })
  const token = await readCachedToken(resolveProfile(profile, config, reader), wantedToken(input), reader)
  return token && { result: printableLines(`${token.reveal()}\n`), card: '' }
}

/**
 * Runs the program that `exec` is called for, if the profile's credentials are fresh in the store; its exit code. What is said by `notify`
 * has been said when its promise resolves.
 */
export async function cachedExec(
  input: Input,
  reader: Reader,
  edges: Edges,
  notify: (line: string) => Promise<void>,
): Promise<number | undefined> {
  // The whole program has the words for it.
  if (isNested(edges.env)) return undefined
  const config = reader.readConfig()
  const profile = chooseProfileName(config, {
    option: input.text('profile'),
    environment: edges.env.SESAME_PROFILE,
  })
  const resolved = resolveProfile(profile, config, reader)
  const stored = await readCachedCredentials(resolved, {}, reader)
  if (stored === undefined) return undefined
  const { runProgram } = await import('./run-program.ts')
  const host = { edges, notify, releaseSignals: () => undefined }
  const region = regionOf(resolved.profile)
  const source = { kind: 'static' as const, credentials: stored.credentials }
  return runProgram(input.positionals, source, { profile, region }, host)
}

/** Whether a login asks the user for the profile: nothing says which, and the user is there. */
export function asksForProfile(
  config: Config,
  wanted: Parameters<typeof isProfileSettled>[1],
  { isTerminal }: Pick<Edges, 'isTerminal'>,
): boolean {
  return isTerminal(0) && isTerminal(2) && !isProfileSettled(config, wanted)
}

/** Account and access configuration that the caller insists on. */
export function wantedAssignment(input: Input) {
  return { account: input.text('account-id'), accessConfiguration: input.text('access-config') }
}
