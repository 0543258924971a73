import { deletePlainFiles } from '../../../files/index.ts'
import { printable, t } from '../../../kit/index.ts'
import type { ForeignConfiguration, ImportPlan } from '../../../profiles/index.ts'
import type { ImportResult } from '../../../session/index.ts'
import { askYesNo } from '../../../terminal/index.ts'

interface Settlement {
  foreign: readonly ForeignConfiguration[]
  /** What of acs-sso was not taken over. */
  left: readonly string[]
  /** `--delete-source`. */
  wanted: boolean
  dry: boolean
}

interface Voice {
  say(line: string): void
  interactive: boolean
  signal: () => AbortSignal
}

const again = 'sesame profile import --delete-source'

/** What of acs-sso's files is not in sesame now, in words: while there is any, the files are not deleted. */
export function leftBehind(
  foreign: readonly ForeignConfiguration[],
  result: { plan: ImportPlan; secrets: ImportResult['secrets'] | undefined } | undefined,
): string[] {
  const own = foreign.filter(({ source }) => source === 'acs-sso')
  const steps = (result?.plan.steps ?? []).filter((step) => step.foreign.source === 'acs-sso')
  return [
    ...own.flatMap(({ broken, refusals }) => [...broken, ...refusals]).map(() => t('what is named above')),
    ...steps
      .filter(({ kind }) => kind === 'taken')
      .map(({ foreign: { name } }) => t('profile {name}', { name })),
    ...steps
      .filter((step) => result?.secrets?.get(step)?.kind === 'not-kept')
      .map(({ foreign: { name } }) => t('the credentials of profile {name}', { name })),
  ]
}

/**
 * Deletes acs-sso's files when that is wanted, or when a person agrees; otherwise says that they hold secrets. Only
 * files that were read and taken over whole are deleted. False when it was wanted and not done. The aliyun CLI's file is
 * its own: it may hold other profiles.
 */
export async function settlePlainFiles(
  { foreign, left, wanted, dry }: Settlement,
  { say, interactive, signal }: Voice,
): Promise<boolean> {
  const own = foreign.find(({ source }) => source === 'acs-sso')
  const files = own?.files ?? []
  if (wanted && own === undefined) say(t('The file of the aliyun CLI is its own and is never deleted.'))
  if (own === undefined || files.length === 0) return true
  const names = files.map(({ path }) => printable(path)).join(t(' and '))
  const secret = own.secretsOf.length > 0
  if (left.length > 0) {
    if (wanted)
      say(
        dry
          ? t('Would not be deleted: {names}; not taken over: {left}.', { names, left: unique(left) })
          : t('Not deleted: {names}; not taken over: {left}.', { names, left: unique(left) }),
      )
    else if (secret) say(t('{names} stay in place and hold secrets in plain text.', { names }))
    return !wanted || dry
  }
  const notify = (line: string) => {
    say(line)
    return true
  }
  if (dry) return notify(wanted ? t('{names} would be deleted.', { names }) : stay(names, secret))
  if (!wanted && !secret) return notify(stay(names, secret))
  if (!wanted && interactive) say(t('{names} hold secrets in plain text.', { names }))
  if (!wanted && !(interactive && (await agree(signal())))) return notify(stay(names, secret))
  const changed = deletePlainFiles(files)
  say(
    changed.length === 0
      ? t('Deleted {names}.', { names })
      : t('{names} changed meanwhile and stay in place.', { names }),
  )
  return changed.length === 0
}

/** The names stand above: a question that does not fit its line is hard to answer. */
async function agree(signal: AbortSignal): Promise<boolean> {
  return askYesNo(t('Delete them?'), signal)
}

function stay(names: string, secret: boolean): string {
  return secret
    ? t('{names} stay in place and hold secrets in plain text; to delete them: {command}', {
        names,
        command: again,
      })
    : t('{names} stay in place; to delete them: {command}', {
        names,
        command: again,
      })
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(', ')
}
