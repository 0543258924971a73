import { beforeEach, describe, expect, test } from 'vitest'
import { checkProfile } from '../../src/doctor/profiles.ts'
import { SesameError } from '../../src/kit/errors.ts'
import {
  getCredentials,
  getToken,
  login,
  openKind,
  profileStatus,
  resolveProfile,
} from '../../src/session/index.ts'
import { type Oidc, refusal, serveOidc } from '../support/peers/oidc.ts'
import { serveSts } from '../support/peers/sts.ts'
import type { Reply } from '../support/peers/wire.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const minute = 60_000
const token = 'POST /token'
const device = 'POST /device'

let world: SessionWorld
let oidc: Oidc
beforeEach(() => {
  world = sessionWorld()
  oidc = serveOidc(world)
  const { issuer, clientId } = oidc
  const sts = serveSts(world)
  oidc.onIdToken = (idToken, expiresAt) => sts.idTokens.set(idToken, expiresAt)
  world.profile('corp', { kind: 'oidc', issuer, clientId })
  const roleArn = 'acs:ram::1001:role/dev'
  const oidcProviderArn = 'acs:ram::1001:oidc-provider/corp'
  sts.roles[roleArn] = { trusts: oidcProviderArn }
  world.profile('dev', { kind: 'oidc', issuer, clientId, roleArn, oidcProviderArn })
})

async function signIn(name = 'corp', options: { force?: boolean } = {}) {
  world.wire.sent.length = 0
  const person = scriptPerson()
  const result = await login(name, { wanted: {}, force: false, ...options }, world.context(), person)
  return { result, person }
}

const tokenOf = async (wanted: 'access' | 'id' = 'access') =>
  (await getToken('corp', wanted, world.context())).token
const credentialsOf = () => getCredentials('dev', {}, world.context())
const count = (call: string) => world.wire.calls().filter((each) => each === call).length

function kept(): { refreshToken?: string; refusal?: string } {
  const [, text = '{}'] = [...world.stores.keychain.items].find(([key]) => key.startsWith('token:')) ?? []
  return JSON.parse(text)
}

/** What doctor says of a profile. */
async function finding(name: string) {
  const context = world.context()
  const status = await profileStatus(name, world.config, context)
  const resolved = resolveProfile(name, world.config, context)
  const renewal = await (await openKind(resolved, context)).outlook(
    resolved.tokensOnly ? 'tokens' : 'credentials',
  )
  const { tokensOnly } = resolved
  return checkProfile({ ...status, name, current: false, signInUrl: oidc.issuer, renewal, tokensOnly })
}

/** An error of OAuth that the provider gave itself. */
const own: [string, Reply][] = [
  ['400 invalid_grant', refusal(400, 'invalid_grant')],
  ['400 invalid_request', refusal(400, 'invalid_request')],
  ['401 invalid_token', refusal(401, 'invalid_token')],
  [
    '401 invalid_token and WWW-Authenticate',
    { ...refusal(401, 'invalid_token'), headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
  ],
  ['403 access_denied', refusal(403, 'access_denied')],
  ['400 interaction_required', refusal(400, 'interaction_required')],
  ['400 login_required', refusal(400, 'login_required')],
  ['400 consent_required', refusal(400, 'consent_required')],
  ['400 with a code of its own', refusal(400, 'session_terminated')],
  ['200 access_denied', refusal(200, 'access_denied')],
  ['400 with an error that is an object', { status: 400, body: { error: { code: 400, status: 'DENIED' } } }],
  ['200 with an error that is an object', { status: 200, body: { error: { code: 400, status: 'DENIED' } } }],
  ['200 in the spelling of another API', { status: 200, body: { ErrorCode: 'SessionExpired' } }],
]

/** A no that may be of something in between: the refresh token stays. */
const bare: [string, Reply][] = [
  ['400 without a body', { status: 400, body: '' }],
  ['401 without a body', { status: 401, body: '', headers: { 'www-authenticate': 'Bearer' } }],
  ['403 with white space', { status: 403, body: '\n' }],
  ['410 without a body', { status: 410, body: '' }],
  ['403 JSON without an error', { status: 403, body: { message: 'Forbidden' } }],
]

/** No answer of a token endpoint at all. */
const foreign: [string, Reply][] = [
  ['403 HTML', { status: 403, body: '<html>Forbidden</html>' }],
  ['400 text', { status: 400, body: 'Bad Request' }],
  ['200 HTML', { status: 200, body: '<html>Sign in to the network</html>' }],
]

describe.each([...own, ...bare])('[case 164] a refresh token answered by %s', (_name, reply) => {
  beforeEach(async () => {
    await signIn()
    world.clock.advance(60 * minute)
    oidc.refusesRenewal = reply
  })

  test('a program gets ERR_LOGIN_REQUIRED and the reason; a login leads to a sign-in', async () => {
    await expect(tokenOf()).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
      hint: expect.stringMatching(/^The provider https:\/\/id\.example did not renew the sign-in: /),
    })
    const { person } = await signIn()
    expect(person.shown).toHaveLength(1)
    await tokenOf()
    expect(kept().refusal).toBeUndefined()
  })

  test('a login that meets it itself leads to a sign-in', async () => {
    const { person } = await signIn()
    expect(person.shown).toHaveLength(1)
    expect((await finding('corp')).status).toBe('ok')
  })

  test('doctor does not say that it renews by itself, and its remedy helps', async () => {
    await expect(tokenOf()).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(await finding('corp')).toMatchObject({ status: 'warning', fix: 'sesame login --profile corp' })
    expect((await finding('corp')).message).not.toContain('renews by itself')
    await signIn()
    expect(await finding('corp')).toMatchObject({ status: 'ok' })
  })
})

test.each(own)('[case 164] %s costs the refresh token: it is sent once', async (_name, reply) => {
  await signIn()
  world.clock.advance(60 * minute)
  oidc.refusesRenewal = reply
  world.wire.sent.length = 0
  for (let time = 0; time < 2; time++)
    await expect(tokenOf()).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
  expect(count(token)).toBe(1)
  expect(kept().refreshToken).toBeUndefined()
})

test.each([...bare, ...foreign])(
  '[case 164] %s leaves the refresh token: it may work again',
  async (_, reply) => {
    await signIn()
    world.clock.advance(60 * minute)
    world.wire.fault(token, reply)
    await expect(tokenOf()).rejects.toThrow(SesameError)
    expect((await tokenOf()).reveal()).toMatch(/^access-/)
    expect(kept().refusal).toBeUndefined()
    expect((await finding('corp')).message).toContain('renews by itself')
  },
)

test.each(foreign)(
  '[case 164] %s is ERR_RESPONSE_INVALID for a program; a login leads to a sign-in',
  async (_, reply) => {
    await signIn()
    world.clock.advance(60 * minute)
    oidc.refusesRenewal = reply
    await expect(tokenOf()).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(await finding('corp')).toMatchObject({ status: 'warning', fix: 'sesame login --profile corp' })
    const { person } = await signIn()
    expect(person.shown).toHaveLength(1)
    expect(await finding('corp')).toMatchObject({ status: 'ok' })
  },
)

test.each([
  ['ERR_SERVER', { status: 500, body: { error: 'server_error' } }],
  ['ERR_SERVER', { status: 503, body: '' }],
  ['ERR_SERVER', { status: 429, body: '' }],
  ['ERR_SERVER', refusal(400, 'temporarily_unavailable')],
  ['ERR_NETWORK', new SesameError('ERR_NETWORK', 'gone')],
  ['ERR_REFUSED', refusal(401, 'invalid_client')],
  ['ERR_REFUSED', refusal(400, 'unauthorized_client')],
  [
    'ERR_REFUSED',
    { status: 400, body: { error: 'invalid_request', error_description: 'client_secret is missing.' } },
  ],
] as const)(
  '[case 164] %s says nothing about the refresh token, %o; still a login leads on',
  async (code, fault) => {
    await signIn()
    world.clock.advance(60 * minute)
    world.wire.fault(token, fault, fault)
    await expect(tokenOf()).rejects.toMatchObject({ code })
    expect(kept().refreshToken).toBeDefined()
    const { person } = await signIn()
    expect(person.shown).toHaveLength(1)
  },
)

test('[case 164] a role profile: exit 3 for its programs, a sign-in for the user', async () => {
  await signIn('dev')
  world.clock.advance(61 * minute)
  world.wire.fault(token, refusal(403, 'access_denied'))
  await expect(credentialsOf()).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
  expect((await signIn('dev')).person.shown).toHaveLength(1)
  expect((await credentialsOf()).credentials.accessKeyId).toBeDefined()
})

describe('[case 210] an access token that is about to expire', () => {
  beforeEach(async () => {
    oidc.accessTokenSeconds = 60
    await signIn()
    world.clock.advance(40_000)
  })

  test.each([...own.slice(0, 4), ...bare.slice(0, 3), ...foreign.slice(0, 1)])(
    'and whose renewal is answered by %s: a login signs in, a program gets what is left',
    async (_name, reply) => {
      oidc.refusesRenewal = reply
      const before = (await tokenOf()).reveal()
      const { person } = await signIn()
      expect(person.shown).toHaveLength(1)
      expect((await tokenOf()).reveal()).not.toBe(before)
    },
  )

  test('and for which there is no refresh token: a login signs in', async () => {
    oidc.gives.refreshToken = false
    await signIn('corp', { force: true })
    world.clock.advance(40_000)
    expect((await signIn()).person.shown).toHaveLength(1)
  })

  test('while the provider is down: what is left, with a warning', async () => {
    world.wire.fault(token, { status: 503, body: 'down' })
    expect((await signIn()).person.shown).toHaveLength(0)
    expect(world.warnings).toEqual([expect.stringMatching(/^Renewal failed, using the cached token/)])
  })
})

describe('[case 205] a device grant without an ID token', () => {
  beforeEach(() => {
    oidc.gives.idToken = false
  })

  test('is said at the login, and token get --id neither renews nor asks for a sign-in', async () => {
    const { result } = await signIn()
    expect(result).toMatchObject({ kind: 'tokens', lacksIdToken: true })
    world.wire.sent.length = 0
    for (const later of [0, 61 * minute]) {
      world.clock.advance(later)
      await expect(tokenOf('id')).rejects.toMatchObject({
        code: 'ERR_USAGE',
        message:
          'Profile corp has no such token: the sign-in by device code at id.example gives no ID token.',
        hint: 'sesame login --profile corp --flow code --force',
      })
    }
    expect(world.wire.calls()).toEqual([])
    expect((await tokenOf()).reveal()).toMatch(/^access-/)
  })

  test('a role profile is given the true reason, at login and afterwards, and doctor has it too', async () => {
    const reason = {
      code: 'ERR_CONFIG',
      message: 'The sign-in by device code at id.example gives no ID token.',
      hint: 'A role needs one: sesame login --profile dev --flow code',
    }
    await expect(signIn('dev')).rejects.toMatchObject(reason)
    world.profile('dev', { ...world.config.profiles.get('dev'), store: 'keychain' } as never)
    world.wire.sent.length = 0
    await expect(credentialsOf()).rejects.toMatchObject(reason)
    expect(world.wire.calls()).toEqual([])
    const { message, fix } = await finding('dev')
    expect(message).toContain('gives no ID token')
    expect(fix).toBe('sesame login --profile dev --flow code')
  })

  test('a scope without openid is another reason', async () => {
    const { issuer, clientId } = oidc
    world.profile('corp', { kind: 'oidc', issuer, clientId, scope: 'orders offline_access' })
    const { result } = await signIn()
    expect(result).not.toHaveProperty('lacksIdToken')
  })
})

describe('[case 168] a provider that renews without an ID token', () => {
  beforeEach(async () => {
    await signIn('dev')
    oidc.gives.idToken = false
    world.profile('corp', { ...world.config.profiles.get('corp'), store: 'keychain' } as never)
    world.clock.advance(61 * minute)
    world.wire.sent.length = 0
  })

  test('is asked once, and the program has the reason each time', async () => {
    for (let time = 0; time < 3; time++) {
      await expect(credentialsOf()).rejects.toMatchObject({
        code: 'ERR_LOGIN_REQUIRED',
        message: 'Sign in first: sesame login --profile dev',
        hint: expect.stringContaining('renews the access token, but not the ID token'),
      })
    }
    expect(count(token)).toBe(1)
    await expect(tokenOf('id')).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
      hint: expect.stringContaining('sesame login --profile corp --force'),
    })
    expect(count(token)).toBe(1)
    expect((await finding('dev')).message).not.toContain('renews by itself')
  })

  test('goes on to renew the access token', async () => {
    await tokenOf()
    world.clock.advance(61 * minute)
    await tokenOf()
    expect(count(token)).toBe(2)
    expect((await finding('corp')).message).toContain('renews by itself')
  })

  test('a login signs in without a rotation that is of no use', async () => {
    await expect(credentialsOf()).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    oidc.gives.idToken = true
    await signIn('dev')
    expect(world.wire.calls().indexOf(device)).toBeLessThan(world.wire.calls().indexOf(token))
    expect((await credentialsOf()).credentials.accessKeyId).toBeDefined()
  })

  test('one that does give it again is noticed', async () => {
    await tokenOf()
    oidc.gives.idToken = true
    world.clock.advance(61 * minute)
    await tokenOf()
    expect((await tokenOf('id')).reveal()).toMatch(/^ey/)
  })
})
