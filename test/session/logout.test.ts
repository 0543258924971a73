import { beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../src/kit/secret.ts'
import { emptyState } from '../../src/profiles/index.ts'
import {
  configureProfile,
  deleteProfile,
  getCredentials,
  getToken,
  login,
  logout,
} from '../../src/session/index.ts'
import { serveIdaas } from '../support/peers/idaas.ts'
import { type Oidc, refusal, serveOidc } from '../support/peers/oidc.ts'
import { type Portal, servePortal, ssoRole } from '../support/peers/portal.ts'
import { serveSts } from '../support/peers/sts.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const minute = 60_000

let world: SessionWorld
beforeEach(() => {
  world = sessionWorld()
})

async function signIn(name: string) {
  await login(name, { wanted: {}, force: false }, world.context(), scriptPerson())
  world.wire.sent.length = 0
}

const leave = (name: string, sparesOthers = false) => logout(name, { sparesOthers }, world.context())

describe('[case 41] a logout at CloudSSO', () => {
  let portal: Portal
  beforeEach(async () => {
    portal = servePortal(world)
    portal.tokenSeconds = 2 * 3600
    world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
    await signIn('dev')
  })

  test('forgets credentials and tokens, and says until when what was handed out stays good', async () => {
    const { credentials } = await getCredentials('dev', {}, world.context())
    expect(await leave('dev')).toEqual({
      name: 'dev',
      forgotten: true,
      validUntil: credentials.expiresAt,
      shared: [],
    })
    expect(world.kept()).toEqual([])
    expect(world.wire.calls()).toEqual([])
    await expect(getCredentials('dev', {}, world.context())).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
    })
  })

  test('once more finds nothing, and that is fine', async () => {
    await leave('dev')
    expect(await leave('dev')).toEqual({ name: 'dev', forgotten: false, shared: [] })
  })

  test('of credentials that have expired has no end to tell', async () => {
    world.clock.advance(61 * minute)
    expect(await leave('dev')).toEqual({ name: 'dev', forgotten: true, shared: [] })
  })

  test('names the profiles that shared the sign-in; sparing them, it leaves the sign-in alone', async () => {
    await signIn('other')
    const kept = world.kept()
    expect(await leave('dev', true)).toMatchObject({ forgotten: true, shared: [] })
    // Both had the same assignment, and so the same credentials.
    expect(world.kept()).toEqual(kept.filter((key) => !key.includes('credentials')))
    expect(await leave('dev')).toMatchObject({ forgotten: true, shared: ['other'] })
    expect(world.kept()).toEqual([])
  })

  test('of a profile opens no store where nothing was ever kept', async () => {
    world.opened.length = 0
    world.state = emptyState
    expect(await leave('never')).toEqual({ name: 'never', forgotten: false, shared: [] })
    expect(world.opened).toEqual([])
  })

  test('of a role forgets the credentials of the role, and names its base', async () => {
    serveSts(world).roles['acs:ram::1001:role/deployer'] = { trusts: ssoRole }
    world.profile('deployer', {
      kind: 'role',
      roleArn: 'acs:ram::1001:role/deployer',
      sourceProfile: 'dev',
    })
    await signIn('deployer')
    expect(await leave('deployer')).toMatchObject({
      name: 'deployer',
      forgotten: true,
      shared: [],
      base: 'dev',
    })
    expect(world.kept()).toHaveLength(2)
    expect((await getCredentials('dev', {}, world.context())).credentials.accessKeyId).toBe('STS.key-1')
    expect(await leave('dev')).toMatchObject({ shared: ['deployer'] })
  })

  test('[case 47] waits for a renewal that is under way, and nothing comes back after it', async () => {
    world.clock.advance(58 * minute)
    const { arrived, letGo } = world.wire.hold('POST /cloud-credentials')
    const renewing = getCredentials('dev', {}, world.context())
    await arrived
    const leaving = leave('dev')
    letGo()
    expect((await renewing).credentials.accessKeyId).toBe('STS.key-2')
    expect(await leaving).toMatchObject({ forgotten: true })
    expect(world.kept()).toEqual([])
  })

  test('is a part of deleting a profile; what another one shares stays', async () => {
    await signIn('other')
    const [token = ''] = world.kept()
    await deleteProfile('dev', world.context())
    expect(world.config.profiles.has('dev')).toBe(false)
    expect(world.kept()).toEqual([token])
    await deleteProfile('other', world.context())
    expect(world.kept()).toEqual([])
    expect(world.config.currentProfile).toBeUndefined()
  })
})

describe('[case 41] a logout at an OIDC provider', () => {
  let oidc: Oidc
  beforeEach(async () => {
    oidc = serveOidc(world)
    const { issuer, clientId } = oidc
    world.profile('corp', { kind: 'oidc', issuer, clientId })
    await signIn('corp')
  })

  test('revokes the refresh token and the access token, after they are forgotten here', async () => {
    const { arrived, letGo } = world.wire.hold('POST /revoke')
    const leaving = leave('corp')
    await arrived
    expect(world.kept()).toEqual([])
    letGo()
    expect(await leaving).toEqual({
      name: 'corp',
      forgotten: true,
      shared: [],
      revocation: { kind: 'revoked' },
    })
    expect(world.wire.calls()).toEqual([
      'GET /.well-known/openid-configuration',
      'POST /revoke',
      'POST /revoke',
    ])
    expect([oidc.refreshTokens.size, oidc.accessTokens.size]).toEqual([0, 0])
  })

  test('at a provider that cannot revoke says so', async () => {
    oidc.lacks = ['revocation_endpoint']
    expect(await leave('corp')).toMatchObject({ forgotten: true, revocation: { kind: 'not-supported' } })
  })

  test.each([
    ['refuses', { status: 500, body: 'oops' }],
    ['is of another opinion', { status: 400, body: { error: 'invalid_client' } }],
  ])('at a provider that %s is reported, and done here', async (_what, fault) => {
    world.wire.fault('POST /revoke', fault)
    expect(await leave('corp')).toMatchObject({
      forgotten: true,
      revocation: { kind: 'failed', message: expect.any(String) },
    })
    expect(world.kept()).toEqual([])
  })

  const gone = { status: 200, body: '' }
  const invalid = (status: number) => refusal(status, 'invalid_token')
  const said = (words: string) => ({
    status: 400,
    body: JSON.stringify({ error: 'invalid_request', error_description: words }),
  })
  test.each([
    ['[case 167] 400, as it went with the refresh token', [gone, { status: 400, body: '' }]],
    ['[case 167] 400 invalid_request, as it went with it', [gone, refusal(400, 'invalid_request')]],
    ['[case 167] 401 invalid_token after 204', [{ status: 204 }, invalid(401)]],
    ['[case 167] 404 HTML, as it went with it', [gone, { status: 404, body: '<html>' }]],
    ['[case 206] 200 and invalid_token, as the refresh token before', [invalid(200), invalid(200)]],
    ['[case 206] 400 and invalid_token, as the refresh token before', [invalid(400), invalid(400)]],
    ['[case 206] 200 after 400 invalid_grant', [refusal(400, 'invalid_grant'), gone]],
    ['[case 206] 400 and "token not found" twice', [said('token not found'), said('token not found')]],
    ['[case 206] 200 after "The refresh token was revoked"', [said('The refresh token was revoked'), gone]],
    ['[case 206] 200 after "unknown token"', [said('unknown token'), gone]],
    ['[case 167] unsupported_token_type', [gone, refusal(400, 'unsupported_token_type')]],
  ])('an access token answered by %s: the tokens are revoked', async (_what, faults) => {
    world.wire.fault('POST /revoke', ...faults)
    expect(await leave('corp')).toMatchObject({ revocation: { kind: 'revoked' } })
    expect(world.wire.calls()).toHaveLength(3)
  })

  test.each([
    ['the refresh token is refused with 400', [{ status: 400, body: '' }]],
    ['the refresh token is refused with 200 and an error', [refusal(200, 'invalid_request')]],
    ['a parameter is missing', [said('token is missing')]],
    ['the type of the token is not known', [said('invalid token type'), said('unknown token_type_hint')]],
    ['the access token meets a server that is down', [gone, { status: 503, body: '' }]],
    ['the access token meets a server that is busy', [gone, refusal(400, 'temporarily_unavailable')]],
  ])('[case 167] not revoked where %s', async (_what, faults) => {
    world.wire.fault('POST /revoke', ...faults)
    expect(await leave('corp')).toMatchObject({ revocation: { kind: 'failed' } })
  })

  test('[case 167] what is left of a sign-in that the provider has ended is gone already', async () => {
    world.clock.advance(58 * minute)
    oidc.refusesRenewal = refusal(400, 'login_required')
    await getToken('corp', 'access', world.context())
    world.wire.fault('POST /revoke', { status: 400, body: '' })
    expect(await leave('corp')).toMatchObject({ revocation: { kind: 'revoked' } })
  })

  test('at a provider that does not answer ends after five seconds', async () => {
    const { arrived } = world.wire.hold('POST /revoke')
    let ended = false
    const leaving = leave('corp').finally(() => {
      ended = true
    })
    await arrived
    await world.clock.pass(4_900)
    expect(ended).toBe(false)
    await world.clock.pass(200)
    // By the clock of the test, not by that of the machine: some turns are enough.
    for (let turn = 0; turn < 20; turn++) await world.clock.pass(0)
    expect(ended).toBe(true)
    expect(await leaving).toMatchObject({ forgotten: true, revocation: { kind: 'failed' } })
  })

  test('a second time asks nothing of the provider', async () => {
    await leave('corp')
    world.wire.sent.length = 0
    expect(await leave('corp')).toEqual({ name: 'corp', forgotten: false, shared: [] })
    expect(world.wire.calls()).toEqual([])
  })

  test('keeps the secret of the client: it was configured, not signed in', async () => {
    oidc.clientSecret = 'client-secret-1'
    const secret = new Secret('client-secret-1')
    await configureProfile('corp', {}, { secret }, world.context())
    expect(await leave('corp')).toMatchObject({ revocation: { kind: 'revoked' } })
    expect(world.kept()).toEqual([expect.stringContaining('secret:oidc')])
    await deleteProfile('corp', world.context())
    expect(world.kept()).toEqual([])
  })

  test('[case 47] beside a rotation revokes what came of that', async () => {
    world.clock.advance(58 * minute)
    const { arrived, letGo } = world.wire.hold('POST /token')
    const renewing = getToken('corp', 'access', world.context())
    await arrived
    const leaving = leave('corp')
    letGo()
    await renewing
    expect(await leaving).toMatchObject({ revocation: { kind: 'revoked' } })
    expect(oidc.refreshTokens.size).toBe(0)
    expect(world.kept()).toEqual([])
  })
})

test('[case 41] a logout of an IDaaS application forgets its tokens, not its secret', async () => {
  const { idaasUrl, applicationUuid, appKey, appSecret } = serveIdaas(world)
  const secret = new Secret(appSecret)
  await configureProfile('app', { idaasUrl, applicationUuid, appKey }, { secret }, world.context())
  await getToken('app', 'id', world.context())
  expect(world.kept()).toHaveLength(2)
  expect(await leave('app')).toEqual({ name: 'app', forgotten: true, shared: [] })
  expect(world.kept()).toEqual([expect.stringContaining('secret:idaas')])
})
