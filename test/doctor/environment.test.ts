import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAliyunCli } from '../../src/doctor/aliyun-cli.ts'
import { checkEnvironment, keyFamilies } from '../../src/doctor/environment.ts'
import { checkSdkChain } from '../../src/doctor/sdk-chain.ts'

const now = new Date('2026-11-21T08:00:00Z')
const look = (env: Record<string, string>) => checkEnvironment(env, 'linux', now)
const sdkKeys = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.one',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-one',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'token-one',
}

describe('[case 52] credential variables', () => {
  test('one whole set is fine, and so is none', () => {
    expect(look(sdkKeys)).toEqual([
      { check: 'environment', status: 'ok', message: 'the keys in this shell agree' },
    ])
    expect(look({})).toMatchObject([{ status: 'ok', message: 'no keys in this shell' }])
  })

  test.each([
    [
      'a temporary key without its token',
      { ...sdkKeys, ALIBABA_CLOUD_SECURITY_TOKEN: '' },
      'problem',
      /SECURITY_TOKEN is missing/,
    ],
    [
      'a long-term key with a token',
      { ...sdkKeys, ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5t' },
      'problem',
      /two sources/,
    ],
    [
      'an id without a secret',
      { OSS_ACCESS_KEY_ID: 'STS.x' },
      'warning',
      /OSS_ACCESS_KEY_ID is set without OSS_ACCESS_KEY_SECRET/,
    ],
    ['a secret without an id', { OSS_ACCESS_KEY_SECRET: 'x' }, 'warning', /set without OSS_ACCESS_KEY_ID/],
    [
      'two keys',
      {
        ...sdkKeys,
        OSS_ACCESS_KEY_ID: 'STS.two',
        OSS_ACCESS_KEY_SECRET: 'b',
        OSS_SESSION_TOKEN: 'token-two',
      },
      'warning',
      /ALIBABA_CLOUD_ACCESS_KEY_ID is STS\.one, OSS_ACCESS_KEY_ID is STS\.two/,
    ],
    [
      'a key with the token of another',
      {
        ...sdkKeys,
        OSS_ACCESS_KEY_ID: 'STS.two',
        OSS_ACCESS_KEY_SECRET: 'b',
        OSS_SESSION_TOKEN: 'token-one',
      },
      'problem',
      /foreign token/,
    ],
    [
      'one key with two tokens',
      {
        ...sdkKeys,
        OSS_ACCESS_KEY_ID: 'STS.one',
        OSS_ACCESS_KEY_SECRET: 'secret-one',
        OSS_SESSION_TOKEN: 'token-two',
      },
      'problem',
      /secrets or tokens do not/,
    ],
  ])('%s', (_, env, status, message) => {
    const [finding] = look(env as Record<string, string>)
    expect(finding).toMatchObject({ status, message: expect.stringMatching(message) })
    expect(finding?.fix).toMatch(/^unset \w+( \w+)*$/)
  })

  test('expired credentials: the fix renews the profile they are of', () => {
    const env = { ...sdkKeys, SESAME_PROFILE: "o'dev", SESAME_EXPIRATION: '2026-11-21T07:59:59Z' }
    expect(look(env)).toEqual([
      {
        check: 'environment',
        status: 'problem',
        message: 'the credentials in this shell expired at 2026-11-21T07:59:59Z',
        fix: `eval "$(sesame login --profile 'o'\\''dev' --env)"`,
      },
    ])
    expect(look({ ...sdkKeys, SESAME_EXPIRATION: '2026-11-21T08:00:01Z' })).toMatchObject([{ status: 'ok' }])
    expect(look({ SESAME_EXPIRATION: '2026-11-21T07:00:00Z' })).toMatchObject([{ status: 'warning' }])
  })

  test('[P] whatever is in the variables, no secret and no token is shown', () => {
    const names = [...new Set(keyFamilies.flatMap(({ id, secret, token }) => [id, secret, token]))]
    const value = fc.constantFrom('STS.a', 'LTAIb', '', 'hush-hush-1', 'hush-hush-2')
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (env: Record<string, string>) => {
        const ids = new Set(keyFamilies.map(({ id }) => id))
        for (const name of Object.keys(env))
          if (ids.has(name) && env[name]?.startsWith('hush')) env[name] = 'STS.c'
        expect(JSON.stringify(look(env))).not.toContain('hush')
      }),
    )
  })
})

const aliyun = (profile: object) => ({
  current: 'p',
  profiles: [{ name: 'p', mode: 'AK', secrets: [], usable: true, runsSesame: false, ...profile }],
})
const chain = (env: Record<string, string>, rest: object = {}) =>
  checkSdkChain({ env, platform: 'linux', aliyun: undefined, iniPath: undefined, ...rest })
const uri = { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:4711/very-secret-path' }

describe('the SDKs’ default chain', () => {
  test('keys in the environment win; from sesame they are fine', () => {
    expect(
      chain({ ...sdkKeys, SESAME_EXPIRATION: 'x', SESAME_PROFILE: 'dev' }, { aliyun: aliyun({}) }),
    ).toEqual({
      check: 'sdk-chain',
      status: 'ok',
      message: 'SDKs take the keys of this shell, from profile dev of sesame',
    })
  })

  test.each([
    [
      'keys',
      { ...sdkKeys, ...uri },
      {},
      /^SDKs take the keys of this shell, .* hides the credentials URI at 127\.0\.0\.1:4711$/,
      /^unset ALIBABA/,
    ],
    [
      'OIDC',
      {
        ...uri,
        ALIBABA_CLOUD_ROLE_ARN: 'a',
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'b',
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: 'c',
      },
      {},
      /^SDKs take the OIDC role/,
      /^unset ALIBABA_CLOUD_ROLE_ARN /,
    ],
    [
      'a CLI profile',
      uri,
      { aliyun: aliyun({}) },
      /^SDKs take profile p \(AK\) of the aliyun CLI, which hides/,
      /^export ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true$/,
    ],
    ['the ini file', uri, { iniPath: '/h/.alibabacloud/credentials' }, /^SDKs take the ini file/, /^mv /],
    [
      'ECS metadata',
      uri,
      {},
      /^SDKs take the metadata of an ECS instance first, which hides/,
      /^export ALIBABA_CLOUD_ECS_METADATA_DISABLED=true$/,
    ],
    [
      'keys before our External profile',
      sdkKeys,
      { aliyun: aliyun({ mode: 'External', runsSesame: true }) },
      /hides profile p \(External\)/,
      /^unset/,
    ],
  ])('%s before what sesame gives: a warning with the way out', (_, env, rest, message, fix) => {
    const finding = chain(env as Record<string, string>, rest)
    expect(finding).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
    expect(JSON.stringify(finding)).not.toContain('very-secret-path')
  })

  test('with the switches of "exec --server" the URI wins', () => {
    const env = {
      ...uri,
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'TRUE',
    }
    expect(chain(env, { aliyun: aliyun({}) })).toMatchObject({
      status: 'ok',
      message: 'SDKs take the credentials URI at 127.0.0.1:4711',
    })
  })

  test('a profile that the SDKs cannot use lets them go on', () => {
    expect(chain({}, { aliyun: aliyun({ mode: 'CredentialsURI', usable: false }) })).toMatchObject({
      status: 'ok',
    })
  })
})

describe('the aliyun CLI', () => {
  const cli = (env: Record<string, string>, profile: object = {}) =>
    checkAliyunCli(env, 'linux', aliyun(profile))
  test('its own profile hides the keys of the shell, unless the variable is exactly TRUE', () => {
    expect(cli(sdkKeys)).toMatchObject({ status: 'warning', fix: 'export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE' })
    expect(cli({ ...sdkKeys, ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' })).toMatchObject({ status: 'ok' })
    expect(cli({ ...sdkKeys, ALIBABA_CLOUD_IGNORE_PROFILE: 'true' })).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('is "true"'),
    })
    expect(cli({ ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' })).toMatchObject({
      status: 'warning',
      fix: 'unset ALIBABA_CLOUD_IGNORE_PROFILE',
    })
    expect(cli(sdkKeys, { runsSesame: true })).toMatchObject({ status: 'ok' })
    expect(checkAliyunCli(sdkKeys, 'linux', undefined)).toBeUndefined()
  })
})
