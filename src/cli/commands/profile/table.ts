import { type FixedText, formatInstant, printable, t } from '../../../kit/index.ts'
import type { AnySettings } from '../../../profiles/index.ts'
import type { ProfileStatus } from '../../../session/index.ts'
import { timeLeft } from '../../duration.ts'

const words: Record<ProfileStatus['status'], FixedText> = {
  valid: 'Available',
  expired: 'Expired',
  none: 'Signed out',
  unknown: 'Unknown',
}

/**
 * The table of `sesame profile`, as acs-sso prints it, with the time that is left; set closer where the terminal has fewer
 * `columns` than it needs.
 */
export async function formatProfileTable(
  profiles: readonly ProfileStatus[],
  columns = Number.POSITIVE_INFINITY,
): Promise<string> {
  const table = await buildTable(profiles, 1)
  return table.indexOf('\n') <= columns ? table : buildTable(profiles, 0)
}

async function buildTable(profiles: readonly ProfileStatus[], padding: number): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const table = new Table({
    head: [t('Profile'), t('Account ID'), t('Access Configuration ID'), t('Status'), t('Time left')],
    style: { head: [], border: [], 'padding-left': padding, 'padding-right': padding },
  })
  for (const { name, current, profile, status, remainingMs } of profiles) {
    table.push([
      current ? `${name} *` : name,
      printable(accountOf(profile) ?? '-'),
      printable(roleOf(profile) ?? '-'),
      t(words[status]),
      remainingMs === undefined ? '-' : timeLeft(remainingMs),
    ])
  }
  if (profiles.length === 0) {
    const content = t('No profiles yet; "sesame login --profile NAME" makes one')
    table.push([{ colSpan: 5, content, hAlign: 'center' }])
  }
  return `${table.toString()}\n`
}

/** One profile as `profile list --json` gives it; what is not known is absent. */
export function formatProfileJson({
  name,
  current,
  profile,
  status,
  expiresAt,
}: ProfileStatus): Record<string, unknown> {
  const { accessConfigurationId, roleArn }: AnySettings = profile
  return {
    name,
    current,
    kind: profile.kind,
    accountId: accountOf(profile),
    accessConfigurationId,
    roleArn,
    status: status === 'unknown' ? undefined : status,
    expiration: expiresAt === undefined ? undefined : formatInstant(expiresAt),
    store: profile.store,
  }
}

/** The account that a profile's credentials belong to, where it is known. */
function accountOf({ accountId, roleArn }: AnySettings): string | undefined {
  return accountId ?? roleArn?.split(':')[3]
}

/** What a profile may do there: an access configuration, or a role's name. */
function roleOf({ accessConfigurationId, roleArn }: AnySettings): string | undefined {
  return accessConfigurationId ?? roleArn?.split(':role/')[1]
}
