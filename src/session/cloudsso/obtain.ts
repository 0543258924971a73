import type { Person } from '../../terminal/index.ts'
import type { CloudSsoAssignment } from '../entry-key.ts'
import { loginRequired, type Obtained, type ObtainOptions } from '../obtained.ts'
import { replacingOnce } from '../renewal/replacing-once.ts'
import { assignmentOf, type ResolvedCloudSso } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { findToken, type KeptToken, signIn } from '../sign-in.ts'
import type { StoredToken } from '../stored-token.ts'
import { askAtPortal } from './ask-person.ts'
import { type Assignment, chooseAssignment } from './choose-assignment.ts'
import { exchange } from './exchange.ts'

/** Token, choice, exchange; a token that the portal no longer accepts is replaced by one new sign-in. */
export async function obtainAtPortal(
  resolved: ResolvedCloudSso,
  { wanted, force }: ObtainOptions,
  context: SessionContext,
  person: Person,
): Promise<Obtained> {
  const proceed = async ({ token, store }: KeptToken): Promise<Obtained> => {
    const assignment = await chooseAssignment(resolved, wanted, token, context, person)
    const credentials = await exchange(cloudSsoAssignment(resolved, assignment), token, context)
    return { credentials, assignment, store }
  }
  const again = (options: { force: boolean; notThis?: StoredToken }) =>
    signIn(
      resolved,
      { ...options, wanted: 'access', ask: (ready) => askAtPortal(resolved, ready, context, person) },
      context,
    )
  const kept = force ? undefined : await findToken(resolved, context)
  if (kept === undefined) return proceed(await again({ force }))
  return replacingOnce(kept, proceed, ({ token: notThis }) => {
    person.tell('The portal no longer accepts the last sign-in.')
    return again({ force: false, notThis })
  })
}

/** The same without a person: what was chosen, with the token that still lives. */
export async function renewAtPortal(resolved: ResolvedCloudSso, context: SessionContext): Promise<Obtained> {
  const assignment = assignmentOf(resolved)
  // `auto` without a remembered store: this profile has never kept anything.
  const kept = resolved.storeChoice === 'auto' ? undefined : await findToken(resolved, context)
  if (assignment === undefined || kept === undefined) throw loginRequired(resolved.name)
  return { credentials: await exchange(assignment, kept.token, context), store: kept.store }
}

/** The key under which the credentials of an assignment rest follows from it. */
export function cloudSsoAssignment(
  { signIn }: ResolvedCloudSso,
  { account, accessConfiguration }: Assignment,
): CloudSsoAssignment {
  return { ...signIn, accountId: account.id, accessConfigurationId: accessConfiguration.id }
}
