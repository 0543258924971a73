import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRoleWithOidc } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { account, arnOf, openSts } from './support/alice.ts'
import { makeProvider, providerArn } from './support/provider.ts'

async function openWithProvider() {
  const provider = await makeProvider()
  const roles = [
    { arn: arnOf('dev'), trust: [providerArn] },
    { arn: arnOf('closed'), trust: [] },
  ]
  const world = await openSts({ oidcProviders: [provider.registration], roles })
  const assume = (idToken: string, more: { roleArn?: string; oidcProviderArn?: string } = {}) =>
    assumeRoleWithOidc(
      {
        roleArn: arnOf('dev'),
        roleSessionName: 'alice',
        oidcProviderArn: providerArn,
        idToken: new Secret(idToken),
        ...more,
      },
      world.context,
    )
  return { ...world, provider, assume }
}

describe('AssumeRoleWithOIDC', () => {
  test('an ID token becomes credentials of the role', async () => {
    const { sts, provider, assume } = await openWithProvider()
    const { credentials } = await assume(await provider.token())
    expect(sts.identityOf(credentials.accessKeyId)).toMatchObject({
      arn: `acs:ram::${account}:assumed-role/dev/alice`,
      via: 'oidc:alice',
    })
    expect(sts.violations).toEqual([])
  })

  test('the call is unsigned, and the token is in the form body and nowhere else', async () => {
    const { sts, provider, assume } = await openWithProvider()
    const token = await provider.token()
    await assume(token)
    const [request] = sts.requests
    expect(sts.requests).toHaveLength(1)
    expect(request?.method).toBe('POST')
    expect(Object.keys(request?.query ?? {}).sort()).toEqual(['Action', 'Format', 'Timestamp', 'Version'])
    expect(request?.body).toEqual({
      OIDCProviderArn: providerArn,
      OIDCToken: token,
      RoleArn: arnOf('dev'),
      RoleSessionName: 'alice',
    })
    expect(JSON.stringify([request?.queryAll.toString(), request?.headers])).not.toContain(token)
    expect(request?.headers.authorization).toBeUndefined()
    expect(sts.calls[0]?.signature).toBe('none')
  })

  test.each([
    ['an expired token', { exp: 1_700_000_000 }, 'AuthenticationFail.OIDCToken.Expired', 'ERR_UNAUTHORIZED'],
    ['another audience', { aud: 'x' }, 'AuthenticationFail.OIDCToken.AudienceNotMatch', 'ERR_FORBIDDEN'],
    ['another issuer', { iss: 'https://x' }, 'AuthenticationFail.OIDCToken.IssuerNotMatch', 'ERR_FORBIDDEN'],
  ])('%s is refused', async (_, claims, serverCode, code) => {
    const { provider, assume } = await openWithProvider()
    const error = await failureOf(assume(await provider.token(claims)))
    expect(error).toMatchObject({ code, serverCode, status: 401, requestId: expect.any(String) })
    expect(error.hint).toBeTruthy()
  })

  test('a tampered token, one of another user, and no token at all are refused', async () => {
    const { provider, assume } = await openWithProvider()
    const [head, body = '', signature] = (await provider.token()).split('.')
    const other = await makeProvider('other')
    const tampered = `${head}.${body.slice(0, -2)}AA.${signature}`
    const invalid = { code: 'ERR_UNAUTHORIZED', serverCode: expect.stringMatching(/Invalid/) }
    expect(await failureOf(assume(tampered))).toMatchObject(invalid)
    expect(await failureOf(assume(await other.token()))).toMatchObject(invalid)
    expect(await failureOf(assume('not-a-token'))).toMatchObject(invalid)
  })

  test('a provider that is not registered, and a role that does not trust it: no new sign-in would help', async () => {
    const { provider, assume } = await openWithProvider()
    const token = await provider.token()
    const unknown = await failureOf(assume(token, { oidcProviderArn: providerArn.replace('corp', 'other') }))
    expect(unknown).toMatchObject({ code: 'ERR_FORBIDDEN' })
    expect(unknown.hint).toContain('--oidc-provider-arn')
    const closed = await failureOf(assume(token, { roleArn: arnOf('closed') }))
    expect(closed).toMatchObject({ code: 'ERR_FORBIDDEN' })
    expect(closed.hint).toContain('trust policy')
  })

  test('a token that STS cannot take is refused without a call, unquoted', async () => {
    const { sts, assume } = await openWithProvider()
    const long = 'x'.repeat(20_001)
    const error = await failureOf(assume(long))
    expect(error).toMatchObject({ code: 'ERR_TOKEN_INVALID' })
    expect(error.message).toMatch(/20001 characters; STS takes 4 to 20000/)
    expect(sts.requests).toEqual([])
  })

  test('a token of 20,000 characters arrives', async () => {
    const { sts, provider, assume } = await openWithProvider()
    const short = await provider.token({ groups: '' })
    const token = await provider.token({
      groups: 'g'.repeat(Math.floor(((20_000 - short.length) * 3) / 4) - 4),
    })
    expect(token.length).toBeGreaterThan(19_980)
    expect(token.length).toBeLessThanOrEqual(20_000)
    await assume(token)
    expect(sts.receivedTokens).toEqual([token])
  })
})
