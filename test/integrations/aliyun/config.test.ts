import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  externalProfile,
  findProfile,
  isOurs,
  textHoldsSecret,
  withProfileText,
} from '../../../src/integrations/aliyun/config.ts'

const dev = {
  name: 'dev',
  processCommand: 'sesame credentials --profile dev --format json',
  region: undefined,
}
const profileDev = externalProfile(undefined, dev)

describe('withProfileText', () => {
  const foreign = `{
    "current" : "work", "odd": 12345678901234567890, "odd": 1.0e2,
    "profiles": [ {"name":"work","mode":"AK","access_key_id":"a\\"]}","n":1e400} ,
  {"name": "dev2", "mode": "OIDC"}],  "meta_path": "", "plugins": {"profiles": [1]}
}\n`

  test('adds a profile and leaves every other byte', () => {
    const after = withProfileText(foreign, profileDev)
    const added = `,\n\t\t${JSON.stringify(profileDev, null, '\t').replaceAll('\n', '\n\t\t')}`
    expect(after.split(added)).toHaveLength(2)
    expect(after.replace(added, '')).toBe(foreign)
    expect(JSON.parse(after)).toMatchObject({ current: 'work' })
    expect(findProfile(after, 'dev')).toEqual(profileDev)
  })

  test('P: leaves every other byte of any JSON text, however it is spaced', () => {
    const spacing = fc.constantFrom('', ' ', '\t', '    ')
    const entries = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.jsonValue(), entries, spacing, fc.boolean(), (value, before, indent, crlf) => {
        const content = { odd: value, profiles: before, more: { profiles: value } }
        const lines = ` ${JSON.stringify(content, null, indent)}\n`
        const text = crlf ? lines.replaceAll('\n', '\r\n') : lines
        const after = withProfileText(text, { name: '\u0000ours', mode: 'External' })
        const added = ',\n\t\t{\n\t\t\t"name": "\\u0000ours",\n\t\t\t"mode": "External"\n\t\t}'
        expect(after.split(added).join('')).toBe(text)
        expect(JSON.parse(after)).toEqual({
          ...JSON.parse(text),
          profiles: [...JSON.parse(text).profiles, { name: '\u0000ours', mode: 'External' }],
        })
        expect(withProfileText(after, { name: '\u0000ours', mode: 'External' })).toBe(after)
      }),
    )
  })

  test('of two lists the last one counts, as for JSON.parse', () => {
    const text = '{"profiles": [{"name": "a"}], "profiles": [{"name": "b"}]}'
    const after = withProfileText(text, { name: 'b', mode: 'AK' })
    expect(after.startsWith('{"profiles": [{"name": "a"}], "profiles": [{')).toBe(true)
    expect(JSON.parse(after)).toEqual({ profiles: [{ name: 'b', mode: 'AK' }] })
  })

  test('replaces one profile and leaves every other byte; again, and nothing changes', () => {
    const [before = '', behind = ''] = foreign.split('{"name": "dev2", "mode": "OIDC"}')
    const after = withProfileText(foreign, { ...profileDev, name: 'dev2' })
    expect(after.startsWith(before)).toBe(true)
    expect(after.endsWith(behind)).toBe(true)
    expect(withProfileText(after, { ...profileDev, name: 'dev2' })).toBe(after)
  })

  test.each(['', '\n', '{}', '{"profiles":[]}', '{"profiles":null,"meta_path":"x"}'])(
    'starts from %j',
    (text) => {
      const after = JSON.parse(withProfileText(text, profileDev))
      expect(after.profiles).toEqual([profileDev])
    },
  )

  test('a new file is what the CLI itself would write: tabs, and our profile is the current one', () => {
    const text = withProfileText('', profileDev)
    expect(text).toMatch(/^\{\n\t"current": "dev",\n/)
    expect(text).toContain('\n\t\t\t"mode": "External",\n')
  })

  test.each(['{', '[]', '"x"', '{"profiles":{}}', '{"profiles":[1]}', 'key sk-secret'])(
    'refuses %j',
    (text) => {
      const error = (() => {
        try {
          withProfileText(text, profileDev)
        } catch (thrown) {
          return thrown as Error
        }
        return undefined
      })()
      expect(error).toMatchObject({ code: 'ERR_CONFIG' })
      expect(`${error?.message}${error?.cause ?? ''}`).not.toContain('sk-secret')
    },
  )
})

describe('externalProfile', () => {
  test('keeps what is not about credentials, and no secret', () => {
    const before = {
      name: 'dev',
      mode: 'CloudSSO',
      access_key_id: 'STS.x',
      access_key_secret: 's',
      sts_token: 't',
      access_token: 'b',
      region_id: 'cn-beijing',
      connect_timeout: 7,
      my_own: { a: 1 },
    }
    expect(externalProfile(before, dev)).toEqual({
      name: 'dev',
      mode: 'External',
      process_command: dev.processCommand,
      region_id: 'cn-beijing',
      connect_timeout: 7,
      my_own: { a: 1 },
    })
    expect(externalProfile(before, { ...dev, region: 'us-west-1' }).region_id).toBe('us-west-1')
    expect(textHoldsSecret(JSON.stringify({ profiles: [before] }))).toBe(true)
    expect(textHoldsSecret(JSON.stringify({ profiles: [externalProfile(before, dev)] }))).toBe(false)
  })

  test.each([
    ['External', 'sesame credentials --profile dev --format json', true],
    ['external', '/opt/node /opt/s/dist/sesame.cjs credentials --profile x', true],
    ['External', "'/opt/my node' '/opt/my s/sesame.cjs' credentials --profile x", true],
    ['External', 'C:\\n\\node.exe "C:\\my s\\sesame.cjs" credentials --profile x', true],
    ['External', 'acs-sso login --profile dev', false],
    ['External', 'opensesame credentials x', false],
    ['External', '/opt/sesame-0.2.0-linux-x64 credentials --profile dev', true],
    ['External', "'C:\\my tools\\sesame-1.10.0-windows-x64.exe' credentials --profile dev", true],
    ['External', 'sesame-wrapper credentials --profile dev', false],
    ['AK', 'sesame credentials --profile dev', false],
  ])('%s by %s is ours: %s', (mode, command, ours) => {
    expect(isOurs({ mode, process_command: command })).toBe(ours)
  })
})
