import { formatInstant } from '../../credentials.ts'
import type { ProfileStatus } from '../profile-status.ts'
import { type Finding, ok, problem, shellWord, warning } from './finding.ts'

export interface ProfileFacts {
  name: string
  current: boolean
  signInUrl: string | undefined
  status: ProfileStatus['status']
  expiresAt?: Date | undefined
  /** Until when the directory's sign-in lives, by the margin of a renewal. */
  signedInUntil?: Date | undefined
}

/** One profile: what `sesame credentials` would say to a program now. */
export function checkProfile(facts: ProfileFacts): Finding {
  const { name, current, status, expiresAt, signedInUntil } = facts
  const who = current ? `${name} (current)` : name
  const login = `sesame login --profile ${shellWord(name)}`
  if (facts.signInUrl === undefined) {
    const fix = `sesame configure --profile ${shellWord(name)} --signin-url https://…/login`
    return problem('profile', `${who}: no sign-in URL`, fix)
  }
  const until = expiresAt === undefined ? '' : ` ${formatInstant(expiresAt)}`
  const renewal =
    signedInUntil === undefined ? '' : `; renews by itself until ${formatInstant(signedInUntil)}`
  switch (status) {
    case 'valid':
      return ok('profile', `${who}: valid until${until}${renewal}`)
    case 'unknown':
      return warning('profile', `${who}: its store cannot be read just now`, 'Mend the store, see above.')
    case 'expired':
      return signedInUntil === undefined
        ? warning('profile', `${who}: expired at${until}`, login)
        : ok('profile', `${who}: expired${renewal}`)
    case 'none':
      return signedInUntil === undefined
        ? warning('profile', `${who}: signed out`, login)
        : ok('profile', `${who}: no credentials yet${renewal}`)
  }
}
