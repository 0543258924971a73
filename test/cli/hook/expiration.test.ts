import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatInstant } from '../../../src/kit/credentials.ts'
import { runHookedShell, type TestedShell, testedShells } from './hooked-shell.ts'

/** Where calendars go wrong: ends of months, leap years, and those that are none. */
const edges = [
  '1970-01-01T00:00:00Z',
  '2000-02-29T23:59:59Z',
  '2000-03-01T00:00:00Z',
  '2026-08-09T08:09:08Z',
  '2026-11-21T08:00:00Z',
  '2026-12-31T23:59:59Z',
  '2027-01-01T00:00:00Z',
  '2027-02-28T12:00:00Z',
  '2028-02-29T00:00:00Z',
  '2028-03-01T00:00:00Z',
  '2100-02-28T23:59:59Z',
  '2100-03-01T00:00:00Z',
]
const random = fc
  .sample(fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), 200)
  .map(formatInstant)

const notInstants = [
  '2026-11-21T08:00:00',
  '2026-11-21T08:00:00+08:00',
  '2026-11-21T08:00:00.000Z',
  '2026-11-21 08:00:00Z',
  'tomorrow',
  '0',
  '-1',
  'a[$(touch PWN)]',
  '20a[-$(touch PWN)T08:00:00Z',
  '$(touch PWN)',
  '????-??-??T??:??:??Z',
]

const readAndPrint: Record<TestedShell, (text: string) => string> = {
  bash: (text) => `SESAME_EXPIRATION='${text}'; _sesame_hook_read_expiration; echo "$_sesame_hook_expires"`,
  zsh: (text) => `SESAME_EXPIRATION='${text}'; _sesame_hook_read_expiration; echo "$_sesame_hook_expires"`,
  fish: (text) => `set SESAME_EXPIRATION '${text}'; _sesame_hook_read_expiration; echo $_sesame_hook_expires`,
}

describe.each(testedShells)('%s reads SESAME_EXPIRATION', (shell) => {
  test('as the seconds that Date.parse gives', () => {
    const instants = [...edges, ...random]
    const { stdout } = runHookedShell({ shell, lines: instants.map(readAndPrint[shell]) })
    expect(stdout.trim().split('\n').map(Number)).toEqual(instants.map((text) => Date.parse(text) / 1000))
  })

  test.each(notInstants)('%s is left alone, and is never code', (text) => {
    const env = { SESAME_EXPIRATION: text, SESAME_PROFILE: 'dev', OSS_ACCESS_KEY_ID: 'mine' }
    const { stdout, said, calls, file } = runHookedShell({
      shell,
      env,
      lines: [':', 'echo "$OSS_ACCESS_KEY_ID"'],
    })
    expect({ stdout, said, calls }).toEqual({ stdout: 'mine\n', said: [], calls: [] })
    expect(file('work/PWN')).toBeUndefined()
  })

  test.each(['Asia/Shanghai', 'America/New_York', 'UTC', ''])('in the time zone "%s"', (TZ) => {
    const near = runHookedShell({ shell, leftSeconds: 295, env: { TZ }, lines: [':'] })
    const good = runHookedShell({ shell, leftSeconds: 330, env: { TZ }, lines: [':'] })
    expect([near.calls.length, good.calls.length]).toEqual([1, 0])
  })
})
