import { messageWithRequestId, printable, shellWord, t } from '../../../kit/index.ts'
import { optionOf } from '../../../profiles/index.ts'
import type { SyncOptions, SyncResult } from '../../../session/index.ts'
import { padText, textWidth } from '../../../terminal/index.ts'

/** What a sync did, with what it was asked for. */
export interface Outcome extends SyncResult {
  options: SyncOptions
  patterns: readonly string[]
  /** As it was given. */
  template: string | undefined
}

type Step = Outcome['steps'][number]

/** A remark is made so many times, and then counted. */
const mostLines = 10

/** A line for each profile that is not as before. */
export function formatSteps({ steps }: Outcome): string {
  const rows = steps.flatMap((step) =>
    step.action === 'kept' ? [] : [{ action: t(step.action), text: describe(step) }],
  )
  const width = rows.reduce((most, { action }) => Math.max(most, textWidth(action)), 0)
  return rows.map(({ action, text }) => `${padText(action, width)}  ${text}\n`).join('')
}

function describe({ name, assignment }: Step): string {
  const { accountId, accountName, accessConfigurationId, accessConfigurationName } = assignment
  const account = accountName === '' ? accountId : `${printable(accountName, 60)} (${accountId})`
  return `${name}: ${account}, ${printable(accessConfigurationName || accessConfigurationId, 60)}`
}

/** All of it, also what stays, as one object. */
export function formatSyncJson({ steps, failed, options }: Outcome): string {
  const profiles = steps.map(({ name, action, assignment, wantedName }) => ({
    name,
    action,
    ...assignment,
    wantedName,
  }))
  const failures = failed.map(({ account, failure }) => ({
    accountId: account.id,
    accountName: account.name,
    code: failure.code,
    message: messageWithRequestId(failure),
  }))
  const { signInUrl, dry } = options
  const complete = failures.length === 0
  return `${JSON.stringify({ signInUrl, dryRun: dry, complete, profiles, failed: failures })}\n`
}

/** What is said about it to the user. */
export function* sayOutcome(outcome: Outcome): Generator<string> {
  const { steps, failed, accounts, options } = outcome
  yield* few(renamed(steps))
  yield* few(steps.flatMap(orphans))
  yield* keptNames(outcome)
  yield* few(
    failed.map(({ account, failure }) =>
      t('Not listed: account {account}: {reason}', {
        account: account.name === '' ? account.id : `${printable(account.name, 60)} (${account.id})`,
        reason: messageWithRequestId(failure),
      }),
    ),
  )
  const line = summary(outcome)
  if (line !== undefined) yield line
  if (failed.length > 0)
    yield t(
      'The list is not complete ({failed} of {all} accounts failed), so nothing was pruned. Run the same command again.',
      { failed: failed.length, all: accounts },
    )
  const gone = count(steps, 'gone')
  const command = `sesame profile sync ${optionOf('signInUrl')} ${shellWord(options.signInUrl)} --prune`
  if (gone > 0)
    yield t('Profiles whose assignment is gone: {count}. To delete them: {command}', { count: gone, command })
  const made = steps.find(({ action }) => action === 'created')
  if (made !== undefined && !options.dry)
    yield t('To use one: {command}', { command: `sesame login --profile ${shellWord(made.name)}` })
}

function summary({ steps, patterns, options, accounts, failed }: Outcome): string | undefined {
  const [created, changed, pruned] = [
    count(steps, 'created'),
    count(steps, 'changed'),
    count(steps, 'pruned'),
  ]
  const kept = count(steps, 'kept')
  if (created + changed + pruned > 0) {
    const counts = { created, changed, pruned, kept }
    return options.dry
      ? t(
          'Would create {created}, change {changed}, prune {pruned}, keep {kept} profiles; nothing was written.',
          counts,
        )
      : t('Created {created}, changed {changed}, pruned {pruned}, kept {kept} profiles.', counts)
  }
  if (steps.length > 0) return t('Nothing to change: {kept} profiles are up to date.', { kept })
  if (failed.length > 0) return undefined
  if (patterns.length > 0 && accounts > 0)
    return t('Nothing matches {patterns}.', {
      patterns: patterns.map((each) => printable(each, 60)).join(', '),
    })
  return t('You have no access configuration in this directory.')
}

function renamed(steps: Outcome['steps']): string[] {
  return steps.flatMap(({ name, wantedName }) =>
    wantedName === undefined
      ? []
      : [t('The name {wanted} is taken; the profile is named {name}.', { wanted: wantedName, name })],
  )
}

function orphans({ name, usedBy = [] }: Step): string[] {
  return usedBy.map((user) => t('Profile {user} was built on {name}, which is pruned.', { user, name }))
}

/** A template that is given anew makes new names only: scripts go on using the old ones. */
function* keptNames({ steps, template, options }: Outcome): Generator<string> {
  if (template === undefined) return
  const others = steps.filter(({ action, name, assignment }) => {
    const isOld = action === 'kept' || action === 'changed'
    return (
      isOld &&
      name.replace(/-\d+$/, '') !== options.nameOf(assignment, options.signInUrl).replace(/-\d+$/, '')
    )
  })
  if (others.length > 0)
    yield t('Profiles that exist keep their names: {count} would be named otherwise now.', {
      count: others.length,
    })
}

function* few(lines: readonly string[]): Generator<string> {
  yield* lines.slice(0, mostLines)
  if (lines.length > mostLines) yield t('… and {count} more.', { count: lines.length - mostLines })
}

function count(steps: Outcome['steps'], action: Step['action']): number {
  return steps.filter((step) => step.action === action).length
}
