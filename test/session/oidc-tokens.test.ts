import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import { Secret } from '../../src/kit/secret.ts'
import { configureProfile, getToken, login, logout, type SessionContext } from '../../src/session/index.ts'
import { type Idaas, serveIdaas } from '../support/peers/idaas.ts'
import { type Oidc, refusal, serveOidc } from '../support/peers/oidc.ts'
import { type Script, scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const minute = 60_000
const discovery = 'GET /.well-known/openid-configuration'
const device = 'POST /device'
const token = 'POST /token'
const keys = 'GET /jwks'
const deviceSignIn = [discovery, device, token, token, keys]
const renewal = [discovery, token, keys]

let world: SessionWorld
let oidc: Oidc
beforeEach(() => {
  world = sessionWorld()
  oidc = serveOidc(world)
  const { issuer, clientId } = oidc
  world.profile('corp', { kind: 'oidc', issuer, clientId })
})

type Flow = 'auto' | 'code' | 'device' | 'both'

async function signIn(name = 'corp', options: { force?: boolean; flow?: Flow } = {}, script: Script = {}) {
  world.wire.sent.length = 0
  const person = scriptPerson(script)
  const result = await login(name, { wanted: {}, force: false, ...options }, world.context(), person)
  return { result, person }
}

async function tokenOf(
  name: string,
  wanted?: 'access' | 'id',
  context: SessionContext = world.context(),
): Promise<string> {
  world.wire.sent.length = 0
  return (await getToken(name, wanted, context)).token.reveal()
}

describe('a sign-in at an OIDC provider without a role', () => {
  test('ends in tokens, which are kept under issuer, client and scope', async () => {
    const { result, person } = await signIn()
    expect(world.wire.calls()).toEqual(deviceSignIn)
    expect(oidc.scopes).toEqual(['openid offline_access'])
    expect(result).toEqual({ kind: 'tokens', userName: 'dev', expiresAt: expect.any(Date), renewable: true })
    expect(person.shown).toMatchObject([{ userCode: 'BCDF-GHJK' }])
    expect(world.kept()).toEqual([
      'keychain token:oidc:https%3A%2F%2Fid.example:sesame-cli:openid%20offline_access',
    ])
    expect(world.config).toMatchObject({ currentProfile: 'corp' })
    expect(world.config.profiles.get('corp')?.store).toBe('keychain')
  })

  test('another login finds them; --force does not look', async () => {
    await signIn()
    await signIn()
    expect(world.wire.calls()).toEqual([])
    await signIn('corp', { force: true })
    expect(world.wire.calls()).toEqual(deviceSignIn)
  })

  test('a login renews what can be renewed before it shows a code', async () => {
    await signIn()
    world.clock.advance(60 * minute)
    const { person } = await signIn()
    expect(world.wire.calls()).toEqual(renewal)
    expect(person.shown).toEqual([])
  })

  test('a login goes on with the sign-in of another profile of the same client and scope', async () => {
    await signIn()
    const { issuer, clientId } = oidc
    world.profile('same', { kind: 'oidc', issuer, clientId })
    world.profile('wider', { kind: 'oidc', issuer, clientId, scope: 'openid' })
    await signIn('same')
    expect(world.wire.calls()).toEqual([])
    await signIn('wider')
    expect(world.wire.calls()).toEqual(deviceSignIn)
  })

  test('a refused refresh token leads to a new sign-in', async () => {
    await signIn()
    world.clock.advance(60 * minute)
    oidc.refreshTokens.clear()
    await signIn()
    expect(world.wire.calls()).toEqual([discovery, token, ...deviceSignIn])
  })

  test.each(['invalid_token', 'expired_token', 'invalid_refresh_token', 'interaction_required'])(
    '[case 139] a refresh token that is refused with %s is exit 3 for a program, and a new sign-in for a person',
    async (error) => {
      await signIn()
      world.clock.advance(60 * minute)
      world.wire.fault(token, { status: 403, body: { error } })
      await expect(getToken('corp', 'access', world.context())).rejects.toMatchObject({
        code: 'ERR_LOGIN_REQUIRED',
      })
      await signIn()
      expect(world.wire.calls()).toEqual(deviceSignIn)
    },
  )

  test.each([
    ['auto', true, 'code'],
    ['auto', false, 'device'],
    ['device', true, 'device'],
    ['code', false, 'code'],
  ] as const)('--flow %s with a browser here: %s is by %s', async (flow, hasBrowserHere, by) => {
    const stop = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const end = () => {
      throw stop
    }
    const person = scriptPerson({ hasBrowserHere, onVerification: end, onStartUrl: end })
    const signing = login('corp', { wanted: {}, force: false, flow }, world.context(), person)
    await expect(signing).rejects.toBe(stop)
    expect([person.startUrls.length, person.shown.length]).toEqual(by === 'code' ? [1, 0] : [0, 1])
    expect(person.ends).toEqual([false])
  })

  test('[case 143] with a role, where the browser may be elsewhere: the device flow, and one line how to change over', async () => {
    const end = () => {
      throw new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    }
    const lines = async (flow: 'auto' | 'code' | 'device', remotePlace?: string) => {
      const away = remotePlace === undefined ? {} : { remotePlace }
      const person = scriptPerson({ ...away, onVerification: end, onStartUrl: end })
      const signing = login('corp', { wanted: {}, force: false, flow }, world.context(), person)
      await expect(signing).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' })
      return [person.shown.length, ...person.notified]
    }
    const roleArn = 'acs:ram::1:role/dev'
    const oidcProviderArn = 'acs:ram::1:oidc-provider/corp'
    world.profile('corp', {
      kind: 'oidc',
      issuer: oidc.issuer,
      clientId: oidc.clientId,
      roleArn,
      oidcProviderArn,
    })
    expect(await lines('auto', 'GitHub Codespaces')).toEqual([
      1,
      'This is GitHub Codespaces: you sign in with a code in any browser. If yours reaches 127.0.0.1 of this machine: --flow code.',
    ])
    await logout('corp', { sparesOthers: false }, world.context())
    expect(await lines('device', 'WSL'), 'asked for').toEqual([1])
    await logout('corp', { sparesOthers: false }, world.context())
    expect(await lines('code', 'WSL'), 'asked for').toEqual([0])
    expect(await lines('auto'), 'here').toEqual([1])
  })

  test('a confidential client proves itself with the secret from the store', async () => {
    oidc.clientSecret = 'client-secret-1'
    const secret = new Secret('client-secret-1')
    await configureProfile('corp', {}, { secret }, world.context())
    expect(world.config.profiles.get('corp')).toMatchObject({ confidential: true, store: 'keychain' })
    await signIn()
    expect(world.wire.calls()).toEqual(deviceSignIn)
    world.stores.keychain.items.clear()
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })
})

describe('tokens for programs', () => {
  beforeEach(async () => {
    await signIn()
    world.opened.length = 0
  })

  test('are the kept ones while they are fresh', async () => {
    expect(await tokenOf('corp')).toMatch(/^access-\d+-of-id\.example$/)
    expect(await tokenOf('corp', 'id')).toMatch(/^ey/)
    expect(world.wire.calls()).toEqual([])
    expect(world.opened).toEqual(['keychain read', 'keychain read'])
  })

  test('in the last five minutes are renewed, by one for all who ask', async () => {
    const before = await tokenOf('corp')
    world.clock.advance(54 * minute)
    expect(await tokenOf('corp')).toBe(before)
    world.clock.advance(2 * minute)
    world.wire.sent.length = 0
    const all = await Promise.all(
      Array.from({ length: 20 }, () => getToken('corp', 'access', world.context())),
    )
    const got = new Set(all.map((each) => each.token.reveal()))
    expect(got.size).toBe(1)
    expect(got).not.toContain(before)
    expect(world.wire.calls()).toEqual(renewal)
  })

  test('are judged by the life of the one that is wanted', async () => {
    oidc.accessTokenSeconds = 2 * 3600
    await signIn('corp', { force: true })
    world.clock.advance(58 * minute)
    await tokenOf('corp', 'access')
    expect(world.wire.calls()).toEqual([])
    await tokenOf('corp', 'id')
    expect(world.wire.calls()).toEqual(renewal)
  })

  test('[case 21] the rotated refresh token is kept, and each is sent once', async () => {
    for (let time = 0; time < 3; time++) {
      world.clock.advance(58 * minute)
      await tokenOf('corp')
      expect(world.wire.calls()).toEqual(renewal)
    }
    expect(oidc.reused).toEqual([])
  })

  test('[case 21] without a new refresh token the old one goes on; so does the ID token', async () => {
    oidc.rotates = false
    const idToken = await tokenOf('corp', 'id')
    oidc.gives.idToken = false
    world.clock.advance(54 * minute)
    await signIn('corp')
    world.clock.advance(2 * minute)
    await tokenOf('corp')
    expect(world.wire.calls()).toEqual([discovery, token])
    expect(JSON.parse([...world.stores.keychain.items.values()][0] ?? '').idToken.token).toBe(idToken)
    world.clock.advance(58 * minute)
    await tokenOf('corp')
    expect(world.wire.calls()).toEqual([discovery, token])
  })

  test('[case 22] a refused refresh token is sent no second time: ERR_LOGIN_REQUIRED', async () => {
    oidc.refreshTokens.clear()
    world.clock.advance(60 * minute)
    for (let time = 0; time < 2; time++)
      await expect(tokenOf('corp')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(oidc.reused).toHaveLength(1)
    expect(world.wire.calls()).toEqual([])
  })

  test('a refusal while the token is still valid hands that out', async () => {
    oidc.refreshTokens.clear()
    const before = await tokenOf('corp')
    world.clock.advance(58 * minute)
    expect(await tokenOf('corp')).toBe(before)
    expect(await tokenOf('corp')).toBe(before)
    expect(oidc.reused).toHaveLength(1)
  })

  test('[case 23] a provider that is down: what is still valid is handed out with a warning, and the refresh token stays', async () => {
    const before = await tokenOf('corp')
    world.clock.advance(58 * minute)
    world.wire.fault(token, { status: 500, body: 'oops' })
    expect(await tokenOf('corp')).toBe(before)
    expect(world.warnings).toHaveLength(1)
    world.clock.advance(2 * minute)
    world.wire.fault(token, { status: 500, body: 'oops' })
    await expect(tokenOf('corp')).rejects.toMatchObject({ code: 'ERR_SERVER' })
    expect(await tokenOf('corp')).not.toBe(before)
  })

  test('[case 23] keys that cannot be had cost no refresh token', async () => {
    world.clock.advance(58 * minute)
    const down = { status: 503, body: 'down' }
    world.wire.fault(keys, ...Array.from({ length: 8 }, () => down))
    expect(await tokenOf('corp')).toMatch(/^access-/)
    world.clock.advance(58 * minute)
    world.wire.fault(keys)
    await tokenOf('corp')
    expect(oidc.reused).toEqual([])
  })

  test('a rotation on the wire is not given up by an interruption: its tokens are kept', async () => {
    world.clock.advance(58 * minute)
    const { arrived, letGo } = world.wire.hold(token)
    const asking = tokenOf('corp')
    await arrived
    world.interruption.abort(new SesameError('ERR_INTERRUPTED', 'Interrupted.'))
    await world.clock.pass(12_000)
    letGo()
    await Promise.allSettled([asking])
    world.interruption = new AbortController()
    expect(await tokenOf('corp')).toMatch(/^access-/)
    expect(world.wire.calls()).toEqual([])
    expect(oidc.reused).toEqual([])
  })

  test('a rotation without an answer ends after 30 s', async () => {
    world.clock.advance(61 * minute)
    const { arrived } = world.wire.hold(token)
    const asking = tokenOf('corp')
    const ended = expect(asking).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    await arrived
    await world.clock.pass(30_000)
    await ended
  })

  test('an interruption before the rotation sends nothing', async () => {
    world.clock.advance(58 * minute)
    const { arrived } = world.wire.hold(discovery)
    const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const asking = tokenOf('corp')
    await arrived
    world.interruption.abort(interrupted)
    await expect(asking).rejects.toBe(interrupted)
    expect(world.wire.calls()).toEqual([discovery])
  })

  test('an ID token for another user is refused', async () => {
    const items = world.stores.keychain.items
    const [[key = '', text = ''] = []] = [...items]
    const other = JSON.parse(text)
    const [head, , signature] = String(other.idToken.token).split('.')
    const claims = Buffer.from(JSON.stringify({ sub: 'another' })).toString('base64url')
    other.idToken.token = `${head}.${claims}.${signature}`
    items.set(key, JSON.stringify(other))
    world.clock.advance(61 * minute)
    await expect(tokenOf('corp')).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  test('what is not there is reported: another kind of profile, a scope without openid', async () => {
    world.profile('cloud', { kind: 'cloudsso', signInUrl: 'https://signin.example/acme/login' })
    await expect(tokenOf('cloud')).rejects.toMatchObject({ code: 'ERR_USAGE' })
    const { issuer, clientId } = oidc
    world.profile('api', { kind: 'oidc', issuer, clientId, scope: 'orders', store: 'keychain' })
    await expect(tokenOf('api', 'id')).rejects.toMatchObject({ code: 'ERR_USAGE' })
    await expect(tokenOf('api')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
  })

  test('a profile that never signed in does not take the sign-in of another one', async () => {
    const { issuer, clientId } = oidc
    world.profile('same', { kind: 'oidc', issuer, clientId })
    await expect(tokenOf('same')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(world.opened).toEqual([])
  })
})

describe('tokens of an IDaaS application', () => {
  let idaas: Idaas
  beforeEach(async () => {
    idaas = serveIdaas(world)
    const { idaasUrl, applicationUuid, appKey } = idaas
    const secret = new Secret(idaas.appSecret)
    await configureProfile('app', { idaasUrl, applicationUuid, appKey }, { secret }, world.context())
  })

  test('are fetched with the secret, kept, and renewed with the refresh token', async () => {
    const first = await tokenOf('app')
    expect(world.wire.calls()).toEqual([idaas.calls.retrieve])
    expect(await tokenOf('app', 'id')).toBe(first)
    expect(world.wire.calls()).toEqual([])
    world.clock.advance(116 * minute)
    expect(await tokenOf('app')).not.toBe(first)
    expect(world.wire.calls()).toEqual([idaas.calls.refresh])
  })

  test.each([
    ['400 of IDaaS', { status: 400, body: { success: false, code: '400', message: 'no', data: null } }],
    ['401 without a body', { status: 401, body: '' }],
    ['403 JSON', { status: 403, body: { message: 'Forbidden' } }],
  ])('[case 164] a refresh token answered by %s: the secret is used', async (_what, fault) => {
    const first = await tokenOf('app')
    world.clock.advance(116 * minute)
    world.wire.fault(idaas.calls.refresh, fault)
    expect(await tokenOf('app')).not.toBe(first)
    expect(world.wire.calls()).toEqual([idaas.calls.refresh, idaas.calls.retrieve])
  })

  test.each([200, 400, 410])(
    '[case 164] %i HTML: a program fails, a login uses the secret',
    async (status) => {
      await tokenOf('app')
      world.clock.advance(121 * minute)
      world.wire.fault(idaas.calls.refresh, { status, body: '<html>' }, { status, body: '<html>' })
      await expect(tokenOf('app')).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
      await signIn('app')
      expect(world.wire.calls()).toEqual([idaas.calls.refresh, idaas.calls.retrieve])
    },
  )

  test('[case 164] a server that is down is not asked with the secret', async () => {
    const first = await tokenOf('app')
    world.clock.advance(116 * minute)
    world.wire.fault(idaas.calls.refresh, ...Array.from({ length: 9 }, () => ({ status: 503, body: '' })))
    expect(await tokenOf('app')).toBe(first)
    expect(world.wire.calls()).not.toContain(idaas.calls.retrieve)
  })

  test('are ID tokens only', async () => {
    await expect(tokenOf('app', 'access')).rejects.toMatchObject({ code: 'ERR_USAGE' })
  })

  test('a login fetches them without the user; --force anew', async () => {
    const { result, person } = await signIn('app')
    expect(result).toMatchObject({ kind: 'tokens', userName: 'api-client', renewable: true })
    expect(person.shown).toEqual([])
    await signIn('app')
    expect(world.wire.calls()).toEqual([])
    await signIn('app', { force: true })
    expect(world.wire.calls()).toEqual([idaas.calls.retrieve])
  })

  test('a server without an answer ends with the patience of programs', async () => {
    const { arrived } = world.wire.hold(idaas.calls.retrieve)
    const asking = tokenOf('app')
    const ended = expect(asking).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    await arrived
    await world.clock.pass(9_500)
    await ended
  })
})

test('an error of the provider is its own', async () => {
  await signIn()
  world.clock.advance(60 * minute)
  world.wire.fault(token, refusal(400, 'unauthorized_client'))
  await expect(tokenOf('corp')).rejects.toMatchObject({
    code: 'ERR_REFUSED',
    serverCode: 'unauthorized_client',
  })
})
