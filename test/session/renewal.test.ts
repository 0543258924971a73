import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import { Secret } from '../../src/kit/secret.ts'
import { configureProfile, getCredentials, login, type SessionContext } from '../../src/session/index.ts'
import { idaasItems } from '../../src/session/kinds/item-names.ts'
import { type Idaas, serveIdaas } from '../support/peers/idaas.ts'
import { type Oidc, refusal as oauthRefusal, serveOidc } from '../support/peers/oidc.ts'
import { type Portal, refusal, servePortal } from '../support/peers/portal.ts'
import { type Sts, serveSts, refusal as stsRefusal } from '../support/peers/sts.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const exchange = 'POST /cloud-credentials'
const token = 'POST /token'
const sts = 'POST /'
const minute = 60_000

let world: SessionWorld
beforeEach(() => {
  world = sessionWorld()
})

type Options = Parameters<typeof getCredentials>[1]

/** What a program gets; its requests alone are counted. */
async function ask(name: string, options: Options = {}, context: SessionContext = world.context()) {
  world.wire.sent.length = 0
  const stored = await getCredentials(name, options, context)
  return { id: stored.credentials.accessKeyId, expiresAt: stored.credentials.expiresAt, stored }
}

async function signIn(name: string) {
  const result = await login(name, { wanted: {}, force: false }, world.context(), scriptPerson())
  world.warnings.length = 0
  world.opened.length = 0
  world.locks.length = 0
  world.wire.sent.length = 0
  return result
}

describe('credentials of a CloudSSO profile', () => {
  let portal: Portal
  beforeEach(async () => {
    portal = servePortal(world)
    portal.tokenSeconds = 4 * 3600
    world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
    await signIn('dev')
  })

  test('are those of the store while they are fresh: no request, no lock', async () => {
    expect((await ask('dev')).id).toBe('STS.key-1')
    expect(world.wire.calls()).toEqual([])
    expect(world.opened).toEqual(['keychain read'])
  })

  test('in their last five minutes are renewed with the token that still works, and kept', async () => {
    world.clock.advance(54 * minute)
    expect((await ask('dev')).id).toBe('STS.key-1')
    world.clock.advance(minute + 1000)
    expect((await ask('dev')).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([exchange])
    expect((await ask('dev')).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([])
  })

  test('are renewed under the lock of the profile', async () => {
    world.clock.advance(58 * minute)
    await ask('dev')
    expect(world.locks).toEqual(['profile:dev'])
  })

  test('--min-ttl counts seconds: what has them is handed out, what has not is renewed', async () => {
    world.clock.advance(20 * minute)
    expect((await ask('dev', { minTtlSeconds: 2399 })).id).toBe('STS.key-1')
    expect(world.wire.calls()).toEqual([])
    expect((await ask('dev', { minTtlSeconds: 2400 })).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([exchange])
  })

  test('--min-ttl up to the whole life can be had, more is ERR_USAGE that says how much there is', async () => {
    world.clock.advance(1000)
    expect((await ask('dev', { minTtlSeconds: 3600 })).id).toBe('STS.key-2')
    await expect(ask('dev', { minTtlSeconds: 3601 })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('3600 s'),
    })
  })

  test('a margin of the caller takes the place of five minutes, half of the life at most', async () => {
    world.clock.advance(20 * minute)
    expect((await ask('dev', { marginSeconds: 2399 })).id).toBe('STS.key-1')
    world.clock.advance(9 * minute)
    expect((await ask('dev', { marginSeconds: 36_000 })).id).toBe('STS.key-1')
    world.clock.advance(minute)
    expect((await ask('dev', { marginSeconds: 36_000 })).id).toBe('STS.key-2')
    world.clock.advance(58 * minute)
    expect((await ask('dev', { marginSeconds: 100 })).id).toBe('STS.key-2')
  })

  test('that are asked for by many at once are renewed once', async () => {
    world.clock.advance(58 * minute)
    const got = await Promise.all(
      Array.from({ length: 20 }, () => getCredentials('dev', {}, world.context())),
    )
    expect(new Set(got.map(({ credentials }) => credentials.accessKeyId))).toEqual(new Set(['STS.key-2']))
    expect(world.wire.calls()).toEqual([exchange])
  })

  test('whose renewal fails are handed out with a warning as long as they are good for it', async () => {
    world.clock.advance(58 * minute)
    const fault = refusal(403, 'Forbidden')
    world.wire.fault(exchange, fault)
    expect((await ask('dev')).id).toBe('STS.key-1')
    expect(world.warnings).toEqual([expect.stringContaining('Forbidden')])
    world.wire.fault(exchange, fault)
    expect((await ask('dev', { minTtlSeconds: 119 })).id).toBe('STS.key-1')
    world.wire.fault(exchange, fault)
    await expect(ask('dev', { minTtlSeconds: 120 })).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
    world.clock.advance(2 * minute - 1000)
    world.wire.fault(exchange, fault)
    await expect(ask('dev')).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
  })

  test('are given to the caller before a renewal is waited for', async () => {
    const valid: string[] = []
    const onStillValid: Options['onStillValid'] = ({ credentials }) => {
      expect(world.wire.calls()).toEqual([])
      valid.push(credentials.accessKeyId)
    }
    world.clock.advance(58 * minute)
    await ask('dev', { onStillValid })
    expect(valid).toEqual(['STS.key-1'])
  })

  test('a token that is refused, or has expired, is a sign-in that is over', async () => {
    world.clock.advance(61 * minute)
    portal.tokens.clear()
    await expect(ask('dev')).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
      message: expect.stringContaining('sesame login --profile dev'),
    })
    expect(world.wire.calls()).toEqual([exchange])
    world.clock.advance(3 * 3600_000)
    await expect(ask('dev')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(world.wire.calls()).toEqual([])
  })

  test('a profile that never signed in has nothing, not even the sign-in of another one', async () => {
    await expect(ask('other')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(world.wire.calls()).toEqual([])
    expect(world.opened).toEqual([])
  })

  test('that cannot be kept are handed out all the same', async () => {
    world.clock.advance(58 * minute)
    world.stores.keychain.fails.write = new SesameError('ERR_STORE_UNAVAILABLE', 'It takes nothing.')
    expect((await ask('dev')).id).toBe('STS.key-2')
    expect(world.warnings).toHaveLength(1)
  })

  test('never need an answer of the user: a server that hangs ends in time, and what is still valid is used', async () => {
    world.clock.advance(58 * minute)
    const { arrived } = world.wire.hold(exchange)
    const asking = ask('dev')
    await arrived
    await world.clock.pass(9_400)
    expect(world.warnings).toEqual([])
    await world.clock.pass(100)
    expect((await asking).id).toBe('STS.key-1')
    expect(world.warnings).toHaveLength(1)
  })

  test('an interruption ends the renewal, though the old ones are valid', async () => {
    world.clock.advance(58 * minute)
    const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const { arrived } = world.wire.hold(exchange)
    const asking = ask('dev')
    await arrived
    world.interruption.abort(interrupted)
    await expect(asking).rejects.toBe(interrupted)
  })

  test('an interruption that was there before the renewal sends nothing', async () => {
    world.clock.advance(61 * minute)
    const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    world.interruption.abort(interrupted)
    await expect(ask('dev')).rejects.toBe(interrupted)
    expect(world.wire.calls()).toEqual([])
  })
})

const roleArn = 'acs:ram::1001:role/developer'
const oidcProviderArn = 'acs:ram::1001:oidc-provider/corp'

describe('credentials of an OIDC profile', () => {
  let oidc: Oidc
  let cloud: Sts
  beforeEach(async () => {
    oidc = serveOidc(world)
    cloud = serveSts(world)
    oidc.onIdToken = (idToken, expiresAt) => cloud.idTokens.set(idToken, expiresAt)
    cloud.roles[roleArn] = { trusts: oidcProviderArn }
    const { issuer, clientId } = oidc
    world.profile('corp', { kind: 'oidc', issuer, clientId, roleArn, oidcProviderArn })
    await signIn('corp')
  })

  test('are those of a role for the ID token, in a session with the name of who signed in', async () => {
    expect(cloud.answered).toMatchObject([
      {
        action: 'AssumeRoleWithOIDC',
        host: 'sts.aliyuncs.com',
        values: { RoleArn: roleArn, OIDCProviderArn: oidcProviderArn, RoleSessionName: 'dev' },
      },
    ])
    expect(world.kept()).toHaveLength(2)
  })

  test('are renewed with the ID token, and that with the refresh token; both are kept', async () => {
    world.clock.advance(50 * minute)
    expect((await ask('corp', { minTtlSeconds: 900 })).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([sts])
    world.clock.advance(58 * minute)
    expect((await ask('corp')).id).toBe('STS.key-3')
    expect(world.wire.calls()).toEqual(['GET /.well-known/openid-configuration', token, 'GET /jwks', sts])
    world.clock.advance(58 * minute)
    expect((await ask('corp')).id).toBe('STS.key-4')
    expect(oidc.reused).toEqual([])
  })

  test('an ID token that STS refuses is renewed once', async () => {
    cloud.idTokens.clear()
    world.clock.advance(54 * minute)
    expect((await ask('corp', { minTtlSeconds: 900 })).id).toBe('STS.key-2')
    expect(world.wire.calls().filter((call) => call === sts)).toHaveLength(2)
    cloud.idTokens.clear()
    const refused = stsRefusal(401, 'AuthenticationFail.OIDCToken.Invalid')
    world.wire.fault(sts, refused, refused)
    world.clock.advance(65 * minute)
    await expect(ask('corp')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(world.wire.calls().filter((call) => call === sts)).toHaveLength(2)
  })

  test('[case 22] a refresh token that is refused is a sign-in that is over, and is never sent again', async () => {
    world.clock.advance(61 * minute)
    oidc.refreshTokens.clear()
    await expect(ask('corp')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    await expect(ask('corp')).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
    expect(oidc.reused).toHaveLength(1)
    expect(world.wire.calls()).toEqual([])
  })

  test('a renewal that the provider cannot answer uses what is still valid', async () => {
    world.clock.advance(58 * minute)
    world.wire.fault(token, { status: 503, body: 'busy' })
    expect((await ask('corp')).id).toBe('STS.key-2')
    expect(world.warnings).toHaveLength(1)
  })

  test('an unknown error of the provider is its own', async () => {
    world.clock.advance(61 * minute)
    world.wire.fault(token, oauthRefusal(401, 'invalid_client'))
    await expect(ask('corp')).rejects.toMatchObject({ code: 'ERR_REFUSED', serverCode: 'invalid_client' })
  })

  test.each([
    ['Throttling.User', 400],
    ['Throttling', 403],
    ['ServiceUnavailable', 503],
  ])('%s of STS is retried', async (code, status) => {
    world.clock.advance(50 * minute)
    world.wire.fault(sts, stsRefusal(status, code), stsRefusal(status, code))
    expect((await ask('corp', { minTtlSeconds: 900 })).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([sts, sts, sts])
  })

  test('both parts of a role that were taken away leave tokens only', async () => {
    const { issuer, clientId } = oidc
    world.profile('corp', { kind: 'oidc', issuer, clientId, store: 'keychain' })
    await expect(ask('corp')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })
})

describe('credentials of an IDaaS application', () => {
  let idaas: Idaas
  let cloud: Sts
  beforeEach(async () => {
    idaas = serveIdaas(world)
    cloud = serveSts(world)
    idaas.onIdToken = (idToken, expiresAt) => cloud.idTokens.set(idToken, expiresAt)
    cloud.roles[roleArn] = { trusts: oidcProviderArn }
    const { idaasUrl, applicationUuid, appKey } = idaas
    const settings = { idaasUrl, applicationUuid, appKey, roleArn, oidcProviderArn }
    const secret = new Secret(idaas.appSecret)
    await configureProfile('app', settings, { secret }, world.context())
  })

  test('need no login: the secret gives an ID token, and that the credentials of the role', async () => {
    expect((await ask('app')).id).toBe('STS.key-1')
    expect(world.wire.calls()).toEqual([idaas.calls.retrieve, sts])
    expect(cloud.answered[0]?.values.RoleSessionName).toBe('api-client')
  })

  test('are renewed with the refresh token; without one that works, with the secret', async () => {
    await ask('app')
    world.clock.advance(119 * minute)
    expect((await ask('app')).id).toBe('STS.key-2')
    expect(world.wire.calls()).toEqual([idaas.calls.refresh, sts])
    world.clock.advance(119 * minute)
    idaas.refreshTokens.clear()
    expect((await ask('app')).id).toBe('STS.key-3')
    expect(world.wire.calls()).toEqual([idaas.calls.refresh, idaas.calls.retrieve, sts])
  })

  test('after thirty days the refresh token is not even tried', async () => {
    await ask('app')
    world.clock.advance(30 * 24 * 60 * minute)
    await ask('app')
    expect(world.wire.calls()).toEqual([idaas.calls.retrieve, sts])
  })

  test('a server that is down leaves the refresh token alone, and the token that is still valid is used', async () => {
    await ask('app')
    world.clock.advance(118 * minute)
    const down = { status: 503, body: 'down' }
    world.wire.fault(idaas.calls.refresh, down, down, down, down)
    expect((await ask('app')).id).toBe('STS.key-2')
    expect(world.wire.calls()).not.toContain(idaas.calls.retrieve)
    expect(world.warnings).toHaveLength(1)
  })

  test('that is asked for by many at once is fetched once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => getCredentials('app', {}, world.context())))
    expect(world.wire.calls()).toEqual([idaas.calls.retrieve, sts])
  })

  test('a wrong secret is ERR_REFUSED, a missing one ERR_CONFIG: no sign-in would help', async () => {
    idaas.appSecret = 'another'
    await expect(ask('app')).rejects.toMatchObject({ code: 'ERR_REFUSED' })
    expect(world.stores.keychain.items.delete(idaasItems({ ...idaas }, {}).secret)).toBe(true)
    await expect(ask('app')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })
})
