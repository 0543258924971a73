import { describe, expect, test } from 'vitest'
import type { RefuseOptions } from '../../mocks/sts/ordered-refusals.ts'
import { documentedErrors } from '../../mocks/sts.ts'
import { explainError } from '../../src/cli/explain-error.ts'
import type { SesameError } from '../../src/kit/errors.ts'
import { assumeRole } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { arnOf, openSts, sessionOf, type World } from './support/alice.ts'

const assume = ({ sts, context }: World, more: { durationSeconds?: number; externalId?: string } = {}) =>
  assumeRole(
    { roleArn: arnOf('test'), roleSessionName: 'alice', credentials: sessionOf(sts, 'dev'), ...more },
    context,
  )

const refused = async (code: string, options: Omit<RefuseOptions, 'times'> = {}) => {
  const world = await openSts()
  world.sts.refuse('AssumeRole', code, { times: 10, ...options })
  return { error: await failureOf(assume(world)), calls: world.sts.calls.length }
}

describe('every documented error code', () => {
  test.each(Object.entries(documentedErrors))('%s', async (code, { status, message }) => {
    const { error } = await refused(code)
    expect(error).toMatchObject({
      serverCode: code,
      status,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    })
    expect(error.message).toContain(message.replace(/\.$/, '').slice(0, 60))
    expect(error.hint).toMatch(/^[A-Z].{20,}/)
    const { exitCode, lines } = explainError(error, (text) => text, false)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(`${code}: `)
    expect(lines[0]).toContain(`RequestId ${(error as SesameError).requestId}`)
    expect(lines[0]).toContain(arnOf('test'))
    expect(exitCode).toBe(/^(?:Throttling|ServiceUnav|InternalError|SignatureNonceUsed)/.test(code) ? 6 : 1)
  })

  test.each([
    ['AuthenticationFail.OIDCToken.AudienceNotMatch', 'ERR_FORBIDDEN', /client id.* in RAM/],
    ['AuthenticationFail.OIDCToken.Expired', 'ERR_UNAUTHORIZED', /Sign in again/],
    ['AuthenticationFail.OIDCToken.HttpsUrlInvalid', 'ERR_FORBIDDEN', /certificate.*fingerprints/],
    ['AuthenticationFail.OIDCToken.InvalidSignature', 'ERR_UNAUTHORIZED', /Sign in again/],
    ['AuthenticationFail.NoPermission', 'ERR_FORBIDDEN', /trust policy/],
    ['NoPermission', 'ERR_FORBIDDEN', /sts:AssumeRole.*--external-id/],
    ['EntityNotExist.Role', 'ERR_REFUSED', /--role-arn/],
    ['EntityNotExists.Role', 'ERR_REFUSED', /--role-arn/],
    ['InvalidParameter.DurationSeconds', 'ERR_REFUSED', /maximum session duration/],
    ['InvalidSecurityToken.Expired', 'ERR_UNAUTHORIZED', /Renew/],
    ['InvalidSecurityToken.Whatever', 'ERR_UNAUTHORIZED', /Renew/],
    ['InvalidAccessKeyId.NotFound', 'ERR_UNAUTHORIZED', /Renew/],
    ['InvalidAccessKeyId.Inactive', 'ERR_FORBIDDEN', /disabled/],
    ['InvalidTimeStamp.Expired', 'ERR_REFUSED', /clock/],
    ['SomethingNew', 'ERR_REFUSED', /RequestId/],
    ['constructor', 'ERR_REFUSED', /RequestId/],
    ['.', 'ERR_REFUSED', /RequestId/],
  ])('%s is %s', async (code, own, hint) => {
    const { error } = await refused(code)
    expect(error).toMatchObject({ code: own, hint: expect.stringMatching(hint) })
  })

  test.each([
    ['NoPermission', 'Roles may not be assumed by root accounts.', 'ERR_FORBIDDEN', /cannot assume roles/],
    [
      'AuthenticationFail.NoPermission',
      'No such OIDC Provider registered.',
      'ERR_FORBIDDEN',
      /--oidc-provider-arn/,
    ],
    [
      'AuthenticationFail.OIDCToken.Invalid',
      'The algorithm HS256 that be specified in Jwt header is unknown.',
      'ERR_REFUSED',
      /RS256/,
    ],
    ['AuthenticationFail.OIDCToken.Invalid', 'The OIDCToken can not empty.', 'ERR_UNAUTHORIZED', /Sign in/],
  ])('%s with the message "%s"', async (code, message, own, hint) => {
    const { error } = await refused(code, { message })
    expect(error).toMatchObject({ code: own, hint: expect.stringMatching(hint) })
  })

  test.each([
    ['AuthenticationFail.OIDCToken.IssuerNotMatch', 'ERR_FORBIDDEN', /issuer.*--issuer.*--oidc-provider-arn/],
    [
      'AuthenticationFail.OIDCToken.IssuerConfigurationBroken',
      'ERR_FORBIDDEN',
      /discovery document.*internet/,
    ],
    [
      'AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch',
      'ERR_FORBIDDEN',
      /certificate.*fingerprint/,
    ],
    ['AuthenticationFail.OIDCToken.SomethingNew', 'ERR_FORBIDDEN', /issuer, client ids, fingerprints/],
    ['AuthenticationFail.SomethingNew', 'ERR_FORBIDDEN', /trust policy/],
    ['EntityNotExist.OIDCProvider', 'ERR_REFUSED', /--oidc-provider-arn/],
    ['EntityNotExists.OIDCProvider', 'ERR_REFUSED', /--oidc-provider-arn/],
    ['EntityNotExist.Something', 'ERR_REFUSED', /--role-arn and --oidc-provider-arn/],
    ['entityNotExist.role', 'ERR_REFUSED', /--role-arn/],
    ['authenticationfail.oidctoken.expired', 'ERR_UNAUTHORIZED', /Sign in again/],
  ])('[case 148] %s says what to do', async (code, own, hint) => {
    for (const format of ['json', 'xml'] as const) {
      const { error } = await refused(code, { status: 401, format })
      expect(error).toMatchObject({ code: own, hint: expect.stringMatching(hint), serverCode: code })
      expect(error).toMatchObject({ requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) })
    }
  })

  const denied = {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthPrincipalOwnerId: '1966832000123456',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: '205871234567890123',
    NoPermissionType: 'ImplicitDeny',
    AuthAction: 'sts:AssumeRole',
    EncodedDiagnosticMessage: 'AQEAAAAAZBgxr0U1MjA1NTM1',
  }
  const user = 'Denied to the RAM user 205871234567890123 of account 1966832000123456: sts:AssumeRole, by'
  test.each<[string, Record<string, string>, string]>([
    [
      'a policy of the user',
      {},
      `${user} its own policies (AccountLevelIdentityBasedPolicy, ImplicitDeny). Grant it that permission in RAM.`,
    ],
    [
      'the trust policy',
      { PolicyType: 'AssumeRolePolicy' },
      `${user} the trust policy of the role (AssumeRolePolicy, ImplicitDeny). Name it as a principal there.`,
    ],
    [
      'a control policy',
      { PolicyType: 'ControlPolicy' },
      `${user} a control policy (ControlPolicy, ImplicitDeny). Ask the administrator of the resource directory.`,
    ],
    [
      'the session policy',
      { PolicyType: 'SessionPolicy' },
      `${user} the session policy (SessionPolicy, ImplicitDeny). Widen --policy, or the access configuration.`,
    ],
    [
      'an explicit denial',
      { NoPermissionType: 'ExplicitDeny' },
      `${user} its own policies (AccountLevelIdentityBasedPolicy, ExplicitDeny). A Deny statement there forbids it; ask who administers that policy.`,
    ],
    [
      'a type that is not known',
      { PolicyType: 'NewPolicy' },
      `${user} a policy of type NewPolicy (NewPolicy, ImplicitDeny). Ask who administers that policy.`,
    ],
    [
      'a role session',
      { AuthPrincipalType: 'AssumedRoleUser', AuthPrincipalDisplayName: 'dev:alice' },
      'Denied to the role session dev:alice of account 1966832000123456: sts:AssumeRole, by its own policies (AccountLevelIdentityBasedPolicy, ImplicitDeny). Grant it that permission in RAM.',
    ],
  ])('[case 148] AccessDeniedDetail: %s', async (_, changed, hint) => {
    const detail = { ...denied, ...changed }
    for (const accessDeniedDetail of [detail, JSON.stringify(detail)])
      for (const format of ['json', 'xml'] as const) {
        const { error } = await refused('NoPermission', { accessDeniedDetail, format })
        expect(error).toMatchObject({ code: 'ERR_FORBIDDEN', serverCode: 'NoPermission', hint })
        expect(explainError(error, (text) => text, false).lines).toHaveLength(2)
      }
  })

  test('[case 148] an AccessDeniedDetail that says nothing changes nothing; a hostile one is printable', async () => {
    for (const accessDeniedDetail of ['NONE', '', 'null', '[]', {}, { EncodedDiagnosticMessage: 'x' }])
      expect((await refused('NoPermission', { accessDeniedDetail })).error.hint).toMatch(
        /sts:AssumeRole.*--external-id/,
      )
    const hostile = {
      AuthAction: '\u001b[2J\nsts:X',
      PolicyType: 'constructor',
      NoPermissionType: '__proto__',
    }
    const { hint } = (await refused('NoPermission', { accessDeniedDetail: hostile })).error
    expect(hint).toMatch(/^Denied to these credentials: /)
    expect(hint).not.toMatch(/[\u0000-\u001f]/)
  })

  test('[case 147] a clock that is wrong is corrected also when STS says so in XML', async () => {
    const world = await openSts()
    world.sts.refuse('AssumeRole', 'InvalidTimeStamp.Expired', { format: 'xml' })
    await assume(world)
    expect(world.sts.calls.map(({ status }) => status)).toEqual([400, 200])
  })

  test('[case 147] status 200 with an error is a refusal', async () => {
    const { error } = await refused('NoPermission', { status: 200 })
    expect(error).toMatchObject({ code: 'ERR_FORBIDDEN', serverCode: 'NoPermission' })
  })

  test('the status does not decide: 401 with a code that no sign-in fixes', async () => {
    expect((await refused('SomethingNew', { status: 401 })).error).toMatchObject({ code: 'ERR_REFUSED' })
    expect((await refused('SomethingNew', { status: 403 })).error).toMatchObject({ code: 'ERR_REFUSED' })
  })

  test('control characters in a message do not reach the terminal', async () => {
    const { error } = await refused('NoPermission', { message: '\u001b[31mred\u001b[0m\nline' })
    expect(error.message).not.toMatch(/[\u0000-\u001f]/)
  })
})

describe('what the mock refuses by itself', () => {
  test('a longer session than the role allows', async () => {
    const error = await failureOf(assume(await openSts(), { durationSeconds: 7200 }))
    expect(error).toMatchObject({ serverCode: 'InvalidParameter.DurationSeconds', code: 'ERR_REFUSED' })
  })

  test('expired source credentials: renew them', async () => {
    const { sts, context } = await openSts()
    const credentials = sessionOf(sts, 'dev', -1)
    const request = { roleArn: arnOf('test'), roleSessionName: 'alice', credentials }
    expect(await failureOf(assumeRole(request, context))).toMatchObject({
      code: 'ERR_UNAUTHORIZED',
      serverCode: 'InvalidSecurityToken.Expired',
    })
    expect(sts.calls).toHaveLength(1)
  })

  test('a role that does not trust the source, a wrong external id, a role that is not there', async () => {
    const { sts, context } = await openSts()
    const from = (role: string) => ({ roleSessionName: 'alice', credentials: sessionOf(sts, role) })
    const codeOf = async (request: Parameters<typeof assumeRole>[0]) =>
      (await failureOf(assumeRole(request, context))) as Error & { serverCode?: string }
    expect(await codeOf({ ...from('dev'), roleArn: arnOf('prod') })).toMatchObject({
      serverCode: 'NoPermission',
    })
    const wrongId = { ...from('test'), roleArn: arnOf('prod'), externalId: 'wrong' }
    expect(await codeOf(wrongId)).toMatchObject({ serverCode: 'NoPermission' })
    const absent = { ...from('dev'), roleArn: arnOf('absent') }
    expect(await codeOf(absent)).toMatchObject({ serverCode: 'EntityNotExist.Role' })
  })
})
