import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkProfileName, chooseProfileName, emptyConfig } from '../../src/profiles/index.ts'

describe('[case 89] a profile name', () => {
  test.each([
    'a',
    'dev',
    'Dev',
    'CON',
    'constructor',
    '__proto__',
    'prod.eu-1',
    'me@work',
    'a b',
    '部署',
    'x'.repeat(64),
  ])('%j is fine', (name) => {
    expect(checkProfileName(name)).toBe(name)
  })

  test.each([
    '',
    '.',
    '..',
    '/',
    'a/b',
    'a\\b',
    '-x',
    '--profile',
    ' a',
    'a ',
    'a.',
    'a\nb',
    'a\n',
    'a\u0000',
    "a'b",
    'a"b',
    'a;b',
    '$(id)',
    '`id`',
    'a=b',
    'a\u202eb',
    '\u001b[31m',
    'x'.repeat(65),
    'x'.repeat(4096),
    '\ud800',
  ])('%j is not', (name) => {
    expect(() => checkProfileName(name)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
  })

  test('that is accepted is short, one line, and free of what shells and paths understand', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        try {
          checkProfileName(name)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_USAGE' })
          expect((error as Error).message).not.toMatch(/\p{Cc}/u)
          return
        }
        expect(name).not.toMatch(/[\p{Cc}\p{Cs}/\\'"`$;&|<>=*?!(){}[\]~#%^,:]/u)
        expect([...name].length).toBeLessThanOrEqual(64)
      }),
      { numRuns: 2000 },
    )
  })
})

test('the option goes before the variable, that before the current one, and that before "default"', () => {
  const config = { ...emptyConfig, currentProfile: 'current' }
  expect(chooseProfileName(config, { option: 'option', environment: 'variable' })).toBe('option')
  expect(chooseProfileName(config, { option: undefined, environment: 'variable' })).toBe('variable')
  expect(chooseProfileName(config, { option: undefined, environment: '' })).toBe('current')
  expect(chooseProfileName(emptyConfig, { option: undefined, environment: undefined })).toBe('default')
})
