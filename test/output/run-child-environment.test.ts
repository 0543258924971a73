import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type ChildCredentials, childEnvironment, isNested } from '../../src/output/index.ts'
import { sampleCredentials, sampleEnvironment, staleEnvironment } from './sample-credentials.ts'

const fixed: ChildCredentials = { kind: 'static', credentials: sampleCredentials() }
const served: ChildCredentials = { kind: 'server', url: 'http://127.0.0.1:40123/pathSecret' }
const linux = { profile: 'dev', platform: 'linux' } as const
const markers = { ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE', SESAME_EXEC: 'dev' }

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
  test('[case 52] has ours under every name, nothing of another source, and the rest as it was', () => {
    const env = childEnvironment({ ...harmless, ...foreign, ABSENT: undefined }, fixed, linux)
    expect(env).toEqual({ ...harmless, ...sampleEnvironment, ...markers })
    expect(Object.values(env).join(' ')).not.toContain('stale')
  })

  test('with a server: its address under both names, the switches, and no key at all', () => {
    const env = childEnvironment({ ...harmless, ...foreign }, served, linux)
    expect(env).toEqual({
      ...harmless,
      ...markers,
      ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:40123/pathSecret',
      ALICLOUD_CREDENTIALS_URI: 'http://127.0.0.1:40123/pathSecret',
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
      SESAME_PROFILE: 'dev',
    })
  })

  test('on Windows another spelling of a name is the same variable', () => {
    const base = {
      Path: 'C:\\',
      alibaba_cloud_access_key_id: 'stale',
      Sesame_Exec: 'stale',
      Security_Token: 'x',
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
