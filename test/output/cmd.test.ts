import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cmd } from '../../src/output/cmd.ts'
import { formatCredentials, formatFailure, formatUnset } from '../../src/output/index.ts'
import { hostileText } from './hostile-text.ts'
import { sampleCredentials, sampleEnvironment } from './sample-credentials.ts'

describe('cmd', () => {
  test('a line is one set command with the whole assignment in quotes', () => {
    expect(cmd.assign('A', 'a&b|c<d>e^f (g)')).toBe('set "A=a&b|c<d>e^f (g)"\n')
  })

  test.each(['"', '%', '!', '\u0000', '\t', '\u001a', '\u007f', 'é', '开'])(
    '[case 48] a value with %j is refused, without showing it',
    (char) => {
      const attempt = () => cmd.assign('SESAME_PROFILE', `hidden${char}value`)
      expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
      expect(attempt).toThrow(/^The format cmd cannot carry the value of SESAME_PROFILE\.$/)
    },
  )

  test('[case 48] what is not refused stands between the quotes unchanged (P)', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const carried = /^[ -~]+$/.test(value) && !/["%!]/.test(value)
        if (carried) expect(cmd.assign('A', value)).toBe(`set "A=${value}"\n`)
        else
          expect(() => cmd.assign('A', value)).toThrow(expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }))
      }),
      { numRuns: 500 },
    )
  })

  test('[case 52] all variables are set', () => {
    const printed = formatCredentials(
      'cmd',
      sampleCredentials({ securityToken: 'CAISsampleToken+with/all==of:it' }),
      { profile: 'dev' },
    )
    expect([...printed.matchAll(/^set "([A-Z_]+)=([^"]+)"$/gm)].map(([, name]) => name)).toEqual(
      Object.keys(sampleEnvironment),
    )
    expect(printed).toContain('set "SECURITY_TOKEN=CAISsampleToken+with/all==of:it"\n')
  })

  test('[case 49] a failure clears every variable line by line, then shows one that is gone: ERRORLEVEL 1', () => {
    const lines = formatFailure('cmd').trimEnd().split('\n')
    expect(lines.pop()).toBe('set SESAME_PROFILE')
    expect(lines).toEqual(Object.keys(sampleEnvironment).map((name) => `set "${name}="`))
    expect(formatUnset('cmd')).toBe(`${lines.join('\n')}\n`)
  })
})
