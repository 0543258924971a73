import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCredentials } from '../../src/output/index.ts'
import { hostileText } from './hostile-text.ts'
import { sampleCredentials } from './sample-credentials.ts'

const credentials = sampleCredentials({ securityToken: 'CAIStoken' })

describe('json formats', () => {
  test('[case 55] json is what the External mode of the CLI and the SDKs reads', () => {
    expect(formatCredentials('json', credentials, { profile: 'dev' })).toBe(
      '{"mode":"StsToken","access_key_id":"STS.NTxxSampleId","access_key_secret":"sampleSecret0123456789+/=",' +
        '"sts_token":"CAIStoken","expiration":"2026-11-21T08:00:00Z"}\n',
    )
  })

  test('[case 55] aws is credential_process version 1', () => {
    expect(formatCredentials('aws', credentials, { profile: 'dev' })).toBe(
      '{"Version":1,"AccessKeyId":"STS.NTxxSampleId","SecretAccessKey":"sampleSecret0123456789+/=",' +
        '"SessionToken":"CAIStoken","Expiration":"2026-11-21T08:00:00Z"}\n',
    )
  })

  test('ossutil is its external process', () => {
    expect(formatCredentials('ossutil', credentials, { profile: 'dev' })).toBe(
      '{"AccessKeyId":"STS.NTxxSampleId","AccessKeySecret":"sampleSecret0123456789+/=",' +
        '"SecurityToken":"CAIStoken","Expiration":"2026-11-21T08:00:00Z"}\n',
    )
  })

  test.each(['json', 'aws', 'ossutil'] as const)(
    '[case 55] %s is one object on one line for any value (P)',
    (format) => {
      fc.assert(
        fc.property(hostileText, hostileText, hostileText, (accessKeyId, accessKeySecret, securityToken) => {
          const change = { accessKeyId, accessKeySecret, securityToken }
          const printed = formatCredentials(format, sampleCredentials(change), { profile: 'dev' })
          expect(printed.indexOf('\n')).toBe(printed.length - 1)
          expect(Object.values(JSON.parse(printed))).toEqual(expect.arrayContaining(Object.values(change)))
        }),
      )
    },
  )
})
