import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { assumeRole, getCallerIdentity } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { account, arnOf, openSts, sessionOf } from './support/alice.ts'

const session = { roleSessionName: 'alice' }

describe('AssumeRole', () => {
  test('gives checked credentials of the role', async () => {
    const { sts, context } = await openSts()
    const credentials = sessionOf(sts, 'dev')
    const issued = await assumeRole({ ...session, roleArn: arnOf('test'), credentials }, context)
    expect(issued.credentials.accessKeyId).toMatch(/^STS\./)
    expect(sts.identityOf(issued.credentials.accessKeyId)).toMatchObject({
      arn: `acs:ram::${account}:assumed-role/test/alice`,
      via: credentials.accessKeyId,
      expiresAt: issued.credentials.expiresAt,
    })
    expect(sts.issued.map(({ value }) => value)).toContain(issued.credentials.securityToken.reveal())
    const lifeSeconds = (issued.credentials.expiresAt.getTime() - issued.issuedAt.getTime()) / 1000
    expect(lifeSeconds).toBeCloseTo(3600, -1)
    expect(issued.serverDate).toEqual(issued.issuedAt)
    expect(sts.violations).toEqual([])
  })

  test('sends its parameters in the query, and no secret with them', async () => {
    const { sts, context } = await openSts()
    const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}'
    await assumeRole(
      {
        roleArn: arnOf('prod'),
        roleSessionName: 'alice@example.com',
        durationSeconds: 900,
        policy,
        externalId: 'abcd1234',
        sourceIdentity: 'alice',
        credentials: sessionOf(sts, 'test'),
      },
      context,
    )
    expect(sts.calls).toHaveLength(1)
    expect(sts.calls[0]).toMatchObject({
      signature: 'acs3',
      status: 200,
      parameters: {
        RoleArn: arnOf('prod'),
        RoleSessionName: 'alice@example.com',
        DurationSeconds: '900',
        Policy: policy,
        ExternalId: 'abcd1234',
        SourceIdentity: 'alice',
      },
    })
    expect(sts.requests[0]).toMatchObject({ method: 'POST', path: '/', text: '' })
    expect(sts.violations).toEqual([])
  })

  test('three roles in a row, each with the credentials of the one before', async () => {
    const { sts, context } = await openSts()
    const first = sessionOf(sts, 'dev')
    const second = await assumeRole({ ...session, roleArn: arnOf('test'), credentials: first }, context)
    const third = await assumeRole(
      { ...session, roleArn: arnOf('prod'), externalId: 'abcd1234', credentials: second.credentials },
      context,
    )
    expect(sts.calls.map(({ callerAccessKeyId }) => callerAccessKeyId)).toEqual([
      first.accessKeyId,
      second.credentials.accessKeyId,
    ])
    const identity = await getCallerIdentity(third.credentials, context)
    expect(identity.Arn).toBe(`acs:ram::${account}:assumed-role/prod/alice`)
  })

  test('a value outside the limits is refused without a call', async () => {
    const { sts, context } = await openSts()
    const credentials = sessionOf(sts, 'dev')
    const wrong = [
      { roleArn: 'admin' },
      { roleSessionName: 'a b' },
      { durationSeconds: 60 },
      { policy: '{' },
      { externalId: 'a' },
    ]
    for (const each of wrong) {
      const request = { ...session, roleArn: arnOf('test'), credentials, ...each }
      expect(await failureOf(assumeRole(request, context))).toMatchObject({ code: 'ERR_USAGE' })
    }
    expect(sts.requests).toEqual([])
  })

  test('an abort is felt at once', async () => {
    const { sts, context } = await openSts({}, systemClock)
    sts.fault('POST /', { kind: 'hang' }, { times: 9 })
    const controller = new AbortController()
    const request = { ...session, roleArn: arnOf('test'), credentials: sessionOf(sts, 'dev') }
    const failed = failureOf(assumeRole(request, { ...context, signal: controller.signal }))
    setTimeout(() => controller.abort(new Error('interrupted')), 50)
    expect((await failed).message).toBe('interrupted')
  })
})

describe('GetCallerIdentity', () => {
  test('is what STS answered', async () => {
    const { sts, context } = await openSts()
    const identity = await getCallerIdentity(sessionOf(sts, 'dev'), context)
    expect(identity).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      AccountId: account,
      Arn: `acs:ram::${account}:assumed-role/dev/alice`,
      IdentityType: 'AssumedRoleUser',
      PrincipalId: expect.stringMatching(/^\d+:alice$/),
      RoleId: expect.stringMatching(/^\d+$/),
    })
    expect(sts.violations).toEqual([])
  })

  test.each([
    ['without an Arn', {}],
    ['an empty Arn', { Arn: '' }],
    ['an Arn that is no text', { Arn: 1 }],
    ['an array', [{ Arn: 'x' }]],
    ['null', null],
  ])('%s is no answer', async (_, body) => {
    const { sts, context } = await openSts()
    sts.fault('POST /', { kind: 'json', body })
    expect(await failureOf(getCallerIdentity(sessionOf(sts, 'dev'), context))).toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
      message: 'STS answered 200, but without an Arn.',
    })
  })
})
