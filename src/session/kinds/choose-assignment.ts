import type { AccessConfiguration, Account } from '../../identity/index.ts'
import { printable, SesameError, t } from '../../kit/index.ts'
import type { Person } from '../../terminal/index.ts'
import type { WantedAssignment } from '../read-cached.ts'
import { loginCommand } from '../sign-in-errors.ts'
import type { ChosenAssignment } from './resolved-profile.ts'

/** The role a login ends in. */
export interface Assignment {
  account: Account
  accessConfiguration: AccessConfiguration
}

const longestList = 40

/** Who chooses, and what of. */
export interface Choosing {
  person: Person
  wanted: WantedAssignment
  /** Ask for account and access configuration anew, whatever is remembered. */
  choose: boolean
  /** What was remembered, and is refused: nothing else is taken in its place unasked. */
  gone?: ChosenAssignment | undefined
}

interface Question<T> {
  what: string
  /** The profile, and the option of `login` that answers it. */
  profile: string
  flag: string
  /** Whether the only one on the list is taken unasked. */
  takes: (only: T) => boolean
  ask: (choices: readonly T[]) => Promise<T>
}

export function accountQuestion(profile: string, { person, gone }: Choosing): Question<Account> {
  return {
    what: t('account'),
    profile,
    flag: '--account-id',
    takes: ({ id, name }) => gone === undefined || id === gone.accountId || name === gone.accountName,
    ask: (choices) => person.chooseAccount(choices),
  }
}

export function configurationQuestion(
  profile: string,
  account: Account,
  { person, former }: { person: Person; former: ChosenAssignment | undefined },
): Question<AccessConfiguration> {
  return {
    what: t('access configuration in account {id}', { id: account.id }),
    profile,
    flag: '--access-config',
    takes: ({ id, name }) =>
      former === undefined || id === former.accessConfigurationId || name === former.accessConfigurationName,
    ask: (choices) => person.chooseAccessConfiguration(account, choices),
  }
}

export async function pick<T extends Account>(
  choices: readonly T[],
  wanted: string | undefined,
  question: Question<T>,
  person: Person,
): Promise<T> {
  if (choices.length === 0) {
    throw new SesameError('ERR_FORBIDDEN', t('You have no {what}.', { what: question.what }), {
      hint: t('Ask the administrator of the CloudSSO directory for an assignment.'),
    })
  }
  if (wanted !== undefined) return findWanted(choices, wanted, question, person)
  const [first] = choices
  if (choices.length === 1 && first !== undefined && question.takes(first)) return first
  if (person.canAnswer) return question.ask(choices)
  showChoices(choices, person)
  const { what } = question
  const message =
    choices.length > 1
      ? t('There is more than one {what}.', { what })
      : t('There is only another {what}.', { what })
  throw new SesameError('ERR_USAGE', message, {
    hint: t('Name one of the above, by id or name: {command} …', {
      command: `${loginCommand(question.profile)} ${question.flag}`,
    }),
  })
}

/** An id wins over a name; a name that fits several is refused, not guessed at. */
function findWanted<T extends Account>(
  choices: readonly T[],
  wanted: string,
  { what, profile, flag }: Question<T>,
  person: Person,
): T {
  const byId = choices.find((choice) => choice.id === wanted)
  if (byId !== undefined) return byId
  const byName = choices.filter((choice) => choice.name === wanted)
  const [first] = byName
  if (byName.length === 1 && first !== undefined) return first
  showChoices(byName.length > 1 ? byName : choices, person)
  const name = printable(wanted, 80)
  const command = `${loginCommand(profile)} ${flag}`
  throw new SesameError(
    'ERR_USAGE',
    byName.length > 1
      ? t('More than one {what} is named {name}.', { what, name })
      : t('You have no {what} {name}.', { what, name }),
    {
      hint:
        byName.length > 1
          ? t('Name one of the above, by id: {command} …', { command })
          : t('Name one of the above: {command} …', { command }),
    },
  )
}

function showChoices(choices: readonly Account[], person: Person): void {
  for (const { id, name } of choices.slice(0, longestList)) person.notify(`  ${id}  ${printable(name, 80)}`)
  if (choices.length > longestList)
    person.notify(`  ${t('… and {count} more', { count: choices.length - longestList })}`)
}
