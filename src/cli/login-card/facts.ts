import { printable, type StoreName, t } from '../../kit/index.ts'
import type { AnySettings } from '../../profiles/index.ts'
import { timeLeft } from '../duration.ts'
import type { Card } from './draw.ts'

/** What a login ended in, for the user to see: no secret is in it. */
export interface SignedInFacts {
  name: string
  profile: AnySettings
  userName: string | undefined
  tokensOnly: boolean
  expiresAt: Date
  leftMs: number
  /** Tokens only: whether programs get new ones without the user. */
  renewable: boolean
  /** What has it now; undefined when nothing does. */
  keptIn: StoreName | undefined
}

/** What the facts are taken from. */
export interface Surroundings {
  platform: NodeJS.Platform
  now: Date
  /** The state directory as the user writes it. */
  directory: string
}

/** The rows of the card: names where they are known, else ids. */
export function rowsOf(facts: SignedInFacts, around: Surroundings): Card['rows'] {
  const { name, profile, userName, tokensOnly } = facts
  const { roleArn, accountId = roleArn?.split(':')[3] } = profile
  const rows: [string, string | undefined][] = [
    [t('Profile'), name],
    [t('Account'), namedId(profile.accountName, accountId)],
    [t('Access'), profile.accessConfigurationName ?? profile.accessConfigurationId],
    [t('Role'), tokensOnly ? t('none: this profile gives tokens') : roleArn?.split(':role/')[1]],
    [t('Source'), profile.sourceProfile],
    [t('Issuer'), profile.issuer ?? profile.idaasUrl],
    [t('User'), userName],
    [t('Expires'), expiry(facts, around.now)],
    [t('Stored in'), placeOf(facts.keptIn, around)],
  ]
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, printable(text, 200)] as const]))
}

function namedId(name: string | undefined, id: string | undefined): string | undefined {
  return name === undefined || id === undefined ? (name ?? id) : `${name} (${id})`
}

function expiry({ expiresAt, leftMs, renewable }: SignedInFacts, now: Date): string {
  const at = { time: localTime(expiresAt, now), zone: zoneOf(expiresAt), left: timeLeft(leftMs) }
  return renewable
    ? t('{time} ({zone}), in {left}; renewed by themselves', at)
    : t('{time} ({zone}), in {left}', at)
}

/** The time of day, with the date where it is another than today's. */
function localTime(at: Date, now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const dateOf = (each: Date) => `${each.getFullYear()}-${two(each.getMonth() + 1)}-${two(each.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  return dateOf(at) === dateOf(now) ? time : `${dateOf(at)} ${time}`
}

/** `UTC+08:00`, `UTC`. */
function zoneOf(at: Date): string {
  const minutes = -at.getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const two = (part: number) => String(Math.floor(Math.abs(part))).padStart(2, '0')
  return `UTC${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

function placeOf(store: StoreName | undefined, { platform, directory }: Surroundings): string {
  switch (store) {
    case 'keychain':
      if (platform === 'darwin') return 'macOS Keychain'
      return platform === 'win32' ? 'Windows Credential Manager' : 'keychain (Secret Service)'
    case 'encrypted-file':
      return t('encrypted file in {directory}', { directory })
    case 'plaintext':
      return t('plain files in {directory}, not encrypted', { directory })
    case undefined:
      return t('nowhere; it ends with this command')
  }
}
