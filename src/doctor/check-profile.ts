import { formatInstant, shellWord } from '../kit/index.ts'
import type { Outlook, ProfileStatus } from '../session/index.ts'
import { type Failure, type Finding, ok, problem, warning } from './finding.ts'

export interface ProfileFacts {
  name: string
  current: boolean
  signInUrl: string | undefined
  status: ProfileStatus['status']
  expiresAt?: Date | undefined
  renewal?: Outlook | undefined
  /** It has no role: tokens are all it gives. */
  tokensOnly?: boolean | undefined
  /** It cannot be used as it is configured. */
  failure?: Failure
}

/** One profile: what `sesame credentials`, or `sesame token get`, would say to a program now. */
export function checkProfile(facts: ProfileFacts): Finding {
  const { name, current, status, expiresAt, renewal, failure } = facts
  const who = current ? `${name} (current)` : name
  const login = `sesame login --profile ${shellWord(name)}`
  if (failure !== undefined)
    return problem('profile', `${who}: ${failure.message}`, failure.hint ?? 'sesame profile list')
  if (facts.signInUrl === undefined) {
    const fix = `sesame configure --profile ${shellWord(name)} --signin-url https://…/login`
    return problem('profile', `${who}: no sign-in URL`, fix)
  }
  if (renewal?.kind === 'no-secret') {
    const whose = renewal.of === name ? 'its secret' : `the secret of profile ${renewal.of}`
    const fix = `sesame configure --profile ${shellWord(renewal.of)} ${renewal.option}`
    return problem('profile', `${who}: ${whose} is not in the store`, fix)
  }
  const what = facts.tokensOnly ? 'tokens ' : ''
  const until = expiresAt === undefined ? '' : ` ${formatInstant(expiresAt)}`
  switch (status) {
    case 'valid':
      return ok('profile', `${who}: ${what}valid until${until}${inWords(renewal)}`)
    case 'unknown':
      return warning(
        'profile',
        `${who}: its store cannot be read just now`,
        'Fix the store first, see above.',
      )
    case 'expired':
      return renewal === undefined
        ? warning('profile', `${who}: ${what}expired at${until}`, login)
        : ok('profile', `${who}: ${what}expired${inWords(renewal)}`)
    case 'none':
      return renewal === undefined
        ? warning('profile', `${who}: signed out`, login)
        : ok('profile', `${who}: no ${facts.tokensOnly ? 'tokens' : 'credentials'} yet${inWords(renewal)}`)
  }
}

function inWords(renewal: Outlook | undefined): string {
  if (renewal?.kind === 'open') return '; renews by itself'
  return renewal?.kind === 'until' ? `; renews by itself until ${formatInstant(renewal.at)}` : ''
}
