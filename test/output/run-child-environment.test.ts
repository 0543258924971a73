import { describe, expect, test } from 'vitest'
import { type ChildCredentials, childEnvironment, isNested } from '../../src/output/index.ts'
import { spawnSync } from '../support/run-sync.ts'
import { sampleCredentials, sampleEnvironment, staleEnvironment } from './sample-credentials.ts'

const fixed: ChildCredentials = { kind: 'static', credentials: sampleCredentials() }
const served: ChildCredentials = {
  kind: 'server',
  url: 'http://127.0.0.1:40123/pathSecret',
  noFile: '/config/no-credentials-file',
}
const linux = { profile: 'dev', platform: 'linux' } as const
const markers = {
  ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE',
  ALIBABACLOUD_IGNORE_PROFILE: 'TRUE',
  SESAME_EXEC: 'dev',
}

/** Everything by which a client could find credentials that are not ours. */
const foreign: Record<string, string> = {
  ...staleEnvironment,
  ACCESS_KEY_ID: 'stale',
  ACCESS_KEY_SECRET: 'stale',
  ALIBABACLOUD_SECURITY_TOKEN: 'stale',
  ALICLOUD_ACCESS_KEY_STS_TOKEN: 'stale',
  ALIBABA_CLOUD_PROFILE: 'stale',
  ALIBABACLOUD_PROFILE: 'stale',
  ALICLOUD_PROFILE: 'stale',
  ALIBABA_CLOUD_CREDENTIALS_FILE: '/stale',
  ALIBABA_CLOUD_CREDENTIALS_URI: 'http://stale',
  ALICLOUD_CREDENTIALS_URI: 'http://stale',
  ALIBABA_CLOUD_ROLE_ARN: 'stale',
  ALIBABACLOUD_ROLE_ARN: 'stale',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'stale',
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: 'stale',
  ALIBABA_CLOUD_OIDC_ANYTHING: 'stale',
  ALIBABACLOUD_OIDC_PROVIDER_ARN: 'stale',
  ALIYUN_ACCESS_KEY_ID: 'stale',
  ALIYUN_ACCESS_KEY_SECRET: 'stale',
  ALIYUN_SECURITY_TOKEN: 'stale',
  ALIYUN_STS_TOKEN: 'stale',
  ALIYUN_ACCESS_KEY: 'stale',
  ALIYUN_SECRET_KEY: 'stale',
  ALIYUN_PROFILE: 'stale',
  ODPS_STS_ACCESS_KEY_ID: 'stale',
  ODPS_STS_ACCESS_KEY_SECRET: 'stale',
  ODPS_STS_TOKEN: 'stale',
  ODPS_STS_TOKEN_FILE: '/stale',
  ODPS_ACCESS_ID: 'stale',
  ODPS_ACCESS_KEY: 'stale',
  ODPS_BEARER_TOKEN: 'stale',
  ODPS_BEARER_TOKEN_FILE: '/stale',
  AccountID: 'stale',
  AccessKeyID: 'stale',
  AccessKeySecret: 'stale',
  SecurityToken: 'stale',
  default_serverless_devs_key: 'stale',
  ALIBABA_CLOUD_PROFILE_MODE: 'stale',
  ALIBABA_CLOUD_BEARER_TOKEN: 'stale',
  ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY: 'stale',
  ALICLOUD_SHARED_CREDENTIALS_FILE: '/stale',
  ALIBABA_CLOUD_CONFIG_FILE: '/stale',
  ALICLOUD_ASSUME_ROLE_ARN: 'stale',
  ALICLOUD_ASSUME_ROLE_SESSION_NAME: 'stale',
  OSS_ROLE_ARN: 'stale',
  OSS_ROLE_SESSION_NAME: 'stale',
  OSSUTIL_CONFIG_VALUE: 'stale',
  ALIBABA_CLOUD_ECS_METADATA: 'stale',
  ALICLOUD_ECS_ROLE_NAME: 'stale',
  SESAME_PASSPHRASE: 'stale passphrase',
}
const harmless = {
  PATH: '/usr/bin:/bin',
  HOME: '/home/person',
  DEBUG: 'sesame:*',
  EMPTY: '',
  ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
  ALIBABA_CLOUD_STS_ENDPOINT: 'sts.example.com',
  ALICLOUD_REGION: 'cn-hangzhou',
  OSS_ENDPOINT: 'oss.example.com',
  SESAME_CONFIG_DIR: '/config',
  access_key_id: 'another name on POSIX',
}

describe('[case 53] the environment of a child', () => {
  test('[case 52][case 155][case 191][case 221] has ours under every name, nothing of another source, and the rest as it was', () => {
    const env = childEnvironment({ ...harmless, ...foreign, ABSENT: undefined }, fixed, linux)
    expect(env).toEqual({ ...harmless, ...sampleEnvironment, ...markers })
    expect(Object.values(env).join(' ')).not.toContain('stale')
    expect(env).not.toHaveProperty('ODPS_STS_TOKEN')
  })

  test('[case 190] with a server: its address under both names, the switches, a file that is not there, and no key at all', () => {
    const env = childEnvironment({ ...harmless, ...foreign }, served, linux)
    expect(env).toEqual({
      ...harmless,
      ...markers,
      ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:40123/pathSecret',
      ALICLOUD_CREDENTIALS_URI: 'http://127.0.0.1:40123/pathSecret',
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
      ALIBABA_CLOUD_CREDENTIALS_FILE: '/config/no-credentials-file',
      NO_PROXY: '127.0.0.1,localhost,::1',
      no_proxy: '127.0.0.1,localhost,::1',
      SESAME_PROFILE: 'dev',
    })
  })

  test('[case 154] the region of the profile goes under every name, before what the shell says', () => {
    const region = 'cn-shanghai'
    const names = [
      'ALIBABA_CLOUD_REGION_ID',
      'ALIBABA_CLOUD_REGION',
      'ALICLOUD_REGION',
      'ALIBABACLOUD_REGION_ID',
    ]
    const all = Object.fromEntries([...names, 'OSS_REGION'].map((name) => [name, region]))
    expect(childEnvironment(harmless, fixed, { ...linux, region })).toMatchObject(all)
    expect(childEnvironment(harmless, served, { ...linux, region })).toMatchObject(all)
    expect(childEnvironment(harmless, fixed, linux)).not.toHaveProperty('OSS_REGION')
  })

  test.each([
    ['nothing', {}, '127.0.0.1,localhost,::1'],
    ['a list', { NO_PROXY: 'intra.example' }, 'intra.example,127.0.0.1,localhost,::1'],
    [
      'two lists',
      { NO_PROXY: 'a.example', no_proxy: 'b.example, 127.0.0.1' },
      'a.example,b.example,127.0.0.1,localhost,::1',
    ],
    [
      'a list with blanks',
      { no_proxy: 'a.example b.example' },
      'a.example,b.example,127.0.0.1,localhost,::1',
    ],
    ['everything', { no_proxy: '*' }, '*'],
  ])('[case 192] with a server loopback is never behind a proxy: NO_PROXY with %s', (_, lists, list) => {
    const proxies = { HTTP_PROXY: 'http://p:1', http_proxy: 'http://p:1', Http_Proxy: 'http://p:1' }
    const others = { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://p:1', ALL_PROXY: 'http://p:1' }
    const base = { ...proxies, ...others, ...lists }
    const env = childEnvironment(base, served, linux)
    expect(env).toMatchObject({ ...others, NO_PROXY: list, no_proxy: list })
    expect(Object.keys(env).filter((name) => name.toLowerCase() === 'http_proxy')).toEqual([])
    expect(childEnvironment(base, fixed, linux)).toMatchObject(base)
    const windows = childEnvironment(base, served, { ...linux, platform: 'win32' })
    expect(Object.keys(windows).filter((name) => name.toLowerCase() === 'no_proxy')).toEqual(['NO_PROXY'])
  })

  test('on Windows another spelling of a name is the same variable', () => {
    const base = {
      Path: 'C:\\',
      alibaba_cloud_access_key_id: 'stale',
      Sesame_Exec: 'stale',
      Security_Token: 'x',
      ACCESSKEYID: 'stale',
      Odps_Sts_Token: 'stale',
    }
    const env = childEnvironment(base, fixed, { profile: 'dev', platform: 'win32' })
    expect(env).toEqual({ Path: 'C:\\', ...sampleEnvironment, ...markers })
  })

  test('what no environment can carry is refused, without the value in the message', () => {
    const broken = sampleCredentials({ securityToken: 'token\nwith a line' })
    expect(() => childEnvironment({}, { kind: 'static', credentials: broken }, linux)).toThrow(
      expect.objectContaining({
        code: 'ERR_UNSAFE_OUTPUT',
        message: expect.not.stringContaining('with a line'),
      }),
    )
    expect(() => childEnvironment({}, served, { ...linux, profile: 'a\0b' })).toThrow(
      expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }),
    )
  })

  test('names of the prototype chain are names like any other', () => {
    const base = JSON.parse('{"__proto__":"a","constructor":"b","hasOwnProperty":"c"}')
    const env = childEnvironment(base, served, linux)
    expect(Object.entries(env)).toEqual(expect.arrayContaining(Object.entries(base)))
  })

  test('a real child sees exactly this', () => {
    const env = childEnvironment({ PATH: process.env.PATH, ...foreign }, fixed, linux)
    const { stdout } = spawnSync('env', ['-0'], { env, encoding: 'utf8' })
    const seen = Object.fromEntries(
      stdout
        .split('\0')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    expect(seen).toEqual(env)
  })
})

test('nested: inside a child, and nowhere else', () => {
  expect(isNested(childEnvironment({}, fixed, linux))).toBe(true)
  expect(isNested(childEnvironment({}, served, linux))).toBe(true)
  expect(isNested({ SESAME_PROFILE: 'dev', ...sampleEnvironment })).toBe(false)
  expect(isNested({ SESAME_EXEC: '' })).toBe(false)
})
