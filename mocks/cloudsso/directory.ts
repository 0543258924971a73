import { randomBytes } from 'node:crypto'
import { refuse } from './refusal.ts'

export interface AccessConfiguration {
  AccessConfigurationId: string
  AccessConfigurationName: string
  AccessConfigurationDescription?: string
}

export interface Account {
  AccountId: string
  DisplayName: string
  configurations: AccessConfiguration[]
}

/** What the one person of this mock may use. Tests may change it while the portal runs. */
export interface Directory {
  accounts: Account[]
}

/** `count` accounts with 16-digit ids (some with a leading zero) and two access configurations each. */
export function makeDirectory(count = 2): Directory {
  const names = ['development', 'staging', 'production', 'sandbox', 'data-platform', 'security-audit']
  return {
    accounts: Array.from({ length: count }, (_, i) => ({
      AccountId: String(i % 5 === 4 ? 12_345_678_901_234 + i : 1_432_949_406_168_187 + i * 7919).padStart(
        16,
        '0',
      ),
      DisplayName: i < names.length ? String(names[i]) : `${names[i % names.length]}-${i}`,
      configurations: [
        {
          AccessConfigurationId: `ac-01reader${String(i).padStart(12, '0')}`,
          AccessConfigurationName: 'ReadOnly',
          AccessConfigurationDescription: 'Look, do not touch',
        },
        {
          AccessConfigurationId: `ac-01admin0${String(i).padStart(12, '0')}`,
          AccessConfigurationName: 'Administrator',
          AccessConfigurationDescription: 'Everything',
        },
      ],
    })),
  }
}

export interface Page<T> {
  items: T[]
  truncated: { IsTruncated: false } | { IsTruncated: true; NextToken: string }
}

/** Cuts lists into pages. A NextToken says nothing to the client and is good for its own list only. */
export function createPager() {
  const positions = new Map<string, { list: string; offset: number }>()
  return {
    /** @param list names the list, so that a token of one cannot be used on another */
    page<T>(list: string, all: readonly T[], query: URLSearchParams): Page<T> {
      const size = pageSize(query.get('MaxResults'))
      const token = query.get('NextToken')
      const position = token ? positions.get(token) : { list, offset: 0 }
      if (position === undefined || position.list !== list) {
        refuse(400, 'InvalidParameter.NextToken', 'The NextToken is not valid for this list.')
      }
      const end = position.offset + size
      const items = all.slice(position.offset, end)
      if (end >= all.length) return { items, truncated: { IsTruncated: false } }
      const next = randomBytes(24).toString('base64url')
      positions.set(next, { list, offset: end })
      return { items, truncated: { IsTruncated: true, NextToken: next } }
    },
  }
}

function pageSize(text: string | null): number {
  if (text === null) return 10
  const size = Number(text)
  if (!/^\d{1,3}$/.test(text) || size < 1 || size > 100) {
    refuse(400, 'InvalidParameter.MaxResults', 'MaxResults must be a whole number from 1 to 100.')
  }
  return size
}
