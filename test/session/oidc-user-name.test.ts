import { beforeEach, describe, expect, test } from 'vitest'
import { getCredentials, login } from '../../src/session/index.ts'
import { type Oidc, serveOidc } from '../support/peers/oidc.ts'
import { type Sts, serveSts } from '../support/peers/sts.ts'
import type { Reply } from '../support/peers/wire.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const userInfo = 'GET /userinfo'
const roleArn = 'acs:ram::1001:role/dev'
const oidcProviderArn = 'acs:ram::1001:oidc-provider/corp'

let world: SessionWorld
let oidc: Oidc
let sts: Sts
beforeEach(() => {
  world = sessionWorld()
  oidc = serveOidc(world)
  oidc.claims = {}
  sts = serveSts(world)
  sts.roles[roleArn] = { trusts: oidcProviderArn }
  oidc.onIdToken = (idToken, expiresAt) => sts.idTokens.set(idToken, expiresAt)
  const { issuer, clientId } = oidc
  world.profile('corp', { kind: 'oidc', issuer, clientId })
  world.profile('dev', { kind: 'oidc', issuer, clientId, roleArn, oidcProviderArn })
  world.profile('next', { kind: 'role', roleArn: 'acs:ram::1001:role/next', sourceProfile: 'dev' })
  sts.roles['acs:ram::1001:role/next'] = { trusts: roleArn }
})

async function signIn(name = 'corp') {
  return login(name, { wanted: {}, force: false }, world.context(), scriptPerson())
}

const sessionNames = () => sts.answered.map(({ values }) => values.RoleSessionName)
const asked = () => world.wire.calls().filter((call) => call === userInfo).length
const answer = (body: unknown): Reply => ({ status: 200, body })

describe('[case 171] an ID token without a name', () => {
  test('has it looked up at the UserInfo endpoint, once for the whole sign-in', async () => {
    oidc.userInfo = answer({ sub: 'user-1', preferred_username: 'dana', email: 'd@example' })
    expect(await signIn()).toMatchObject({ userName: 'dana' })
    await signIn('next')
    world.clock.advance(62 * 60_000)
    await getCredentials('next', {}, world.context())
    expect(sessionNames()).toEqual(['dana', 'dana', 'dana', 'dana'])
    expect(asked()).toBe(1)
  })

  test.each<[string, Reply, string]>([
    ['only an address', answer({ sub: 'user-1', email: 'd@example' }), 'd@example'],
    ['only a name', answer({ sub: 'user-1', name: 'Dana Dev' }), 'Dana Dev'],
    ['another sub', answer({ sub: 'user-2', preferred_username: 'mallory' }), 'user-1'],
    ['no sub', answer({ preferred_username: 'mallory' }), 'user-1'],
    ['a sub of another type', answer({ sub: ['user-1'], preferred_username: 'mallory' }), 'user-1'],
    ['no names', answer({ sub: 'user-1', preferred_username: '', email: 7 }), 'user-1'],
    ['an array', answer([{ sub: 'user-1' }]), 'user-1'],
    ['a signed answer', { status: 200, body: 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA' }, 'user-1'],
    ['401', { status: 401, body: { error: 'invalid_token' } }, 'user-1'],
    ['500', { status: 500, body: 'oops' }, 'user-1'],
  ])('and an endpoint that answers with %s: the sign-in goes on', async (_what, reply, name) => {
    oidc.userInfo = reply
    expect(await signIn()).toMatchObject({ userName: name })
  })

  test('escape sequences of a name are not passed on', async () => {
    oidc.userInfo = answer({ sub: 'user-1', preferred_username: 'a\u001b[2Jb' })
    expect(await signIn()).toMatchObject({ userName: 'a\\u001b[2Jb' })
  })

  test('nor is an endpoint that hangs waited for longer than three seconds', async () => {
    oidc.userInfo = answer({})
    world.wire.hold(userInfo)
    expect(await signIn()).toMatchObject({ userName: 'user-1' })
  })

  test('or an access token sent to another host', async () => {
    oidc.userInfo = answer({ sub: 'user-1', preferred_username: 'dana' })
    world.wire.fault(
      'GET /.well-known/openid-configuration',
      answer({ ...(await document()), userinfo_endpoint: 'https://elsewhere.example/userinfo' }),
    )
    expect(await signIn()).toMatchObject({ userName: 'user-1' })
    expect(asked()).toBe(0)
  })
})

async function document(): Promise<Record<string, unknown>> {
  const options = { headers: { accept: 'application/json' }, redirect: 'manual' } as const
  const response = await world.wire.fetch(`${oidc.issuer}/.well-known/openid-configuration`, options)
  return (await response.json()) as Record<string, unknown>
}

test('[case 171] a name in the ID token is enough', async () => {
  oidc.claims = { email: 'd@example' }
  oidc.userInfo = answer({ sub: 'user-1', preferred_username: 'dana' })
  expect(await signIn()).toMatchObject({ userName: 'd@example' })
  expect(asked()).toBe(0)
})

test.each([
  ['7', {}, 'user-7'],
  ['x', { preferred_username: '忍者' }, 'user-x'],
  ['42', { preferred_username: '忍者' }, '42'],
  ['忍', { preferred_username: '忍者', email: 'n@example' }, 'n@example'],
  ['忍', { preferred_username: '忍者' }, 'machine-user'],
])('[case 171] the session of "%s" with %o is named %s', async (subject, claims, name) => {
  Object.assign(oidc, { subject, claims })
  await signIn('dev')
  await signIn('next')
  expect(sessionNames()).toEqual([name, name])
})
