import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { endSessionUrl } from '../../../src/identity/index.ts'
import { checkEndpoints } from '../../../src/identity/oidc/check-endpoints.ts'
import { normalizeIssuer } from '../../../src/values/index.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { discover, makeContext } from './at-provider.ts'

describe('issuers as people type them', () => {
  test.each([
    ['https://sso.example.com', 'https://sso.example.com'],
    [' https://sso.example.com/ ', 'https://sso.example.com/'],
    ['HTTPS://SSO.Example.com:443/Realms/acme', 'https://sso.example.com/Realms/acme'],
    ['https://sso.example.com/realms/acme/', 'https://sso.example.com/realms/acme/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://login.microsoftonline.com/8f1c/v2.0', 'https://login.microsoftonline.com/8f1c/v2.0'],
  ])('%s is %s', (typed, issuer) => {
    expect(normalizeIssuer(typed)).toBe(issuer)
    expect(normalizeIssuer(issuer)).toBe(issuer)
  })

  test.each([
    'http://sso.example.com',
    'http://localhost:8080',
    'http://127.0.0.1.example.com',
    'https://user:hunter22@sso.example.com',
    'sso.example.com',
    'javascript:alert(1)',
    '',
  ])('[case 87] %s is refused', (typed) => {
    expect(() => normalizeIssuer(typed)).toThrow(expect.objectContaining({ code: 'ERR_INSECURE_URL' }))
    expect(() => normalizeIssuer(typed)).not.toThrow(/hunter22/)
  })

  test.each([
    ['https://login.microsoftonline.com/common/v2.0', /TENANT-ID/],
    ['https://login.microsoftonline.com/organizations', /TENANT-ID/],
    ['https://sso.example.com/a/.well-known/openid-configuration', /https:\/\/sso\.example\.com\/a$/],
    ['https://sso.example.com/?x=1', /It looks like/],
    ['https://sso.example.com/#x', /It looks like/],
  ])('%s is refused with what to write instead', (typed, hint) => {
    expect(() => normalizeIssuer(typed)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', hint: expect.stringMatching(hint) }),
    )
  })
})

describe('discovery', () => {
  let op: TestOidc
  const discovery = 'GET /.well-known/openid-configuration'
  beforeAll(async () => {
    op = await startTestOidc()
  })
  afterAll(() => op.stop())
  beforeEach(() => {
    op.clearFaults()
    op.requests.length = 0
  })

  test('says what the provider can do, and where its session ends, without any token', async () => {
    const provider = await discover(op.issuer)
    expect(provider.supports).toEqual({ device: true, code: true, revocation: true, endSession: true })
    expect(endSessionUrl(provider)).toBe(`${op.issuer}/session/end?client_id=sesame-cli`)
  })

  test('[case 25] another issuer is refused with both values: a slash, case, another host, a tenant template', async () => {
    const others = [
      `${op.issuer}/`,
      op.issuer.toUpperCase(),
      'https://sso.example.com',
      'https://login.microsoftonline.com/{tenantid}/v2.0',
    ]
    for (const announced of others) {
      op.transform(discovery, (body) => ({ ...body, issuer: announced }))
      const error = await discover(op.issuer).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'ERR_CONFIG' })
      expect((error as Error).message).toContain(
        `configured ${op.issuer}, discovery document says ${announced}.`,
      )
    }
  })

  test('[case 25] the issuer of a slash more is another one, the other way round too', async () => {
    await expect(discover(`${op.issuer}/`)).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })

  test.each(['token_endpoint', 'jwks_uri', 'device_authorization_endpoint', 'revocation_endpoint'])(
    '[case 25] [case 87] a %s without TLS is refused with both addresses',
    async (name) => {
      for (const address of ['http://sso.example.com/x', 'http://localhost/x']) {
        op.transform(discovery, (body) => ({ ...body, [name]: address }))
        const error = await discover(op.issuer).catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'ERR_INSECURE_URL' })
        expect((error as Error).message).toContain(op.issuer)
        expect((error as Error).message).toContain(address)
      }
    },
  )

  test('[case 87] an issuer with TLS must not lead to an address without, not even on loopback', () => {
    const metadata = {
      issuer: 'https://sso.example.com',
      token_endpoint: 'http://127.0.0.1:8080/token',
      jwks_uri: 'https://sso.example.com/jwks',
    }
    expect(() => checkEndpoints(metadata, metadata.issuer)).toThrow(
      expect.objectContaining({ code: 'ERR_INSECURE_URL' }),
    )
  })

  test('[case 25] an endpoint on another host is refused with both addresses, unless the client trusts it', async () => {
    const elsewhere = 'https://tokens.example.com/token'
    op.transform(discovery, (body) => ({ ...body, token_endpoint: elsewhere }), { times: 2 })
    const error = await discover(op.issuer).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'ERR_CONFIG',
      message: `The token_endpoint of ${op.issuer} is on another host: ${elsewhere}`,
      hint: expect.stringContaining('--trusted-hosts tokens.example.com'),
    })
    await discover(op.issuer, { trustedHosts: ['tokens.example.com'] })
  })

  test('[case 102] an endpoint whose host would be code in a shell is refused, and in no command', async () => {
    const host = '$({touch,pwned}).id.example'
    op.transform(discovery, (body) => ({ ...body, token_endpoint: `https://${host}/token` }), { times: 2 })
    for (const trustedHosts of [[], [host]]) {
      const error = await discover(op.issuer, { trustedHosts }).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'ERR_INSECURE_URL',
        message: `The token_endpoint of ${op.issuer} has an invalid host name: '${host}'`,
        hint: expect.not.stringContaining(host),
      })
    }
  })

  test.each([
    ['https://accounts.google.com', 'https://oauth2.googleapis.com/token', true],
    ['https://accounts.google.com', 'https://googleapis.com.example.com/token', false],
    ['https://acme.aliyunidaas.com/api', 'https://eiam-developerapi.cn-hangzhou.aliyuncs.com/t', false],
    ['https://acme.aliyunidaas.com/api', 'https://eiam-api-cn-hangzhou.aliyuncs.com/t', true],
    ['https://sts.windows.net/tenant/', 'https://login.microsoftonline.com/tenant/oauth2/token', true],
    ['https://eiam-api-cn-hangzhou.aliyuncs.com/v2', 'https://acme.aliyunidaas.com/login', true],
    ['https://acme.aliyunidaas.com/api', 'https://other.aliyunidaas.com/t', false],
    ['https://sts.windows.net/tenant/', 'https://login.microsoftonline.net/tenant/oauth2/token', false],
    ['https://evil.example', 'https://oauth2.googleapis.com/token', false],
    ['https://accounts.google.com.evil.example', 'https://oauth2.googleapis.com/token', false],
    ['https://evil.example', 'https://login.microsoftonline.com/tenant/oauth2/token', false],
    ['https://evil.example', 'https://acme.aliyunidaas.com/t', false],
    ['https://evilaliyunidaas.com', 'https://eiam-api-cn-hangzhou.aliyuncs.com/t', false],
    ['https://eiam-x.aliyuncs.com.evil.example', 'https://eiam-api-cn-hangzhou.aliyuncs.com/t', false],
    ['https://accounts.google.com', 'https://login.microsoftonline.com/tenant/oauth2/token', false],
  ])('[case 25] [case 106] %s may use %s: %s', (issuer, token_endpoint, allowed) => {
    const check = () => checkEndpoints({ issuer, token_endpoint, jwks_uri: `${issuer}/jwks` }, issuer)
    if (allowed) expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
  })

  test.each(['token_endpoint', 'jwks_uri'])('without a usable %s it is no provider', async (name) => {
    for (const address of [undefined, '', 7, 'no address']) {
      op.transform(discovery, (body) => ({ ...body, [name]: address }))
      await expect(discover(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    }
  })

  test('[case 87] a redirect is not followed', async () => {
    const other = await startTestOidc()
    op.fault(discovery, { kind: 'redirect', to: `${other.issuer}/.well-known/openid-configuration` })
    await expect(discover(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID', status: 302 })
    expect(other.requests).toEqual([])
    await other.stop()
  })

  test('transient faults are survived; what is no discovery document is reported', async () => {
    op.fault(discovery, { kind: 'status', status: 503, body: '' })
    op.fault(discovery, { kind: 'reset' })
    await expect(discover(op.issuer)).resolves.toBeDefined()
    expect(op.calls()).toHaveLength(3)
    await expect(discover(`${op.issuer}/realms/none`)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      status: 404,
    })
    for (const body of [[], 'text', {}, { issuer: 7 }]) {
      op.fault(discovery, { kind: 'json', body })
      await expect(discover(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    }
  })

  test('an abort is felt at once and gives its reason', async () => {
    op.fault(discovery, { kind: 'hang' })
    const stop = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => stop.abort(reason), 50)
    const context = makeContext(undefined, { signal: stop.signal })
    await expect(discover(op.issuer, {}, context)).rejects.toBe(reason)
  })
})
