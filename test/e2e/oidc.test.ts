import { describe, expect, test } from 'vitest'
import { configureCorp, inOidcWorld } from './support/oidc-world.ts'

describe('an OIDC profile with a role', () => {
  test(
    'login signs in by device authorization with PKCE and prints credentials of the role',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { oidc, sts, home } = world
      const { code, stdout, stderr } = await home.run(['login', '--profile', 'corp'])
      expect(stderr).toContain('and you started this sign-in yourself')
      expect(code, stderr).toBe(0)
      const printed = JSON.parse(stdout)
      expect(sts.identityOf(printed.access_key_id)).toMatchObject({ kind: 'session' })
      expect(oidc.violations).toEqual([])
      expect(sts.violations).toEqual([])
      console.log(stdout, stderr, oidc.calls(), sts.calls)
    }),
  )
})
