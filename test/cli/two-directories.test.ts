import { expect, test } from 'vitest'
import { startPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

test(
  '[case 24] another sign-in URL makes the old entries unused, and no token of one portal goes to the other',
  inWorld({}, async ({ portal, home }) => {
    const other = await startPortal()
    try {
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      const mine = portal.issued.map(({ value }) => value)
      const before = portal.requests.length
      expect(await home.run(['configure', '--signin-url', other.signInUrl])).toMatchObject({ code: 0 })
      expect(home.config().profiles.default).not.toHaveProperty('accountId')
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(portal.requests).toHaveLength(before)
      expect(other.calls()).toContain('POST /token')
      const sent = other.requests.map(({ headers, text }) => JSON.stringify(headers) + text).join('\n')
      expect(mine.length).toBeGreaterThan(3)
      for (const value of mine) expect(sent).not.toContain(value)
      // And back: what was kept for the first portal serves again.
      await home.run(['configure', '--signin-url', portal.signInUrl])
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(portal.calls().slice(before)).not.toContain('POST /token')
    } finally {
      await other.stop()
    }
  }),
)

test(
  '[case 24] two profiles at two portals side by side',
  inWorld({}, async ({ portal, home }) => {
    const other = await startPortal()
    try {
      await home.run(['configure', '--profile', 'other', '--signin-url', other.signInUrl])
      const [a, b] = [
        await home.run(['login', '--profile', 'a']),
        await home.run(['login', '--profile', 'other']),
      ]
      expect([a.code, b.code]).toEqual([0, 0])
      const secretsOf = ({ issued }: typeof portal) => issued.map(({ value }) => value)
      expect(secretsOf(portal)).toContain(JSON.parse(a.stdout).access_key_secret)
      expect(secretsOf(other)).toContain(JSON.parse(b.stdout).access_key_secret)
      expect(await home.run(['logout', '--profile', 'other'])).toMatchObject({ code: 0 })
      expect(home.items().map(({ key }) => key.includes(String(portal.port)))).toEqual([true, true])
    } finally {
      await other.stop()
    }
  }),
)
