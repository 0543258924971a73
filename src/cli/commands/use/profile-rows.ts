import { printable, t } from '../../../kit/index.ts'
import { type AnySettings, kinds, type Profile } from '../../../profiles/index.ts'
import type { ProfileStatus } from '../../../session/index.ts'
import { cutText, padText, textWidth } from '../../../terminal/index.ts'
import { timeLeft } from '../../duration.ts'

/** One profile in the list to choose from. */
export interface ProfileRow {
  name: string
  current: boolean
  /** What it leads to: account and access configuration, a role, or where it signs in. */
  about: string
  /** What a search looks at. */
  searched: string
}

export function profileRow(name: string, profile: Profile, current: boolean): ProfileRow {
  const about = printable(aboutOf(profile), 120)
  return { name, current, about, searched: `${name} ${about} ${t(kinds[profile.kind].name)}` }
}

function aboutOf(profile: Profile): string {
  const { accountName, accountId, accessConfigurationName, accessConfigurationId }: AnySettings = profile
  const { roleArn, sourceProfile, issuer, idaasUrl, signInUrl }: AnySettings = profile
  const account = accountName ?? accountId ?? roleArn?.split(':')[3]
  const role = accessConfigurationName ?? accessConfigurationId ?? roleArn?.split(':role/')[1]
  const parts = [account, role].filter((part) => part !== undefined)
  if (parts.length > 0) return parts.join(' / ') + (sourceProfile === undefined ? '' : ` (${sourceProfile})`)
  const url = issuer ?? idaasUrl ?? signInUrl
  const place = url === undefined ? '' : ` ${url.replace(/^https?:\/\//, '')}`
  return `${t(kinds[profile.kind].name)}${place}`
}

/** What the store has for it, in few letters. */
export function statusText(status: ProfileStatus | undefined): string {
  switch (status?.status) {
    case 'valid':
      return timeLeft(status.remainingMs ?? 0)
    case 'expired':
      return t('expired')
    case 'none':
      return '-'
    default:
      return ''
  }
}

export interface Paper {
  /** Columns of the terminal that a row may take. */
  columns: number
  unicode: boolean
}

/** Sets rows in columns: name, what it leads to, time left. What is too long is cut, the name last of all. */
export function layOut(
  rows: readonly ProfileRow[],
  statusOf: (name: string) => string,
  { columns, unicode }: Paper,
): (row: ProfileRow) => string {
  const ellipsis = unicode ? '…' : '~'
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(textWidth))
  const titleOf = ({ name, current }: ProfileRow) => (current ? `${name} *` : name)
  const status = Math.max(8, widest(rows.map(({ name }) => statusOf(name))))
  const room = columns - status - 4
  const abouts = widest(rows.map((row) => row.about))
  const title = Math.min(widest(rows.map(titleOf)), Math.max(12, Math.floor(columns * 0.45), room - abouts))
  const about = Math.min(abouts, room - title)
  return (row) => {
    const left = padText(cutText(titleOf(row), title, ellipsis), title)
    const middle = about < 8 ? '' : `  ${padText(cutText(row.about, about, ellipsis), about)}`
    return `${left}${middle}  ${statusOf(row.name)}`.trimEnd()
  }
}
