import { describe, expect, test } from 'vitest'
import {
  ageTokens,
  configureCorp,
  inOidcWorld,
  must,
  type OidcWorld,
  roleArn,
} from '../support/oidc-world.ts'
import type { Finished } from '../support/sesame.ts'

const patience = 120_000

const accessKeyId = ({ stdout }: Finished) => JSON.parse(stdout).access_key_id
const logged = ({ oidc }: OidcWorld, kind: string) => oidc.log.filter((event) => event.kind === kind)
const many = (count: number, run: () => Promise<Finished>) => Promise.all(Array.from({ length: count }, run))

/** All succeed with the same result. */
function expectOneResult(all: readonly Finished[]): void {
  for (const { code, stderr } of all) expect(code, stderr).toBe(0)
  expect(new Set(all.map(accessKeyId)).size).toBe(1)
}

describe('many at once', () => {
  test(
    '[case 43] 20 processes with expired tokens and a rotating refresh token: one rotation, no invalid_grant, all succeed',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      expectOneResult(await many(20, () => world.home.run(['credentials', '--profile', 'corp'])))
      expect(logged(world, 'refresh-rotated')).toHaveLength(1)
      expect(logged(world, 'refused')).toEqual([])
      expect(world.sts.answered()).toHaveLength(2)
      expect(world.home.locks()).toEqual([])
    }),
  )

  test(
    '[case 43] profiles of one provider share the sign-in: 20 processes of two roles make one rotation',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await configureCorp(world, { name: 'tokens', role: false })
      await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      let turn = 0
      const all = await many(20, () =>
        world.home.run(
          turn++ % 2 === 0
            ? ['credentials', '--profile', 'corp']
            : ['token', 'get', '--id', '--profile', 'tokens'],
        ),
      )
      for (const { code, stderr } of all) expect(code, stderr).toBe(0)
      expect(logged(world, 'refresh-rotated')).toHaveLength(1)
      expect(logged(world, 'refused')).toEqual([])
    }),
  )

  test(
    '[case 44] 20 logins that find nothing: one sign-in',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      expectOneResult(await many(20, () => world.home.run(['login', '--profile', 'corp'])))
      expect(world.oidc.calls().filter((call) => call === 'POST /device/auth')).toHaveLength(1)
      expect(world.sts.answered()).toHaveLength(1)
      expect(world.oidc.violations).toEqual([])
    }),
  )

  test(
    'a chain of three roles across 30 processes: one call for each link',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, sts } = world
      await configureCorp(world)
      for (const [name, source] of [
        ['deployer', 'corp'],
        ['auditor', 'deployer'],
      ] as const) {
        const words = ['--source-profile', source, '--role-arn', roleArn(name), '--sts-endpoint', sts.url]
        await must(home.run(['configure', '--profile', name, ...words, '--external-id', 'audit-2026']))
      }
      await must(home.run(['login', '--profile', 'auditor']))
      ageTokens(world, 'credentials', -1000)
      const before = sts.calls.length
      expectOneResult(await many(30, () => home.run(['credentials', '--profile', 'auditor'])))
      expect(sts.calls.slice(before).map(({ action }) => action)).toEqual([
        'AssumeRoleWithOIDC',
        'AssumeRole',
        'AssumeRole',
      ])
      expect(home.locks()).toEqual([])
    }),
  )

  test(
    '[case 47] a logout while another process renews does not bring the session back',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await configureCorp(world)
      await must(home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const renewals = many(5, () => home.run(['credentials', '--profile', 'corp']))
      await must(home.run(['logout', '--profile', 'corp']))
      await renewals
      await must(home.run(['logout', '--profile', 'corp']))
      expect(home.items()).toEqual([])
      expect((await home.run(['credentials', '--profile', 'corp'])).code).toBe(3)
      expect(oidc.violations).toEqual([])
    }),
  )
})
