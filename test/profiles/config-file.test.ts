import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/profiles/config-file.ts'
import { parseConfig, serializeConfig } from '../../src/profiles/config-text.ts'
import { type Config, emptyConfig, withoutProfile, withProfile } from '../../src/profiles/index.ts'

const parse = (text: string) => parseConfig(text, '/home/x/config.json')

describe('[case 38] a configuration that cannot be understood', () => {
  test.each([
    '{',
    'null',
    '[]',
    '0',
    '"text"',
    '{"version":2}',
    '{"version":1,"signInUrl":7}',
    '{"version":1,"store":"vault"}',
    '{"version":1,"store":"\\u001b[2J"}',
    '{"version":1,"currentProfile":[]}',
    '{"version":1,"profiles":[]}',
    '{"version":1,"profiles":null}',
    '{"version":1,"profiles":{"a":null}}',
    '{"version":1,"profiles":{"a":{"kind":"vault"}}}',
    '{"version":1,"profiles":{"a":{"kind":"cloudsso","accountId":1234}}}',
    '{"version":1,"profiles":{"../a":{"kind":"cloudsso"}}}',
    '{"version":1,"profiles":{"\\u001b[2J":{"kind":"cloudsso"}}}',
  ])('%j is ERR_CONFIG with the path, on one printable line', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
    expect(() => parse(text)).toThrow(
      /^The configuration \/home\/x\/config\.json cannot be read: [^\p{Cc}]+$/u,
    )
  })

  test('any text is a configuration or ERR_CONFIG', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(parse(text).profiles).toBeInstanceOf(Map)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_CONFIG' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a configuration', () => {
  test('with a byte order mark, unknown members and no profiles is read', () => {
    expect(parse('\ufeff{"version":1,"colour":"red","signInUrl":"https://a.example/"}')).toEqual({
      signInUrl: 'https://a.example/',
      profiles: new Map(),
    })
  })

  test('of no version is one of ours; members of a prototype are none', () => {
    expect(parse('{}')).toEqual(emptyConfig)
    expect(parse('{"__proto__":{"signInUrl":"https://evil.example/"}}')).toEqual(emptyConfig)
    expect(
      parse('{"profiles":{"a":{"kind":"cloudsso","__proto__":{"accountId":"1"}}}}').profiles.get('a'),
    ).toEqual({
      kind: 'cloudsso',
    })
    expect(({} as Record<string, unknown>).signInUrl).toBeUndefined()
  })

  test('an unknown store of a profile is forgotten, not trusted', () => {
    expect(parse('{"profiles":{"a":{"kind":"cloudsso","store":"memory"}}}').profiles.get('a')).toEqual({
      kind: 'cloudsso',
    })
  })

  const name = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,20}[A-Za-z0-9_]$/),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'CON', 'con', '部署'),
  )
  const profile = fc.record(
    {
      kind: fc.constant('cloudsso' as const),
      signInUrl: fc.string(),
      accountId: fc.string(),
      accountName: fc.string({ unit: 'binary' }),
      accessConfigurationId: fc.string(),
      store: fc.constantFrom('keychain' as const, 'encrypted-file' as const, 'plaintext' as const),
    },
    { requiredKeys: ['kind'] },
  )

  test('[case 89] comes back from its own text, whatever the profiles are called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, profile)),
        fc.option(name, { nil: undefined }),
        (entries, current) => {
          const config: Config = {
            profiles: new Map(entries),
            ...(current === undefined ? {} : { currentProfile: current }),
          }
          const back = parse(serializeConfig(config))
          expect([...back.profiles.keys()].sort()).toEqual([...config.profiles.keys()].sort())
          for (const [key, value] of config.profiles) expect(back.profiles.get(key)).toEqual({ ...value })
          expect(back.currentProfile).toBe(current)
        },
      ),
    )
  })

  test('without a profile it is no longer the current one', () => {
    const config = { ...withProfile(emptyConfig, 'dev', { kind: 'cloudsso' }), currentProfile: 'dev' }
    expect(withoutProfile(config, 'dev')).toEqual({ profiles: new Map() })
    expect(withoutProfile(config, 'other')).toEqual(config)
  })
})

describe('the file', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'config-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))
  const path = () => join(directory, 'config.json')
  const never = (line: string) => {
    throw new Error(line)
  }

  test('that is missing or empty is an empty configuration', () => {
    expect(readConfig(directory, never)).toBe(emptyConfig)
    writeFileSync(path(), ' \n', { mode: 0o600 })
    expect(readConfig(directory, never)).toBe(emptyConfig)
  })

  test('that is damaged stays as it is: a person may have written it', () => {
    writeFileSync(path(), '{"version":1,,}', { mode: 0o600 })
    expect(() => readConfig(directory, never)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
    expect(readFileSync(path(), 'utf8')).toBe('{"version":1,,}')
  })
})
