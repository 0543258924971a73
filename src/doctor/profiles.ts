import { formatInstant, type StoreName, shellWord, t } from '../kit/index.ts'
import type { Outlook, ProfileStatus } from '../session/index.ts'
import { about, type Failure, type Finding, ok, problem, warning } from './finding.ts'

export interface ProfileFacts {
  name: string
  current: boolean
  signInUrl: string | undefined
  status: ProfileStatus['status']
  expiresAt?: Date | undefined
  /** It counts as expired before `expiresAt` by the local clock, which was set, or is slow. */
  beforeTime?: boolean | undefined
  renewal?: Outlook | undefined
  /** It has no role: tokens are all it gives. */
  tokensOnly?: boolean | undefined
  /** A store that was left has its sign-in; the next login takes it along. */
  elsewhere?: StoreName | undefined
  /** It cannot be used as it is configured. */
  failure?: Failure
}

/** One profile: what `sesame credentials`, or `sesame token get`, would say to a program now. */
export function checkProfile(facts: ProfileFacts): Finding {
  const { name, current } = facts
  const who = current ? t('{name} (current)', { name }) : name
  return checkSettings(facts, who) ?? checkRenewal(facts, who) ?? checkStatus(facts, who)
}

/** What keeps it from being used as it is. */
function checkSettings({ name, failure, signInUrl, elsewhere }: ProfileFacts, who: string) {
  const word = shellWord(name)
  if (failure !== undefined) {
    const look = t('Look at it with: {command}', { command: `sesame profile show ${word}` })
    return problem('profile', about(who, failure.message), failure.hint ?? look)
  }
  if (signInUrl === undefined) {
    const fix = `sesame configure --profile ${word} --signin-url https://…/login`
    return problem('profile', about(who, t('no sign-in URL')), fix)
  }
  if (elsewhere === undefined) return undefined
  const message = t('its secrets are in the store {store} still, and move with the next login', {
    store: elsewhere,
  })
  return warning('profile', about(who, message), loginCommand(name))
}

/** What keeps it from being renewed. */
function checkRenewal({ name, status, expiresAt, renewal }: ProfileFacts, who: string) {
  if (renewal?.kind === 'no-secret') {
    const fix = `sesame configure --profile ${shellWord(renewal.of)} ${renewal.option}`
    const message =
      renewal.of === name
        ? t('its secret is not in the store')
        : t('the secret of profile {name} is not in the store', { name: renewal.of })
    return problem('profile', about(who, message), fix)
  }
  if (renewal?.kind !== 'blocked') return undefined
  const reason = renewal.why.replace(/[.。]$/, '')
  const message =
    status === 'valid' && expiresAt !== undefined
      ? t('valid until {instant}, and then not renewed: {reason}', {
          instant: formatInstant(expiresAt),
          reason,
        })
      : t('is not renewed: {reason}', { reason })
  return warning('profile', about(who, message), renewal.fix)
}

function checkStatus(facts: ProfileFacts, who: string): Finding {
  const { name, status, expiresAt, renewal, tokensOnly } = facts
  const instant = expiresAt === undefined ? '' : formatInstant(expiresAt)
  const fine = (state: string) => ok('profile', about(who, withRenewal(state, renewal)))
  switch (status) {
    case 'valid':
      return fine(ofTokens(facts, t('valid until {instant}', { instant })))
    case 'unknown':
      return warning(
        'profile',
        about(who, t('its store cannot be read just now')),
        t('Fix the store first, see above.'),
      )
    case 'expired': {
      if (renewal !== undefined) return fine(ofTokens(facts, t('expired')))
      const message = ofTokens(facts, saysExpired(facts, instant))
      return warning('profile', about(who, message), loginCommand(name))
    }
    case 'none':
      return renewal === undefined
        ? warning('profile', about(who, t('signed out')), loginCommand(name))
        : fine(tokensOnly ? t('no tokens yet') : t('no credentials yet'))
  }
}

function saysExpired({ beforeTime }: ProfileFacts, instant: string): string {
  return beforeTime
    ? t(
        "counts as expired, since this machine's clock was set or is slow (valid until {instant} by the server's)",
        { instant },
      )
    : t('expired at {instant}', { instant })
}

function ofTokens({ tokensOnly }: ProfileFacts, state: string): string {
  return tokensOnly ? t('tokens {state}', { state }) : state
}

function withRenewal(state: string, renewal: Outlook | undefined): string {
  if (renewal?.kind === 'open') return t('{state}; renews by itself', { state })
  if (renewal?.kind !== 'until') return state
  return t('{state}; renews by itself until {instant}', { state, instant: formatInstant(renewal.at) })
}

function loginCommand(name: string): string {
  return `sesame login --profile ${shellWord(name)}`
}
