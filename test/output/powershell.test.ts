import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCredentials, formatFailure, formatUnset } from '../../src/output/index.ts'
import { powershell } from '../../src/output/powershell.ts'
import { hostileText } from './hostile-text.ts'
import { sampleCredentials, sampleEnvironment } from './sample-credentials.ts'

/** Reads `$env:NAME = …` as PowerShell does: verbatim strings with doubled quotes and `[char]` terms, joined by `+`. */
function readAssignment(line: string): [name: string, value: string] {
  const [, name = '', expression = ''] = /^\$env:([A-Za-z_]\w*) = (.+)\n$/.exec(line) ?? []
  const term = /^(?:'((?:[^'‘’‚‛]|''|[‘’‚‛]{2})*)'|\[char\]0x([0-9a-f]{4}))(?: \+ |$)/
  let rest = expression
  let value = ''
  while (rest !== '') {
    const found = term.exec(rest)
    if (!found) throw new Error(`not an expression: ${rest}`)
    value +=
      found[2] === undefined
        ? (found[1] ?? '').replaceAll("''", "'")
        : String.fromCharCode(Number.parseInt(found[2], 16))
    rest = rest.slice(found[0].length)
  }
  return [name, value]
}

describe('powershell', () => {
  test('ordinary values are one verbatim string', () => {
    expect(powershell.assign('A', 'x+/=')).toBe("$env:A = 'x+/='\n")
    expect(powershell.assign('A', "it's $(x) `t")).toBe("$env:A = 'it''s $(x) `t'\n")
  })

  test('letters beyond ASCII are spelled out, behind a string', () => {
    expect(powershell.assign('A', 'a’b')).toBe("$env:A = 'a' + [char]0x2019 + 'b'\n")
    expect(powershell.assign('A', '😀')).toBe("$env:A = '' + [char]0xd83d + [char]0xde00\n")
  })

  test('[case 48] any value is one line of ASCII that reads back equal (P)', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const line = powershell.assign('A', value)
        expect(line).toMatch(/^[ -~]+\n$/)
        expect(line).toMatch(/^\$env:A = '/)
        expect(readAssignment(line)).toEqual(['A', value])
      }),
      { numRuns: 500 },
    )
  })

  test('[case 52] all variables are set', () => {
    const lines =
      formatCredentials('powershell', sampleCredentials(), { profile: 'dev' }).match(/.*\n/g) ?? []
    expect(Object.fromEntries(lines.map(readAssignment))).toEqual(sampleEnvironment)
  })

  test('[case 49] a failure is one line that removes every variable, then throws', () => {
    const [removal = '', failure, ...more] = formatFailure('powershell').split('; ')
    expect([failure, ...more]).toEqual(["throw 'sesame: no credentials'\n"])
    expect(removal).toMatch(/^Remove-Item -ErrorAction SilentlyContinue -LiteralPath /)
    const removed = (removal.split(' ').at(-1) ?? '').split(',')
    expect(removed).toEqual(Object.keys(sampleEnvironment).map((name) => `Env:${name}`))
    expect(formatUnset('powershell')).toBe(`${removal}\n`)
  })
})
