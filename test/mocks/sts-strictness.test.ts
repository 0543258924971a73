import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { startHttpServer } from '../../mocks/index.ts'
import type { StsUser } from '../../mocks/sts.ts'
import { Secret } from '../../src/kit/secret.ts'
import { signRequest } from '../../src/sts/request-signature.ts'
import { account, alice, arnOf, chain, openSts } from '../sts/support/alice.ts'
import { makeProvider, providerArn } from '../sts/support/provider.ts'

type Sent = { status: number; code: string | undefined; body: Record<string, unknown> }

async function send(url: string, init: RequestInit): Promise<Sent> {
  const response = await fetch(url, init)
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, code: body.Code as string | undefined, body }
}

/** Sends a signed call; `after` bends what was signed. */
function call(
  sts: { url: string; host: string },
  action: string,
  query: Record<string, string> = {},
  {
    user = alice,
    now = new Date(),
    nonce,
    after = {},
    version = '2015-04-01',
    securityToken,
  }: {
    user?: StsUser
    now?: Date
    nonce?: string
    after?: Record<string, string>
    version?: string
    securityToken?: string
  } = {},
): Promise<Sent> {
  const headers = signRequest(
    { method: 'POST', host: sts.host, action, version, query },
    {
      accessKeyId: user.accessKeyId,
      accessKeySecret: new Secret(user.accessKeySecret),
      ...(securityToken && { securityToken: new Secret(securityToken) }),
    },
    { now, ...(nonce && { nonce }) },
  )
  return send(`${sts.url}/?${new URLSearchParams(query)}`, {
    method: 'POST',
    headers: { ...headers, ...after },
  })
}

const toDev = { RoleArn: arnOf('dev'), RoleSessionName: 'alice' }

describe('a signed call', () => {
  test('is answered with what the documentation shows', async () => {
    const { sts } = await openSts()
    const { status, body } = await call(sts, 'AssumeRole', { ...toDev, SourceIdentity: 'alice' })
    expect(status).toBe(200)
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      AssumedRoleUser: {
        Arn: `${arnOf('dev')}/alice`,
        AssumedRoleId: expect.stringMatching(/^\d{18}:alice$/),
      },
      Credentials: {
        AccessKeyId: expect.stringMatching(/^STS\./),
        AccessKeySecret: expect.stringMatching(/^\w{44}$/),
        SecurityToken: expect.stringMatching(/^CAIS/),
        Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
      SourceIdentity: 'alice',
    })
  })

  test('a refusal has code, message, RequestId, host and a link', async () => {
    const { sts } = await openSts()
    const { status, body } = await call(sts, 'AssumeRole', { ...toDev, RoleArn: arnOf('absent') })
    expect(status).toBe(404)
    expect(body).toEqual({
      Code: 'EntityNotExist.Role',
      Message: 'The specified Role not exists.',
      RequestId: expect.any(String),
      HostId: 'sts.aliyuncs.com',
      Recommend: expect.stringContaining('EntityNotExist.Role'),
    })
  })

  test('each check has its code', async () => {
    const root = { arn: `acs:ram::${account}:root`, accessKeyId: 'LTAIroot', accessKeySecret: 'root-secret' }
    const idle = { ...alice, accessKeyId: 'LTAIidle', inactive: true }
    const { sts } = await openSts({ users: [alice, root, idle] })
    const codeOf = async (sent: Promise<Sent>) => (await sent).code
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    const unknown = { ...alice, accessKeyId: 'LTAInobody' }
    expect(await codeOf(call(sts, 'AssumeRole', toDev, { user: root }))).toBe('NoPermission')
    expect(await codeOf(call(sts, 'AssumeRole', toDev, { user: idle }))).toBe('InvalidAccessKeyId.Inactive')
    expect(await codeOf(call(sts, 'AssumeRole', toDev, { user: unknown }))).toBe(
      'InvalidAccessKeyId.NotFound',
    )
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { now: minutesAgo(16) }))).toBe(
      'InvalidTimeStamp.Expired',
    )
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { now: minutesAgo(-16) }))).toBe(
      'InvalidTimeStamp.Expired',
    )
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { now: minutesAgo(14) }))).toBeUndefined()
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { securityToken: 'CAISx' }))).toBe(
      'InvalidSecurityToken.Malformed',
    )
    const smuggled = { 'x-acs-security-token': 'CAISx' }
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { after: smuggled }))).toBe(
      'SignatureDoesNotMatch',
    )
    expect(await codeOf(call(sts, 'GetCallerIdentity', {}, { after: { 'x-acs-date': 'now' } }))).toBe(
      'InvalidTimeStamp.Format',
    )
  })

  test('a nonce is good for one call', async () => {
    const { sts } = await openSts()
    expect((await call(sts, 'GetCallerIdentity', {}, { nonce: 'once' })).status).toBe(200)
    expect((await call(sts, 'GetCallerIdentity', {}, { nonce: 'once' })).code).toBe('SignatureNonceUsed')
  })

  test('what a client could have known to be wrong is refused and a violation', async () => {
    const { sts } = await openSts()
    const wrong: [Record<string, string>, string][] = [
      [{ ...toDev, RoleArn: 'dev' }, 'InvalidParameter.RoleArn'],
      [{ ...toDev, RoleSessionName: 'a b' }, 'InvalidParameter.RoleSessionName'],
      [{ ...toDev, Policy: '{}' }, 'InvalidParameter.PolicyGrammar'],
      [{ ...toDev, Policy: '{' }, 'InvalidParameter.PolicyGrammar'],
      [{ ...toDev, ExternalId: 'a;b' }, 'InvalidParameter.ExternalId'],
      [{ RoleSessionName: 'alice' }, 'MissingRoleArn'],
      [{ ...toDev, Colour: 'red' }, 'UnknownParameter'],
    ]
    for (const [query, code] of wrong) expect((await call(sts, 'AssumeRole', query)).code).toBe(code)
    expect((await call(sts, 'AssumeRoles')).code).toBe('InvalidAction.NotFound')
    expect((await call(sts, 'AssumeRole', toDev, { version: '2014-01-01' })).code).toBe('InvalidVersion')
    expect((await send(`${sts.url}/?Action=AssumeRole&Version=2015-04-01`, { method: 'POST' })).code).toBe(
      'IncompleteSignature',
    )
    expect(sts.violations.map(({ kind }) => kind)).toEqual(Array(wrong.length + 3).fill('invalid-request'))
  })

  test('durations: 900 to what the role allows', async () => {
    const { sts } = await openSts()
    const codeFor = async (seconds: string, RoleArn = arnOf('dev')) =>
      (await call(sts, 'AssumeRole', { ...toDev, RoleArn, DurationSeconds: seconds })).code
    for (const seconds of ['899', '7201', '1h', '-900', '900.5']) {
      expect(await codeFor(seconds)).toBe('InvalidParameter.DurationSeconds')
    }
    expect(await codeFor('900')).toBeUndefined()
    expect(await codeFor('7200')).toBeUndefined()
  })

  test('a secret in a URL is a violation', async () => {
    const { sts } = await openSts()
    const session = sts.issueSession(arnOf('dev'), 'alice')
    await call(sts, 'GetCallerIdentity', { SecurityToken: session.securityToken })
    expect(sts.violations).toMatchObject([{ kind: 'secret-in-url', action: 'GetCallerIdentity' }])
  })

  test('its clock can stand still, and be off', async () => {
    const now = new Date('2020-01-01T00:00:00Z')
    const { sts } = await openSts({ now: () => now, dateOffsetSeconds: 60 })
    const { body } = await call(sts, 'AssumeRole', toDev, { now })
    expect(body.Credentials).toMatchObject({ Expiration: '2020-01-01T01:01:00Z' })
    sts.dateOffsetSeconds = 3600
    expect((await call(sts, 'GetCallerIdentity', {}, { now })).code).toBe('InvalidTimeStamp.Expired')
  })

  test('credentials of another issuer are good here', async () => {
    const issued = [
      { kind: 'access-token', value: 'bearer' },
      { kind: 'access-key-secret', value: 'portal-secret' },
      { kind: 'security-token', value: 'CAISportal' },
    ] as const
    const roleArn = arnOf('AliyunReservedSSO-admin')
    const roles = [{ arn: arnOf('dev'), trust: [roleArn] }]
    const { sts } = await openSts({ otherIssuers: [{ issued, roleArn }], roles })
    const user = { arn: '', accessKeyId: 'STS.portal', accessKeySecret: 'portal-secret' }
    const wrong = { ...user, accessKeyId: 'STS.other' }
    expect((await call(sts, 'AssumeRole', toDev, { user: wrong })).code).toBe('InvalidAccessKeyId.NotFound')
    expect((await call(sts, 'AssumeRole', toDev, { user, securityToken: 'CAISportal' })).status).toBe(200)
    expect(sts.calls.at(-1)?.callerArn).toMatch(/assumed-role\/AliyunReservedSSO-admin\/sso$/)
  })

  test('a role may trust a whole account', async () => {
    const account1 = `acs:ram::${account}:root`
    const { sts } = await openSts({ roles: [...chain, { arn: arnOf('open'), trust: [account1] }] })
    expect((await call(sts, 'AssumeRole', { ...toDev, RoleArn: arnOf('open') })).status).toBe(200)
    expect((await call(sts, 'AssumeRole', { ...toDev, RoleArn: arnOf('test') })).code).toBe('NoPermission')
  })
})

describe('a call with an OIDC token', () => {
  const form = (token: string) =>
    new URLSearchParams({
      OIDCProviderArn: providerArn,
      OIDCToken: token,
      RoleArn: arnOf('dev'),
      RoleSessionName: 'alice',
    })
  const time = () => `${new Date().toISOString().slice(0, 19)}Z`
  const target = (url: string) =>
    `${url}/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&Timestamp=${time()}`
  const roles = [{ arn: arnOf('dev'), trust: [providerArn] }]

  test('returns what it saw in the token', async () => {
    const provider = await makeProvider()
    const { sts } = await openSts({ oidcProviders: [provider.registration], roles })
    const { body } = await send(target(sts.url), { method: 'POST', body: form(await provider.token()) })
    expect(body.OIDCTokenInfo).toMatchObject({
      Subject: 'alice',
      Issuer: provider.registration.issuer,
      ClientIds: 'sesame-cli',
      VerificationInfo: 'Success',
    })
  })

  test('keys may be at a loopback URL', async () => {
    const provider = await makeProvider()
    const keys = await startHttpServer({
      routes: { 'GET /jwks': () => ({ status: 200, body: provider.registration.keys as object }) },
    })
    const registration = { ...provider.registration, keys: `${keys.url}/jwks` }
    const { sts } = await openSts({ oidcProviders: [registration], roles })
    const body = form(await provider.token())
    expect((await send(target(sts.url), { method: 'POST', body })).status).toBe(200)
    expect(keys.requests).toHaveLength(1)
    await keys.close()
  })

  test('alg none, HS256 with the public key, no expiry, not three parts, an unknown kid', async () => {
    const provider = await makeProvider()
    const { sts } = await openSts({ oidcProviders: [provider.registration], roles })
    const refusal = async (token: string) => {
      const { status, code, body } = await send(target(sts.url), { method: 'POST', body: form(token) })
      expect(status).toBe(401)
      return `${code}: ${body.Message}`
    }
    const good = await provider.token()
    const [, payload] = good.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const secret = Buffer.from(JSON.stringify(provider.registration.keys))
    const hs256 = await new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const unknownKid = await new SignJWT({ sub: 'alice' })
      .setProtectedHeader({ alg: 'RS256', kid: 'other' })
      .sign(privateKey)
    expect(await refusal(`${none}.${payload}.`)).toMatch(/OIDCToken.Invalid: The algorithm none/)
    expect(await refusal(hs256)).toMatch(/OIDCToken.Invalid: The algorithm HS256/)
    expect(await refusal(await provider.token({ exp: undefined }))).toMatch(
      /OIDCToken.Invalid: The Jwt content/,
    )
    expect(await refusal('aa.bb')).toMatch(/OIDCToken.Invalid: The number/)
    expect(await refusal('a.b.c')).toMatch(/OIDCToken.Invalid: /)
    expect(await refusal(unknownKid)).toMatch(/OIDCToken.InvalidSignature/)
    expect(sts.issued).toEqual([])
  })

  test('must not be signed, must say JSON, must have a time', async () => {
    const provider = await makeProvider()
    const { sts } = await openSts({ oidcProviders: [provider.registration], roles })
    const token = await provider.token()
    const post = (url: string, headers = {}) => send(url, { method: 'POST', body: form(token), headers })
    expect((await post(target(sts.url), { authorization: 'Bearer x' })).code).toBe(
      'InvalidParameter.Authorization',
    )
    expect((await post(target(sts.url).replace('JSON', 'XML'))).code).toBe('InvalidParameter.Format')
    expect((await post(target(sts.url).replace(/&Timestamp=.*/, ''))).code).toBe('IllegalTimestamp')
    expect(sts.violations).toHaveLength(2)
  })
})
