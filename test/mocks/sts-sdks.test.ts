import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import type { Sts, StsOptions } from '../../mocks/sts.ts'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRole, assumeRoleWithOidc, getCallerIdentity } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { account, alice, arnOf, chain, openSts, sessionOf } from '../sts/support/alice.ts'
import { makeProvider, providerArn } from '../sts/support/provider.ts'

const require = createRequire(import.meta.url)
type StsSdk = typeof import('@alicloud/sts20150401', { with: { 'resolution-mode': 'require' }})
const sdk: StsSdk = require('@alicloud/sts20150401')
const popCore: {
  RPCClient: new (
    config: object,
  ) => {
    request(action: string, parameters: object, options?: object): Promise<Record<string, never>>
  }
} = require('@alicloud/pop-core')

interface Keys {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** `@alicloud/sts20150401`: ACS3-HMAC-SHA256. */
function openApiClient(sts: Sts, keys: Partial<Keys>) {
  return new sdk.default({ endpoint: sts.host, protocol: 'http', ...keys } as never)
}

/** `@alicloud/pop-core`: RPC signature version 1.0. */
function popClient(sts: Sts, keys: Keys) {
  return new popCore.RPCClient({ endpoint: sts.url, apiVersion: '2015-04-01', ...keys })
}

/** Credentials of a session as the SDKs take them. */
function plain({ accessKeyId, accessKeySecret, securityToken }: ReturnType<typeof sessionOf>): Keys {
  return { accessKeyId, accessKeySecret: accessKeySecret.reveal(), securityToken: securityToken.reveal() }
}

const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:*"],"Resource":["*"]}]}'
const awkward = { RoleArn: arnOf('test'), RoleSessionName: 'alice@example.com', Policy: policy }

describe('one mock, three clients', () => {
  test('each assumes the next role with what another one was given', async () => {
    const { sts, context } = await openSts()
    const first = await popClient(sts, alice).request('AssumeRole', {
      RoleArn: arnOf('dev'),
      RoleSessionName: 'pop',
    })
    const firstKeys: Keys = toKeys(first.Credentials)

    const request = new sdk.AssumeRoleRequest({ roleArn: arnOf('test'), roleSessionName: 'sdk', policy })
    const { body } = await openApiClient(sts, firstKeys).assumeRole(request)
    const second = body?.credentials

    const third = await assumeRole(
      {
        roleArn: arnOf('prod'),
        roleSessionName: 'sesame',
        externalId: 'abcd1234',
        credentials: {
          accessKeyId: second?.accessKeyId ?? '',
          accessKeySecret: new Secret(second?.accessKeySecret ?? ''),
          securityToken: new Secret(second?.securityToken ?? ''),
          expiresAt: new Date(second?.expiration ?? ''),
        },
      },
      context,
    )

    expect(sts.calls.map(({ signature, callerArn, status }) => [signature, callerArn, status])).toEqual([
      ['rpc1', alice.arn, 200],
      ['acs3', `acs:ram::${account}:assumed-role/dev/pop`, 200],
      ['acs3', `acs:ram::${account}:assumed-role/test/sdk`, 200],
    ])
    const whoIs = `acs:ram::${account}:assumed-role/prod/sesame`
    const keys = plain(third.credentials)
    expect((await getCallerIdentity(third.credentials, context)).Arn).toBe(whoIs)
    expect((await openApiClient(sts, keys).getCallerIdentity()).body?.arn).toBe(whoIs)
    expect((await popClient(sts, keys).request('GetCallerIdentity', {}, { method: 'POST' })).Arn).toBe(whoIs)
    expect(sts.violations).toEqual([])
  })

  test.each(['GET', 'POST'])('RPC v1 by %s with awkward values', async (method) => {
    const { sts } = await openSts({ roles: [{ arn: arnOf('test'), trust: [alice.arn] }, ...chain] })
    const answer = await popClient(sts, alice).request('AssumeRole', awkward, { method })
    expect(toKeys(answer.Credentials).accessKeyId).toMatch(/^STS\./)
    expect(sts.calls[0]?.parameters).toMatchObject(awkward)
  })

  test('our request and the SDK’s are the same call: parameters, place, headers that are signed', async () => {
    const { sts, context } = await openSts()
    const credentials = sessionOf(sts, 'dev')
    const roleSessionName = 'alice@example.com'
    const request = { roleArn: arnOf('test'), roleSessionName, durationSeconds: 900, policy }
    await assumeRole({ ...request, credentials }, context)
    await openApiClient(sts, plain(credentials)).assumeRole(new sdk.AssumeRoleRequest(request))
    const [ours, theirs] = sts.requests
    expect(ours?.queryAll.toString().split('&').sort()).toEqual(theirs?.queryAll.toString().split('&').sort())
    expect([ours?.method, ours?.path, ours?.text]).toEqual([theirs?.method, theirs?.path, theirs?.text])
    const signedBy = (headers: Record<string, unknown> = {}) =>
      /SignedHeaders=([^,]+)/.exec(String(headers.authorization))?.[1]?.split(';') ?? []
    expect(signedBy(theirs?.headers)).toEqual(expect.arrayContaining(signedBy(ours?.headers)))
    expect(signedBy(ours?.headers).length).toBeGreaterThan(5)
  })

  test('a wrong secret is refused for every client', async () => {
    const { sts, context } = await openSts()
    const right = sessionOf(sts, 'dev')
    const wrong = { ...right, accessKeySecret: new Secret('wrong-secret-wrong-secret') }
    const code = 'SignatureDoesNotMatch'
    await expect(popClient(sts, plain(wrong)).request('GetCallerIdentity', {})).rejects.toMatchObject({
      code,
    })
    await expect(openApiClient(sts, plain(wrong)).getCallerIdentity()).rejects.toMatchObject({ code })
    expect(await failureOf(getCallerIdentity(wrong, context))).toMatchObject({ serverCode: code })
  })
})

describe('AssumeRoleWithOIDC', () => {
  async function openWithProvider(options: StsOptions = {}) {
    const provider = await makeProvider()
    const roles = [{ arn: arnOf('dev'), trust: [providerArn] }]
    const world = await openSts({ oidcProviders: [provider.registration], roles, ...options })
    const token = await provider.token()
    const request = { roleArn: arnOf('dev'), roleSessionName: 'alice' }
    const bySdk = () =>
      openApiClient(world.sts, {}).assumeRoleWithOIDC(
        new sdk.AssumeRoleWithOIDCRequest({ ...request, OIDCProviderArn: providerArn, OIDCToken: token }),
      )
    return { ...world, token, request, bySdk }
  }

  test('the SDK puts the token into the URL: refused, and a violation; ours is not', async () => {
    const { sts, context, token, request, bySdk } = await openWithProvider()
    await expect(bySdk()).rejects.toMatchObject({ code: 'InvalidParameter.OIDCToken' })
    expect(sts.violations.map(({ kind }) => kind)).toContain('secret-in-url')
    sts.violations.length = 0
    await assumeRoleWithOidc(
      { ...request, oidcProviderArn: providerArn, idToken: new Secret(token) },
      context,
    )
    expect(sts.violations).toEqual([])
  })

  test('where that is allowed, the SDK gets its credentials', async () => {
    const { sts, bySdk } = await openWithProvider({ allowTokenInQuery: true })
    const { body } = await bySdk()
    expect(sts.identityOf(body?.credentials?.accessKeyId ?? '')).toMatchObject({ via: 'oidc:alice' })
    expect(sts.violations.map(({ kind }) => kind)).toEqual(['secret-in-url'])
  })
})

function toKeys(wire: unknown): Keys {
  const { AccessKeyId, AccessKeySecret, SecurityToken } = wire as Record<string, string>
  return {
    accessKeyId: AccessKeyId ?? '',
    accessKeySecret: AccessKeySecret ?? '',
    securityToken: SecurityToken ?? '',
  }
}
