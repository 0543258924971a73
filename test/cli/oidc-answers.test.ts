import { describe, expect, test } from 'vitest'
import type { QuirkyProvider } from '../../mocks/index.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { inQuirkyWorld } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const corp = ['--profile', 'corp']
type Reply = NonNullable<QuirkyProvider['refusesRenewal']>

const json = (status: number, error: string): Reply => ({ status, body: { error } })

describe.concurrent('a refresh token that the provider no longer takes', () => {
  test.each<[string, Reply, number, boolean]>([
    ['400 invalid_grant', json(400, 'invalid_grant'), 3, false],
    ['400 invalid_request', json(400, 'invalid_request'), 3, false],
    ['401 invalid_token', json(401, 'invalid_token'), 3, false],
    ['403 access_denied', json(403, 'access_denied'), 3, false],
    ['400 login_required', json(400, 'login_required'), 3, false],
    ['200 access_denied', json(200, 'access_denied'), 3, false],
    ['400 without a body', { status: 400, body: '' }, 3, true],
    ['401 without a body', { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: '' }, 3, true],
    ['410 without a body', { status: 410, body: '' }, 3, true],
    ['403 JSON of a gateway', { status: 403, body: { message: 'Forbidden' } }, 3, true],
    ['403 HTML', { status: 403, body: '<html>Forbidden</html>' }, 6, true],
  ])('[case 164] %s: programs exit in their way, doctor knows, login signs in', (_name, reply, exit, stays) =>
    inQuirkyWorld({}, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      ageTokens(world, 'token', -1000)
      op.refusesRenewal = reply
      const { code, stdout, stderr } = await home.run(['token', 'get', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: exit, stdout: '' })
      if (exit === 3) expect(stderr).toMatch(/^sesame: Sign in first: sesame login --profile corp\n/)
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
      expect(home.items()[0]?.value.refreshToken !== undefined).toBe(stays)
      const before = await home.run(['doctor', '--offline'])
      expect(before.stdout).toMatch(/corp.*-> +sesame login --profile corp/)
      expect(before.stdout).not.toContain('renews by itself')

      const login = await home.run(['login', ...corp])
      expect(login.code, login.stderr).toBe(0)
      expect(login.stderr).toContain('Approve only if the page shows')
      await must(home.run(['token', 'get', ...corp]))
      op.refusesRenewal = undefined
      expect((await home.run(['doctor', '--offline'])).stdout).toContain('renews by itself')
    })(),
  )

  test(
    '[case 210] with a rest of its access token: a login signs in, a program gets the rest',
    inQuirkyWorld({ dialect: { accessTokenSeconds: 60 } }, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      const left = { obtainedAt: -40_000, expiresAt: 20_000 }
      home.change(({ value }) => ({
        ...value,
        ...Object.fromEntries(
          Object.entries(left).map(([name, ms]) => [name, new Date(Date.now() + ms).toISOString()]),
        ),
      }))
      op.revokeRefreshTokens()
      expect((await home.run(['token', 'get', ...corp])).code).toBe(0)
      const login = await home.run(['login', ...corp])
      expect(login.code, login.stderr).toBe(0)
      expect(login.stderr).toContain('Approve only if the page shows')
    }),
  )
})

test(
  '[case 205] no ID token for a device code: said at the login with what helps, and nothing is renewed for it',
  inQuirkyWorld({ bends: ['token:no-id-token'] }, async ({ op, home }) => {
    const login = await home.run(['login', ...corp])
    expect(login.code).toBe(0)
    expect(login.stderr).toMatch(/no ID token.*sesame login --profile corp --flow code --force\n/)
    const asked = op.calls().length
    const { code, stdout, stderr } = await home.run(['token', 'get', ...corp, '--id'])
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/gives no ID token\.\n.*--flow code/)
    expect(op.calls()).toHaveLength(asked)
    await must(home.run(['token', 'get', ...corp]))
  }),
)

test(
  '[case 168] no ID token with a renewal: asked for once, and the way to a new one is named',
  inQuirkyWorld({ bends: ['refresh:no-id-token'] }, async (world) => {
    const { op, home } = world
    await must(home.run(['login', ...corp]))
    ageTokens(world, 'token', -1000)
    for (let run = 1; run <= 3; run++) {
      const { code, stderr } = await home.run(['token', 'get', ...corp, '--id'])
      expect(code, stderr).toBe(3)
      expect(stderr).toMatch(
        /renews the access token, but not the ID token.*sesame login --profile corp --force/,
      )
    }
    expect(op.log.filter(({ kind }) => kind === 'refresh-rotated')).toHaveLength(1)
    await must(home.run(['login', ...corp, '--force']))
    expect(await must(home.run(['token', 'get', ...corp, '--id']))).toMatch(/^ey/)
  }),
)

test(
  '[case 171] a name at the UserInfo endpoint only is the one that is shown',
  inQuirkyWorld(
    {
      dialect: {
        claims: () => ({}),
        userInfo: () => ({ preferred_username: 'dana' }),
        paths: {
          authorization: '/authorize',
          device: '/device_authorization',
          token: '/token',
          jwks: '/jwks',
          page: '/device',
          userInfo: '/userinfo',
        },
      },
    },
    async (world) => {
      const { op, home } = world
      const { stderr } = await home.run(['login', ...corp])
      expect(stderr).toContain('Signed in as dana.')
      ageTokens(world, 'token', -1000)
      expect((await home.run(['login', ...corp])).stderr).toContain('Signed in as dana.')
      expect(op.calls().filter((call) => call === 'userInfo')).toHaveLength(1)
      expect(op.violations).toEqual([])
    },
  ),
)

test(
  '[case 206] a revocation answered by 200 and invalid_token is one',
  inQuirkyWorld({}, async ({ op, home }) => {
    await must(home.run(['login', ...corp]))
    op.fault('revocation', { kind: 'json', status: 200, body: { error: 'invalid_token' } }, { times: 2 })
    const { code, stderr } = await home.run(['logout', ...corp])
    expect(code).toBe(0)
    expect(stderr).toContain('Its tokens were revoked at the provider.')
  }),
)
