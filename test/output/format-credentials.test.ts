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
    ])
    expect(formats.filter((format) => formatUnset(format) !== '')).toEqual([
      'env',
      'fish',
      'powershell',
      'cmd',
    ])
  })

  test('[case 49] a failure is one line where the shell can run several commands of it', () => {
    for (const format of ['env', 'fish', 'powershell'] as const)
      expect(formatFailure(format)).toMatch(/^[^\n]+\n$/)
  })
})
