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
    const names = [...new Set(keyFamilies.flatMap(({ id, secret, tokens }) => [id, secret, ...tokens]))]
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

const aliyun = (profile: object, facts: object = {}) => ({
  path: '/h/.aliyun/config.json',
  mode: 0o600,
  canRewrite: false,
  current: 'p',
  profiles: [
    { name: 'p', mode: 'AK', secrets: [], isBlank: false, usable: true, runsSesame: false, ...profile },
  ],
  ...facts,
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
  const cli = (env: Record<string, string>, profile: object = {}, facts: object = {}) =>
    checkAliyunCli(env, 'linux', aliyun(profile, facts), 'dev')
  const both = 'export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE ALIBABACLOUD_IGNORE_PROFILE=TRUE'
  test('[case 214] its own profile hides the keys of the shell, unless a variable is exactly TRUE; the remedy names both spellings', () => {
    expect(cli(sdkKeys)).toMatchObject({ status: 'warning', fix: both })
    expect(cli({ ...sdkKeys, ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' })).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('up to 3.0.212 it needs ALIBABACLOUD_IGNORE_PROFILE too'),
    })
    for (const name of ['ALIBABACLOUD_IGNORE_PROFILE'])
      expect(cli({ ...sdkKeys, [name]: 'TRUE' })).toMatchObject({
        status: 'ok',
        message: 'the aliyun CLI takes the keys of this shell',
      })
    expect(cli({ ...sdkKeys, ALIBABA_CLOUD_IGNORE_PROFILE: 'true' })).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('is "true"'),
      fix: both,
    })
    expect(cli({ ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE', ALIBABACLOUD_IGNORE_PROFILE: 'TRUE' })).toMatchObject({
      status: 'warning',
      fix: 'unset ALIBABA_CLOUD_IGNORE_PROFILE ALIBABACLOUD_IGNORE_PROFILE',
    })
    expect(cli(sdkKeys, { runsSesame: true })).toMatchObject({ status: 'ok' })
    expect(checkAliyunCli(sdkKeys, 'linux', undefined)).toBeUndefined()
    expect(checkAliyunCli(sdkKeys, 'win32', aliyun({}))?.fix).toBe(
      "$Env:ALIBABA_CLOUD_IGNORE_PROFILE = 'TRUE'; $Env:ALIBABACLOUD_IGNORE_PROFILE = 'TRUE'",
    )
  })

  test.each([
    [
      '[case 222] a switch that forbids External',
      { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: 'TRUE' },
      { mode: 'External', runsSesame: true },
      {},
      'warning',
      'unset ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS',
    ],
    [
      '[case 158] a file that it cannot read',
      {},
      {},
      { refused: 'it is UTF-16', canRewrite: true },
      'problem',
      'sesame configure --for aliyun --profile dev',
    ],
    [
      '[case 158] a number for a text',
      {},
      {},
      { refused: 'x is not in quotes' },
      'problem',
      'put the value between quotes',
    ],
    [
      '[case 158] a mode in other capitals',
      {},
      { mode: 'External', misspelled: 'External', runsSesame: true },
      {},
      'warning',
      'sesame configure --for aliyun --profile p',
    ],
    [
      '[case 216] a current profile that is not there',
      {},
      {},
      { current: 'gone' },
      'problem',
      'sesame configure --for aliyun --profile dev',
    ],
    [
      '[case 216] one of the environment that is not there',
      { ALICLOUD_PROFILE: 'gone' },
      {},
      {},
      'problem',
      'unset ALICLOUD_PROFILE',
    ],
    [
      '[case 216] an empty one that the CLI made',
      {},
      { isBlank: true },
      {},
      'warning',
      'sesame configure --for aliyun --profile dev',
    ],
  ])('%s', (_, env, profile, facts, status, fix) => {
    expect(cli(env as Record<string, string>, profile, facts)).toMatchObject({ status, fix })
  })

  test('that switch says nothing about profiles that have keys', () => {
    expect(cli({ ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: '1' })).toMatchObject({ status: 'ok' })
  })
})

describe('[case 155] stale tokens', () => {
  const all = {
    ...sdkKeys,
    ALIBABACLOUD_ACCESS_KEY_ID: 'STS.one',
    ALIBABACLOUD_ACCESS_KEY_SECRET: 'secret-one',
    SECURITY_TOKEN: 'token-one',
    ALICLOUD_ACCESS_KEY: 'STS.one',
    ALICLOUD_SECRET_KEY: 'secret-one',
    ALICLOUD_SECURITY_TOKEN: 'token-one',
  }
  test.each([
    ['ALIBABACLOUD_SECURITY_TOKEN', all],
    ['ALICLOUD_ACCESS_KEY_STS_TOKEN', all],
    ['ALIBABACLOUD_SECURITY_TOKEN', sdkKeys],
    ['ALIYUN_LOG_CLI_STS_TOKEN', all],
    ['ODPS_STS_TOKEN', {}],
  ])('%s is named, whatever else agrees', (name, env) => {
    const findings = look({ ...env, [name]: 'token-of-yesterday' })
    expect(findings).toMatchObject([
      { message: expect.stringContaining(name), fix: expect.stringMatching(/^unset /) },
    ])
    expect(findings[0]?.fix).toContain(name)
    expect(look({ ...env })).toMatchObject([{ status: 'ok' }])
  })
})

describe('[case 191] keys that beat what sesame hands over', () => {
  test.each([
    ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'plugins'],
    ['ODPS_STS_ACCESS_KEY_ID', 'ODPS_STS_ACCESS_KEY_SECRET', 'PyODPS'],
    ['ODPS_ACCESS_ID', 'ODPS_ACCESS_KEY', 'PyODPS'],
    ['AccessKeyID', 'AccessKeySecret', 'Serverless Devs'],
    ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'aliyun CLI'],
  ])('%s', (id, secret, reader) => {
    for (const more of [{}, sdkKeys])
      expect(look({ ...more, [id]: 'LTAI5t', [secret]: 'hush-hush' })).toEqual([
        {
          check: 'environment',
          status: 'warning',
          message: expect.stringMatching(new RegExp(`^${id} \\(LTAI5t\\) is set: for .*${reader}`)),
          fix: `unset ${id} ${secret}`,
        },
      ])
  })

  test.each([
    'ODPS_BEARER_TOKEN',
    'ODPS_BEARER_TOKEN_FILE',
    'ALIBABA_CLOUD_PROFILE_MODE',
    'ALIBABA_CLOUD_BEARER_TOKEN',
    'ALICLOUD_ASSUME_ROLE_ARN',
  ])('[case 221] %s', (name) => {
    const findings = look({ ...sdkKeys, [name]: 'hush-hush' })
    expect(findings).toMatchObject([{ status: 'warning', fix: `unset ${name}` }])
    expect(JSON.stringify(findings)).not.toContain('hush')
  })
})

test('[case 192] a credentials URI of ours behind a proxy for http is named', () => {
  const switches = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' }
  const finding = chain({
    ...uri,
    ...switches,
    http_proxy: 'http://user:hush@p:1',
    HTTPS_PROXY: 'http://p:1',
  })
  expect(finding).toMatchObject({ status: 'warning', fix: 'unset http_proxy' })
  expect(JSON.stringify(finding)).not.toMatch(/hush|very-secret/)
  expect(chain({ ...uri, ...switches, HTTPS_PROXY: 'http://p:1' })).toMatchObject({ status: 'ok' })
})
