import { type CloudSsoPortal, listAccessConfigurations, listAccounts } from '../../identity/index.ts'
import { isSesameError, type Secret, type SesameError, t } from '../../kit/index.ts'
import { isWanted } from '../read-cached.ts'
import type { SessionContext } from '../session-context.ts'
import { choiceRefused } from '../sign-in-errors.ts'
import {
  type Assignment,
  accountQuestion,
  type Choosing,
  configurationQuestion,
  pick,
} from './choose-assignment.ts'
import type { ChosenAssignment, ResolvedCloudSso } from './resolved-profile.ts'

/** An attempt that the portal refused: at the exchange for `assignment`, or before there was one. */
interface Refused {
  kind: 'refused'
  error: SesameError
  assignment?: Assignment
}

/** Settles the choice with what is remembered, and uses it. */
type Attempt<T> = (
  memory: ChosenAssignment,
) => Promise<{ kind: 'used'; assignment: Assignment; result: T } | Refused>

/**
 * Settles account and access configuration, with what the profile remembers unless the caller wants another one, and uses them.
 * What is remembered may be gone at the portal: then it is chosen anew (`chooseAssignment`), first within its account. A name
 * is looked up in that list.
 */
export async function useAssignment<T>(
  resolved: ResolvedCloudSso,
  choosing: Choosing,
  { accessToken, use }: { accessToken: Secret; use: (assignment: Assignment) => Promise<T> },
  context: SessionContext,
): Promise<{ assignment: Assignment; result: T }> {
  const attempt: Attempt<T> = async (memory) => {
    let assignment: Assignment | undefined
    try {
      const now = { ...choosing, gone: former && resolved.chosen }
      assignment = await chooseAssignment({ ...resolved, chosen: memory }, accessToken, now, context)
      // It is on the list, and refused all the same: the next attempt would meet that again.
      if (former?.assignment !== undefined && isSame(former.assignment, assignment)) throw former.error
      return { kind: 'used', assignment, result: await use(assignment) }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { kind: 'refused', error, ...(assignment && { assignment }) }
    }
  }
  let former: Refused | undefined
  for (const memory of memoriesOf(resolved.chosen, choosing)) {
    const outcome = await attempt(memory)
    if (outcome.kind === 'used') return outcome
    const { error, assignment } = outcome
    const isLast = memory.accountId === undefined
    if (isLast && assignment === undefined)
      throw former === undefined ? error : choiceRefused(resolved.name, former.error)
    if (isLast || !isRemembered(memory, assignment)) throw choiceRefused(resolved.name, error)
    if (former === undefined)
      choosing.person.notify(
        t('What was chosen before is no longer accepted. {message}', { message: error.message }),
      )
    former ??= outcome
  }
  throw new TypeError('the last attempt remembers nothing, and settles it')
}

/** What to settle the choice with, in turn: all that is remembered, the account, nothing. */
function memoriesOf(chosen: ChosenAssignment, { wanted, choose }: Choosing): ChosenAssignment[] {
  const { accountId, accountName, accessConfigurationId: id, accessConfigurationName: name } = chosen
  if (choose || accountId === undefined || !isWanted(wanted.account, accountId, accountName)) return [{}]
  const account = { accountId, ...(accountName !== undefined && { accountName }) }
  // A pasted link names the access configuration, and not its id.
  if (id === undefined)
    return [{ ...account, ...(name !== undefined && { accessConfigurationName: name }) }, {}]
  return isWanted(wanted.accessConfiguration, id, name) ? [chosen, account, {}] : [account, {}]
}

/** The portal says no to what is asked for, and another choice may help; not to the token, and not for now. */
function isRefusal(error: unknown): error is SesameError {
  return isSesameError(error, 'ERR_FORBIDDEN', 'ERR_REFUSED')
}

/** Whether nothing of it was chosen just now. */
function isRemembered(memory: ChosenAssignment, assignment: Assignment | undefined): boolean {
  return assignment === undefined || assignment.accessConfiguration.id === memory.accessConfigurationId
}

function isSame(a: Assignment, b: Assignment): boolean {
  return a.account.id === b.account.id && a.accessConfiguration.id === b.accessConfiguration.id
}

/**
 * Settles account and access configuration: what `resolved.chosen` has of them, else what the caller named, else the only one
 * there is, else the person's choice. Without a person, several are ERR_USAGE with the list on stderr.
 */
async function chooseAssignment(
  resolved: ResolvedCloudSso,
  accessToken: Secret,
  choosing: Choosing,
  { fetch, clock, signal, random }: SessionContext,
): Promise<Assignment> {
  const portal: CloudSsoPortal = { ...resolved.signIn, fetch, clock }
  const listing = { accessToken, signal, random }
  const { name, chosen: memory } = resolved
  const { wanted, person, gone } = choosing

  const account =
    memory.accountId === undefined
      ? await pick(
          await listAccounts(portal, listing),
          wanted.account,
          accountQuestion(name, choosing),
          person,
        )
      : { id: memory.accountId, name: memory.accountName ?? '' }

  const { accessConfigurationId: id, accessConfigurationName } = memory
  if (id !== undefined)
    return { account, accessConfiguration: { id, name: accessConfigurationName ?? '', description: '' } }
  const choices = await listAccessConfigurations(portal, account.id, listing)
  // A pasted link has the name alone.
  const named = choices.filter((choice) => choice.name === accessConfigurationName)
  const fitting = wanted.accessConfiguration === undefined && named.length === 1 ? named : choices
  const former = gone ?? (accessConfigurationName === undefined ? undefined : memory)
  const question = configurationQuestion(name, account, { person, former })
  return { account, accessConfiguration: await pick(fitting, wanted.accessConfiguration, question, person) }
}
