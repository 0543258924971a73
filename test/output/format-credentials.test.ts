import { describe, expect, test } from 'vitest'
import { isSesameError } from '../../src/kit/errors.ts'
import {
  credentialEnvironment,
  credentialVariableNames,
  credentialVariables,
  formatCredentials,
  formatFailure,
  formats,
  formatUnset,
  isShellFormat,
} from '../../src/output/index.ts'
import { posix } from '../../src/output/posix.ts'
import { spawnSync } from '../support/run-sync.ts'
import { sampleCredentials, sampleEnvironment } from './sample-credentials.ts'

/** What a call throws, for looking at all of its fields. */
function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('formatCredentials', () => {
  const refused = ['a\nb', 'a\rb', 'a\0b', 'a\ud800b', '\udc00']
  const fields = ['accessKeyId', 'accessKeySecret', 'securityToken'] as const
  const cases = formats.flatMap((format) => fields.map((field) => ({ format, field })))

  test.each(cases)(
    '[case 48] $format refuses NUL, CR, LF and lone surrogates in $field, without the value',
    ({ format, field }) => {
      for (const value of refused) {
        const error = thrownBy(() =>
          formatCredentials(format, sampleCredentials({ [field]: `hiddenPart${value}` }), { profile: 'dev' }),
        )
        expect(isSesameError(error, 'ERR_UNSAFE_OUTPUT')).toBe(true)
        expect(error).toMatchObject({ message: expect.not.stringContaining('hiddenPart') })
      }
    },
  )

  test.each(cases)(
    '$format refuses an empty $field: half a set would mix with another',
    ({ format, field }) => {
      const attempt = () => formatCredentials(format, sampleCredentials({ [field]: '' }), { profile: 'dev' })
      expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
    },
  )

  test.each(formats.filter((format) => isShellFormat(format) || format === 'dotenv'))(
    '[case 50] %s refuses a profile name of two lines',
    (format) => {
      const attempt = () => formatCredentials(format, sampleCredentials(), { profile: 'dev\nexport PWN=1' })
      expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
    },
  )

  test.each(['A;touch PWN', 'A=B', 'A B', '', '1A', 'Ä', 'A\n', '-p', '$(x)'])(
    '[case 50] %j is not taken for the name of a variable',
    (name) => {
      expect(() => posix.assign(name, 'x')).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
      expect(() => posix.unset([name])).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
    },
  )

  test('every text ends with exactly one newline', () => {
    const credentials = sampleCredentials({ securityToken: 'CAIStoken' })
    for (const format of formats)
      expect(formatCredentials(format, credentials, { profile: 'dev' })).toMatch(/[^\n]\n$/)
  })
})

describe('credentialVariables', () => {
  test('hold exactly the names that SDKs, CLIs, Terraform and ossutil read', () => {
    expect(credentialVariableNames).toEqual(Object.keys(sampleEnvironment))
    expect(credentialVariables).toContainEqual({ name: 'SECURITY_TOKEN', holds: 'securityToken' })
  })

  test('[case 52] are all set together, whole seconds in the expiry', () => {
    expect(credentialEnvironment(sampleCredentials(), { profile: 'dev' })).toEqual(sampleEnvironment)
  })
})

describe('formatFailure and formatUnset', () => {
  test('[case 49] only the formats that are evaluated print anything', () => {
    expect(formats.filter((format) => formatFailure(format) !== '')).toEqual([
      'env',
      'fish',
      'powershell',
      'cmd',
      'aws-env',
    ])
    expect(formats.filter((format) => formatUnset(format) !== '')).toEqual([
      'env',
      'fish',
      'powershell',
      'cmd',
      'aws-env',
    ])
  })

  test('[case 49] a failure is one line where the shell can run several commands of it', () => {
    for (const format of ['env', 'fish', 'powershell'] as const)
      expect(formatFailure(format)).toMatch(/^[^\n]+\n$/)
  })
})

describe('[case 198] aws-env', () => {
  test('is three exports under the names of AWS, and nothing else', () => {
    expect(formatCredentials('aws-env', sampleCredentials(), { profile: 'dev', region: 'cn-shanghai' })).toBe(
      [
        'export AWS_ACCESS_KEY_ID=STS.NTxxSampleId',
        'export AWS_SECRET_ACCESS_KEY=sampleSecret0123456789+/=',
        'export AWS_SESSION_TOKEN=CAISsampleToken+with/all==of:it@%,-_.',
        '',
      ].join('\n'),
    )
  })

  test('what goes before them in S3 tools is taken out of the shell that has it', () => {
    const stale = {
      AWS_ACCESS_KEY: 'AKIA',
      AWS_SECRET_KEY: 'other',
      AWS_SECURITY_TOKEN: 'stale',
      AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
      AWS_CREDENTIAL_FILE: '/keys',
    }
    const env = { ...stale, AWS_SESSION_TOKEN: 'older', AWS_REGION: 'cn-shanghai', AWS_PROFILE: 'oss' }
    const text = formatCredentials('aws-env', sampleCredentials(), { profile: 'dev', env })
    const script = `${text}env | grep ^AWS_ | sort | cut -d= -f1`
    const { stdout } = spawnSync('sh', ['-c', script], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    })
    expect(stdout.trim().split('\n')).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_PROFILE',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
    ])
    expect(formatCredentials('env', sampleCredentials(), { profile: 'dev', env })).not.toContain('AWS_')
  })

  test('a failure unsets these three and no others, and is false for eval', () => {
    const script = `export AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_SESSION_TOKEN=c SECURITY_TOKEN=kept
      eval '${formatFailure('aws-env').trim()}' && echo true
      env | grep -c ^AWS_ ; echo $SECURITY_TOKEN`
    expect(
      spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH } }).stdout,
    ).toBe('0\nkept\n')
  })
})

describe('[case 154] the region of the profile', () => {
  const names = [
    'ALIBABA_CLOUD_REGION_ID',
    'ALIBABA_CLOUD_REGION',
    'ALICLOUD_REGION',
    'ALIBABACLOUD_REGION_ID',
    'OSS_REGION',
  ]
  test.each(['env', 'fish', 'powershell', 'cmd', 'dotenv'] as const)(
    'is set by %s under every name',
    (format) => {
      const credentials = sampleCredentials({ securityToken: 'CAIStoken' })
      const text = formatCredentials(format, credentials, { profile: 'dev', region: 'cn-shanghai' })
      for (const name of names) expect(text).toMatch(new RegExp(`\\b${name}\\b.{0,5}cn-shanghai`))
      const without = formatCredentials(format, credentials, { profile: 'dev' })
      for (const name of names) expect(without).not.toContain(name)
      expect(formatFailure(format)).not.toContain('REGION')
    },
  )

  test('is no part of what programs read as JSON', () => {
    const texts = (region?: string) =>
      (['json', 'aws', 'ossutil'] as const).map((format) =>
        formatCredentials(format, sampleCredentials(), { profile: 'dev', region }),
      )
    expect(texts('cn-shanghai')).toEqual(texts())
  })
})
