import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { askSettings, type Prompts } from '../../src/cli/commands/configure/ask-settings.ts'
import { givenProfileOptions, readSettings } from '../../src/cli/commands/configure/read-settings.ts'
import { rowsOf } from '../../src/cli/commands/profile/rows.ts'
import { formatHelp } from '../../src/cli/help.ts'
import { parseInput } from '../../src/cli/parse-input.ts'
import { configSchemaOf, parseConfig, serializeConfig } from '../../src/profiles/config-text.ts'
import {
  type AnySettings,
  type CloudSsoProfile,
  emptyConfig,
  loginOptions,
  type OidcProfile,
  type Profile,
  type ProfileSettings,
  type RoleProfile,
  type SettingsTable,
  settingOptions,
  settings,
  withProfile,
} from '../../src/profiles/index.ts'
import { membersOf, settingTypes } from '../../src/profiles/setting.ts'
import { changeProfile } from '../../src/session/configure/change-profile.ts'

/** The real table with rows that it does not have: no other code knows of them. */
const table: SettingsTable = {
  ...settings,
  loginHint: {
    kinds: ['oidc'],
    type: 'printable',
    option: {
      value: 'USER',
      summary: () => 'user name to sign in with',
      group: 'Sign-in at an OIDC provider',
    },
    prompt: { text: () => 'User name', ifEmpty: 'none' },
    show: { label: () => 'Login hint' },
    description: 'Sent as login_hint.',
  },
  tenant: {
    kinds: ['oidc'],
    required: ['oidc'],
    type: 'choice',
    values: ['blue', 'green'],
    option: { name: 'tenant-name', value: 'TENANT', summary: () => 'the tenant', atLogin: true },
    show: { label: () => 'Tenant' },
  },
  maxAge: {
    kinds: ['role'],
    type: 'role-duration',
    option: { value: 'DURATION', summary: () => 'the longest age' },
    show: { label: () => 'Age' },
  },
  strict: {
    kinds: ['oidc'],
    type: 'flag',
    option: { summary: () => 'strictly', summaryOfNo: () => 'not strictly' },
  },
  sequence: { kinds: ['oidc'], type: 'remembered', forgottenWith: ['issuer'] },
}

const corp = {
  kind: 'oidc',
  issuer: 'https://id.example.com/',
  clientId: 'sesame',
  tenant: 'blue',
  loginHint: 'alice',
} as unknown as Profile
const config = withProfile(emptyConfig, 'corp', corp)

const input = (...words: string[]) => parseInput({ options: settingOptions(table) }, 'configure', words)

describe('a row is all that a new setting needs', () => {
  const read = (profile: object) =>
    parseConfig(
      JSON.stringify({ profiles: { corp: profile } }),
      '/home/x/config.json',
      membersOf(table),
    ).profiles.get('corp')

  test('the reader takes it, checks its type, and finds it missing', () => {
    expect(read(corp)).toEqual(corp)
    expect(read({ ...corp, strict: true })).toEqual({ ...corp, strict: true })
    expect(() => read({ ...corp, loginHint: 5 })).toThrow(/: loginHint must be a string\.$/m)
    expect(() => read({ ...corp, strict: 'yes' })).toThrow(/: strict must be a boolean\.$/m)
    expect(() => read({ ...corp, tenant: '' })).toThrow(/: profile corp lacks tenant\.$/m)
    expect(() => read({ kind: 'role', sourceProfile: 'a', roleArn: 'b', maxAge: 1.5 })).toThrow(
      /: maxAge must be a number\.$/m,
    )
    // The real table knows nothing of it.
    const real = parseConfig(JSON.stringify({ profiles: { corp } }), '').profiles.get('corp')
    expect(real).toEqual({ kind: 'oidc', issuer: 'https://id.example.com/', clientId: 'sesame' })
  })

  test('the JSON Schema has it', () => {
    const schema = configSchemaOf(table) as {
      properties: { profiles: { additionalProperties: { oneOf: Record<string, unknown>[] } } }
    }
    const [cloudsso, oidc, , role] = schema.properties.profiles.additionalProperties.oneOf
    expect(oidc).toMatchObject({
      required: ['kind', 'issuer', 'clientId', 'tenant'],
      properties: {
        kind: { const: 'oidc' },
        loginHint: { type: 'string', description: 'Sent as login_hint.' },
        tenant: { enum: ['blue', 'green'] },
        strict: { type: 'boolean' },
      },
    })
    expect(role).toMatchObject({ properties: { maxAge: { type: 'integer', minimum: 900 } } })
    expect(cloudsso).not.toHaveProperty('properties.loginHint')
    expect(oidc).not.toHaveProperty('properties.clientSecret')
  })

  test('the command line has its option, and gives its value', async () => {
    expect(await readSettings(input('--login-hint', 'alice', '--tenant-name', 'green'), table)).toMatchObject(
      {
        loginHint: 'alice',
        tenant: 'green',
        strict: undefined,
        maxAge: undefined,
      },
    )
    const more = ['--max-age', '1h30m', '--no-strict', '--login-hint', '']
    expect(await readSettings(input(...more), table)).toMatchObject({
      maxAge: 5400,
      strict: false,
      loginHint: '',
    })
    expect(givenProfileOptions(input('--signin-url', 'https://a.example', '--strict'), table)).toEqual([
      'strict',
    ])
    await expect(readSettings(input('--strict', '--no-strict'), table)).rejects.toThrow(
      '--strict and --no-strict contradict each other.',
    )
    expect(() => input('--tenant-name', 'red')).toThrow('--tenant-name cannot be "red".')
    expect(loginOptions(table).map(({ name }) => name)).toEqual([
      'flow',
      'prompt',
      'no-prompt',
      'acr-values',
      'tenant-name',
    ])
  })

  test('the help explains it', () => {
    const command = {
      name: 'configure',
      summary: () => 'configure',
      options: settingOptions(table),
      run: async () => 0,
    }
    const help = formatHelp(command, 'configure')
    const [, group = ''] = /Sign-in at an OIDC provider:\n([\s\S]*?)\n\n/.exec(help) ?? []
    expect(group).toMatch(/^ {2}--login-hint USER +user name to sign in with$/m)
    expect(help).toMatch(/^ {2}--tenant-name TENANT +the tenant: blue, green$/m)
    expect(help).toMatch(/^ {2}--strict +strictly\n {2}--no-strict +not strictly$/m)
  })

  test('a profile is changed by it, within its kind and its limits', () => {
    const change = (given: object, name = 'corp') =>
      changeProfile(name, config, given as ProfileSettings, table)
    expect(change({ tenant: 'green', loginHint: '' })).toEqual({
      kind: 'oidc',
      issuer: 'https://id.example.com/',
      clientId: 'sesame',
      tenant: 'green',
    })
    expect(() => change({ loginHint: 'two words' })).toThrow('--login-hint must be printable ASCII.')
    expect(() => change({ tenant: 'red' })).toThrow('--tenant-name can be blue, green.')
    expect(() => change({ tenant: '' })).toThrow('A profile of an OIDC provider needs --tenant-name.')
    expect(() => change({ maxAge: 3600 })).toThrow('Profile corp is one of an OIDC provider already.')
    const idaas = { idaasUrl: 'https://i.example/', strict: true }
    expect(() => change(idaas, 'new')).toThrow(
      'These options belong to different profiles: of an OIDC provider and of Alibaba IDaaS.',
    )
  })

  test('what it says it is forgotten with takes it along', () => {
    const kept = withProfile(config, 'corp', { ...corp, ...{ sequence: '7' } })
    const change = (given: ProfileSettings) => changeProfile('corp', kept, given, table)
    expect(change({ clientId: 'other' })).toHaveProperty('sequence', '7')
    expect(change({ issuer: 'https://id.example.com/' })).toHaveProperty('sequence', '7')
    expect(change({ issuer: 'https://other.example/' })).not.toHaveProperty('sequence')
  })

  test('it is asked for, in its turn, with its check', async () => {
    const asked: [string, string | undefined][] = []
    const answers: Record<string, string> = { 'User name (empty for none):': 'bob' }
    const prompts: Prompts = {
      signal: new AbortController().signal,
      chooseValue: () => Promise.reject(new Error('the kind is known')),
      askLine: async (message, { known, check }) => {
        asked.push([message, known])
        const answer = answers[message] ?? known ?? ''
        await check(answer)
        return answer
      },
    }
    const settled = await askSettings({ name: 'corp', known: corp, config }, prompts, table)
    expect(asked).toEqual([
      ['Issuer URL:', 'https://id.example.com/'],
      ['Client id:', 'sesame'],
      ['Role ARN (empty for tokens only):', undefined],
      ['User name (empty for none):', 'alice'],
    ])
    expect(settled).toEqual({ issuer: 'https://id.example.com/', clientId: 'sesame', loginHint: 'bob' })
    answers['User name (empty for none):'] = 'bob builder'
    await expect(askSettings({ name: 'corp', known: corp, config }, prompts, table)).rejects.toThrow(
      '--login-hint must be printable ASCII.',
    )
  })

  test('profile show has its line', () => {
    const shown = (profile: Profile) => rowsOf({ profile, signInUrl: undefined }, table)
    expect(shown(corp)).toEqual(
      expect.arrayContaining([
        ['Login hint', 'alice'],
        ['Tenant', 'blue'],
      ]),
    )
    const role = { kind: 'role', sourceProfile: 'a', roleArn: 'b', maxAge: 3600 } as unknown as Profile
    expect(shown(role)).toContainEqual(['Age', '3600 s'])
    expect(shown({ kind: 'cloudsso' }).map(([label]) => label)).not.toContain('Tenant')
  })
})

describe('the table', () => {
  test('gives the types of the profiles', () => {
    expectTypeOf<OidcProfile['issuer']>().toEqualTypeOf<string>()
    expectTypeOf<OidcProfile['flow']>().toEqualTypeOf<'auto' | 'code' | 'device' | 'both' | undefined>()
    expectTypeOf<OidcProfile['redirectPort']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<OidcProfile['devicePkce']>().toEqualTypeOf<boolean | undefined>()
    expectTypeOf<OidcProfile['roleArn']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<RoleProfile['roleArn']>().toEqualTypeOf<string>()
    expectTypeOf<AnySettings>().not.toHaveProperty('clientSecret')
    expectTypeOf<OidcProfile>().not.toHaveProperty('clientSecret')
    expectTypeOf<CloudSsoProfile>().not.toHaveProperty('issuer')
    expectTypeOf<ProfileSettings>().not.toHaveProperty('accountId')
    // @ts-expect-error: a profile at an OIDC provider has a client id
    const lacking: OidcProfile = { kind: 'oidc', issuer: 'https://id.example.com/' }
    // @ts-expect-error: it has no sign-in URL of CloudSSO
    const foreign: OidcProfile = { kind: 'oidc', issuer: '', clientId: '', signInUrl: '' }
    expect([lacking, foreign]).toHaveLength(2)
  })

  test('names each option once, and every setting that another one refers to', () => {
    const names = settingOptions().flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(new Set(names).size).toBe(names.length)
    const rows: SettingsTable = settings
    for (const [key, { kinds, required = [], ...row }] of Object.entries(rows)) {
      expect(kinds, key).toEqual(expect.arrayContaining([...required]))
      const others = [
        row.togetherWith,
        ...(row.forgottenWith ?? []),
        row.show?.name,
        row.show?.mark?.flag,
        row.secret?.flag,
        row.secret?.askedWith,
      ]
      for (const other of others) if (other !== undefined) expect(rows, key).toHaveProperty(other)
      expect(row.type === 'choice', key).toBe(row.values !== undefined)
      expect(row.type === 'secret', key).toBe(row.secret !== undefined)
    }
  })

  test('a profile keeps the order in which it is written', () => {
    const text =
      '{"profiles":{"a":{"kind":"oidc","region":"r","clientId":"c","issuer":"i","store":"keychain","scope":"s"}}}'
    const again = JSON.parse(serializeConfig(parseConfig(text, '')))
    expect(JSON.stringify({ profiles: again.profiles })).toBe(text)
  })
})

describe('no other file names the option of a setting', () => {
  const src = join(import.meta.dirname, '..', '..', 'src')
  const folders = ['profiles', 'cli/commands/configure', 'cli/commands/profile', 'session/configure']
  const theTable = [
    'profiles/settings.ts',
    'profiles/sign-in-settings.ts',
    'profiles/kinds.ts',
    'profiles/setting.ts',
  ]
  const files = folders
    .flatMap((folder) =>
      readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((file) => file.endsWith('.ts') && !theTable.includes(file))

  test('there are files to look at', () => expect(files.length).toBeGreaterThan(20))

  test.each(files)('src/%s', (file) => {
    const text = readFileSync(join(src, file), 'utf8')
    expect(namedIn(text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ''))).toEqual([])
  })

  test.each([
    "'Give it --client-id.'",
    "input.text('issuer')",
    "{ name: 'scope', value: 'WORDS' }",
    "['signin-url', 'store']",
    "if (profile.kind === 'oidc') return",
    "case 'role':",
  ])('the rule finds %s', (code) => expect(namedIn(code)).toHaveLength(1))
})

/** Where code names an option of a setting, or compares with the name of a kind. */
function namedIn(code: string): string[] {
  const patterns = settingOptions().flatMap(({ name, setting }) => [
    `--${name}(?![\\w-])`,
    `\\b(?:text|has|all)\\(['"\`]${name}['"\`]`,
    `\\bname: ['"\`]${name}['"\`]`,
    // A setting's key can be the name of its option, and so can its type.
    ...(name === setting || name in settingTypes ? [] : [`['"\`]${name}['"\`]`]),
  ])
  const compared = '(?:[!=]==\\s*|\\bcase\\s+)[\'"`](?:cloudsso|oidc|idaas|role)[\'"`]'
  return [...patterns, compared].flatMap((pattern) => code.match(new RegExp(pattern)) ?? [])
}
