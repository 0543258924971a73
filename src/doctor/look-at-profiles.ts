import { isFresh, isSesameError, type Lifetime, marginMs, type StoreChoice } from '../kit/index.ts'
import { type Config, providerUrlOf } from '../profiles/index.ts'
import {
  assignmentOf,
  baseOf,
  givesTokensOnly,
  parseToken,
  profileStatus,
  type ResolvedProfile,
  resolveProfile,
  type SessionContext,
  secretKey,
  tokenKey,
} from '../session/index.ts'
import type { ProfileFacts, Renewal } from './check-profile.ts'
import { type Failure, failureOf } from './finding.ts'
import { within } from './within.ts'

/**
 * Looks at one profile: its credentials or tokens, and what would renew them. `readable` says whether its store is worth
 * asking; a keychain that hangs once need not hang for each profile.
 */
async function lookAtProfile(
  name: string,
  config: Config,
  context: SessionContext,
  readable: (choice: StoreChoice) => boolean,
): Promise<ProfileFacts> {
  const facts = factsOf(name, config)
  // Reported in a finding of its own.
  if (facts.signInUrl === undefined && config.profiles.get(name)?.kind === 'cloudsso')
    return { ...facts, status: 'none' }
  const resolved = attempt(() => resolveProfile(name, config, context))
  if (resolved.kind === 'failed') return { ...facts, status: 'none', failure: resolved }
  const base = baseOf(resolved)
  const tokensOnly = givesTokensOnly(resolved)
  const choices = [resolved.storeChoice, base.storeChoice].filter((choice) => choice !== 'auto')
  if (!choices.every(readable)) return { ...facts, status: 'unknown', tokensOnly }
  const { status, expiresAt } = await profileStatus(name, config, context)
  if (status === 'unknown') return { ...facts, status, tokensOnly }
  return { ...facts, status, expiresAt, tokensOnly, renewal: await renewalOf(resolved, context) }
}

function factsOf(name: string, config: Config): Omit<ProfileFacts, 'status'> {
  const signInUrl = providerUrlOf(config, config.profiles.get(name))
  return { name, current: config.currentProfile === name, signInUrl }
}

function attempt(get: () => ResolvedProfile): ResolvedProfile | Failure {
  try {
    return get()
  } catch (error) {
    return failureOf(error)
  }
}

/** What would renew a profile without a person; undefined when only a sign-in would. */
async function renewalOf(resolved: ResolvedProfile, context: SessionContext): Promise<Renewal | undefined> {
  const base = baseOf(resolved)
  const option = base.kind === 'idaas' ? '--app-secret-stdin' : '--client-secret-stdin'
  const noSecret = { kind: 'no-secret', of: base.name, option } as const
  // `auto` without a remembered store: nothing was ever kept.
  if (base.storeChoice === 'auto') return base.kind === 'idaas' ? noSecret : undefined
  try {
    const store = await context.openStore(base.storeChoice, 'read')
    const needsSecret = base.kind === 'idaas' || (base.kind === 'oidc' && base.profile.confidential)
    if (needsSecret && (await store.read(secretKey(base.signIn))) === undefined) return noSecret
    if (base.kind === 'idaas') return { kind: 'open' }
    const token = parseToken(await store.read(tokenKey(base.signIn)))
    if (base.kind === 'cloudsso') return assignmentOf(base) && whileFresh(token?.lifetime, context)
    if (token?.refreshToken !== undefined) return { kind: 'open' }
    return givesTokensOnly(resolved) ? undefined : whileFresh(token?.idToken?.lifetime, context)
  } catch (error) {
    // The store has just given the credentials; what it says about this item is reported by `checkStore`.
    if (!isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_FILE')) throw error
    return undefined
  }
}

function whileFresh(lifetime: Lifetime | undefined, { clock }: SessionContext): Renewal | undefined {
  if (lifetime === undefined || !isFresh(lifetime, clock.now(), clock.bootedAt())) return undefined
  return { kind: 'until', at: new Date(lifetime.expiresAt.getTime() - marginMs(lifetime)) }
}

const limitMs = 3000

/** All profiles at once; one that does not answer in time is `unknown`. */
export async function lookAtProfiles(
  names: readonly string[],
  config: Config,
  context: SessionContext,
  readable: (choice: StoreChoice) => boolean,
): Promise<ProfileFacts[]> {
  const late = (name: string): ProfileFacts => ({ ...factsOf(name, config), status: 'unknown' })
  return Promise.all(
    names.map((name) =>
      within(limitMs, lookAtProfile(name, config, context, readable), late(name), context.clock),
    ),
  )
}
