import { describe, expect, test } from 'vitest'
import {
  type Assignment,
  type CloudSsoProfile,
  type Config,
  checkProfileName,
  defaultNameTemplate,
  emptyConfig,
  type Profile,
  planSync,
  readGlob,
  readNameTemplate,
  type State,
} from '../../src/profiles/index.ts'

const signInUrl = 'https://signin.example/acme/login'

function assignment(accountId: string, accountName = '', configuration = 'admin'): Assignment {
  const accessConfigurationId = `ac-${configuration}`
  return { accountId, accountName, accessConfigurationId, accessConfigurationName: configuration }
}

function configOf(profiles: Record<string, Profile>): Config {
  return { profiles: new Map(Object.entries(profiles)) }
}

interface Given {
  config?: Config
  template?: string
  match?: string
  prune?: boolean
  complete?: boolean
  states?: State['profiles']
}

function plan(listed: readonly Assignment[], given: Given = {}) {
  const { config = emptyConfig, template = defaultNameTemplate, match = '*', prune = false } = given
  const fits = readGlob(match)
  const planned = planSync(listed, config, {
    signInUrl,
    nameOf: readNameTemplate(template),
    matches: (names) => names.some(fits),
    prune,
    complete: given.complete ?? true,
    states: given.states ?? new Map(),
    store: 'keychain',
  })
  return {
    ...planned,
    names: [...planned.config.profiles.keys()],
    said: planned.steps.map(({ action, name }) => `${action} ${name}`),
  }
}

describe('a pattern', () => {
  test.each<[string, string, boolean]>([
    ['prod*', 'production', true],
    ['prod*', 'preproduction', false],
    ['*prod', 'preprod', true],
    ['PROD', 'prod', true],
    ['prod', 'prod2', false],
    ['p?od', 'prod', true],
    ['p?od', 'pod', false],
    ['生产*', '生产环境', true],
    ['*', '', true],
    ['**a**b*', 'xxaxxbxx', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['*a*b', 'ab-a', false],
  ])('%s on %s: %s', (pattern, text, expected) => expect(readGlob(pattern)(text)).toBe(expected))

  test('of many stars ends soon, also on a long name', () => {
    expect(readGlob(`${'a*'.repeat(30)}b`)('a'.repeat(4096))).toBe(false)
  })
})

describe('a name', () => {
  const nameOf = (accountName: string, template = defaultNameTemplate, configuration = 'admin') =>
    readNameTemplate(template)(assignment('1432949406168187', accountName, configuration), signInUrl)

  test.each([
    ['development', 'development-admin'],
    ['Data Platform (EU) / main', 'Data-Platform-EU-main-admin'],
    ['生产环境', '生产环境-admin'],
    ['продукт', 'продукт-admin'],
    ['-rf', 'rf-admin'],
    ['--help', 'help-admin'],
    ['.hidden', 'hidden-admin'],
    ['@home', 'home-admin'],
    ['a.b@c+d_e', 'a.b@c+d_e-admin'],
    ['🚀🚀', '1432949406168187-admin'],
    ['', '1432949406168187-admin'],
    [' \t', '1432949406168187-admin'],
    ['it\u2019s; rm -rf $HOME `x`', 'it-s-rm-rf-HOME-x-admin'],
    ['\u001b[2Jx\u202ey', '2Jx-y-admin'],
    // A letter that is not seen makes a name that looks like another one.
    ['prod\u3164', 'prod-admin'],
    // Decomposed, as macOS writes it.
    ['re\u0301gion', 'région-admin'],
    ['\ud800broken', 'broken-admin'],
  ])('of the account %j is %s', (accountName, expected) => {
    expect(nameOf(accountName)).toBe(expected)
    expect(checkProfileName(expected)).toBe(expected)
  })

  test.each([
    ['{directory}.{account-id}.{configuration-id}', 'acme.1432949406168187.ac-admin'],
    ['sso/{account}/{configuration}', 'sso-dev-admin'],
    ['{accountName}_{accessConfigurationName}', 'dev_admin'],
    ['{accountId}', '1432949406168187'],
    ['-{account}-', 'dev'],
    ['账号{account}', '账号dev'],
  ])('by the template %s is %s', (template, expected) => expect(nameOf('dev', template)).toBe(expected))

  test('of a long account takes its id instead, and is cut if that does not help', () => {
    expect(nameOf('x'.repeat(60))).toBe('1432949406168187-admin')
    const cut = nameOf('x', '{account}-{configuration}', 'y'.repeat(80))
    expect(cut).toBe(`1432949406168187-${'y'.repeat(47)}`)
    expect(checkProfileName(cut)).toBe(cut)
    expect([...nameOf('账'.repeat(58))]).toHaveLength(64)
  })

  test.each(['plain', '{role}', '{account', 'account}', '{{account}}', '{__proto__}', '{}'])(
    'by the template %s is refused',
    (template) => {
      expect(() => readNameTemplate(template)).toThrow(
        expect.objectContaining({ code: 'ERR_USAGE', hint: expect.stringContaining('{account-id}') }),
      )
    },
  )
})

describe('the plan', () => {
  test('makes a profile of each assignment, with its mark, in the order of names', () => {
    const { config, said } = plan([
      assignment('2', 'prod'),
      assignment('1', 'dev', 'reader'),
      assignment('1', 'dev'),
    ])
    expect(said).toEqual(['created dev-admin', 'created dev-reader', 'created prod-admin'])
    expect(config.profiles.get('dev-reader')).toEqual({
      kind: 'cloudsso',
      signInUrl,
      accountId: '1',
      accountName: 'dev',
      accessConfigurationId: 'ac-reader',
      accessConfigurationName: 'reader',
      managedBy: 'sync',
      store: 'keychain',
    })
  })

  test('changes nothing the second time, whatever the order of the list', () => {
    const listed = [assignment('1', 'twin'), assignment('2', 'twin'), assignment('3', 'other')]
    const first = plan(listed)
    const second = plan([...listed].reverse(), { config: first.config })
    expect(second.said).toEqual(['kept other-admin', 'kept twin-admin', 'kept twin-admin-2'])
    expect(JSON.stringify([...second.config.profiles])).toBe(JSON.stringify([...first.config.profiles]))
  })

  test('numbers names that are taken, by the ids of the accounts, and says which name was wanted', () => {
    const listed = [assignment('9', 'twin'), assignment('5', 'twin'), assignment('7', 'twin')]
    const { steps } = plan(listed)
    expect(
      steps.map(({ name, wantedName, assignment: { accountId } }) => [name, accountId, wantedName]),
    ).toEqual([
      ['twin-admin', '5', undefined],
      ['twin-admin-2', '7', 'twin-admin'],
      ['twin-admin-3', '9', 'twin-admin'],
    ])
    expect(plan([...listed].reverse()).names).toEqual(plan(listed).names)
  })

  test('leaves a name with a number to the account that is called so', () => {
    const listed = [assignment('1', 'a', 'x'), assignment('2', 'a', 'x'), assignment('3', 'a-x', '2')]
    expect(plan(listed).steps.map(({ name, assignment: { accountId } }) => [name, accountId])).toEqual([
      ['a-x', '1'],
      ['a-x-2', '3'],
      ['a-x-3', '2'],
    ])
  })

  test('a long name that is numbered is still a name', () => {
    const listed = ['1', '2'].map((id) => assignment(id, 'x', 'y'.repeat(90)))
    const { names } = plan(listed, { template: '{configuration}' })
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(checkProfileName(name)).toBe(name)
  })

  test.each(['default', '__proto__'])('never takes the name %s', (name) => {
    expect(plan([assignment('1', name)], { template: '{account}' }).names).toEqual([`${name}-2`])
  })

  test('never touches what a user has made, of the same name or for the same assignment', () => {
    const own: Profile = { kind: 'cloudsso', signInUrl, accountId: '1', accessConfigurationId: 'ac-admin' }
    const config = configOf({ 'dev-admin': own, 'dev-admin-2': { kind: 'cloudsso' } })
    const { config: after, said } = plan([assignment('1', 'dev')], { config, prune: true })
    expect(said).toEqual(['created dev-admin-3'])
    expect(after.profiles.get('dev-admin')).toBe(own)
    expect(plan([], { config, prune: true }).config.profiles).toEqual(config.profiles)
  })

  test('keeps the name and the settings of the user when the account is renamed', () => {
    const first = plan([assignment('1', 'dev')]).config
    const made = first.profiles.get('dev-admin') as Profile
    const edited = configOf({ 'dev-admin': { ...made, region: 'cn-hangzhou' } as Profile })
    const { said, config } = plan([assignment('1', 'development')], { config: edited })
    expect(said).toEqual(['changed dev-admin'])
    expect(config.profiles.get('dev-admin')).toEqual({
      ...made,
      region: 'cn-hangzhou',
      accountName: 'development',
    })
  })

  test('keeps names when another template is given, which is for new profiles', () => {
    const { config } = plan([assignment('1', 'dev')])
    const template = '{account-id}'
    expect(plan([assignment('1', 'dev'), assignment('2', 'prod')], { config, template }).said).toEqual([
      'created 2',
      'kept dev-admin',
    ])
  })

  test('a profile in which a login has chosen another assignment goes back to its own', () => {
    const listed = [assignment('1', 'twin'), assignment('2', 'twin')]
    const { config } = plan(listed)
    const { accountId, accessConfigurationId } = assignment('2')
    const chosen = { accountId, accessConfigurationId }
    const { accountName, accessConfigurationName, ...own } = config.profiles.get(
      'twin-admin',
    ) as CloudSsoProfile
    const changed = { ...config, profiles: new Map(config.profiles).set('twin-admin', { ...own, ...chosen }) }
    const chosenWhen = { signInUrl, accountId: '1', accessConfigurationId: 'ac-admin' }
    const again = plan(listed, {
      config: changed,
      states: new Map([['twin-admin', { chosen, chosenWhen }]]),
    })
    expect(again.said).toEqual(['changed twin-admin', 'kept twin-admin-2'])
    expect(again.config.profiles.get('twin-admin')).toEqual(config.profiles.get('twin-admin'))
  })

  test.each(['', '1', 'dev', 'ac-admin', 'DEV-*', 'adm?n'])('takes only what matches %s', (match) => {
    const { said } = plan([assignment('1', 'dev'), assignment('2', 'prod', 'reader')], { match })
    expect(said).toEqual(match === '' ? [] : ['created dev-admin'])
  })

  describe('pruning', () => {
    const { config } = plan([assignment('1', 'dev'), assignment('2', 'prod')])
    const left = [assignment('1', 'dev')]

    test('deletes what it has made and is no longer assigned', () => {
      const { said, names } = plan(left, { config, prune: true })
      expect([said, names]).toEqual([['kept dev-admin', 'pruned prod-admin'], ['dev-admin']])
    })

    test('is only done when it is asked for; else what is gone is named', () => {
      const { said, names } = plan(left, { config })
      expect([said, names]).toEqual([
        ['kept dev-admin', 'gone prod-admin'],
        ['dev-admin', 'prod-admin'],
      ])
    })

    test('is never done after a list that is not complete', () => {
      const { said, names } = plan(left, { config, prune: true, complete: false })
      expect([said, names]).toEqual([['kept dev-admin'], ['dev-admin', 'prod-admin']])
    })

    test('never reaches what --match does not take', () => {
      expect(plan(left, { config, prune: true, match: 'dev*' }).names).toEqual(['dev-admin', 'prod-admin'])
    })

    test.each<[string, object]>([
      ['of another sign-in URL', { signInUrl: 'https://other.example/acme/login' }],
      ['with another mark', { managedBy: 'someone' }],
      ['whose mark the user has taken away', { managedBy: undefined }],
      ['without an account', { accountId: undefined }],
    ])('never reaches a profile %s', (_, change) => {
      const prod = { ...config.profiles.get('prod-admin'), ...change } as Profile
      const changed = { ...config, profiles: new Map(config.profiles).set('prod-admin', prod) }
      expect(plan(left, { config: changed, prune: true }).names).toContain('prod-admin')
    })

    test('knows its own by any spelling of the sign-in URL', () => {
      const prod = { ...config.profiles.get('prod-admin'), signInUrl: `${signInUrl}/` } as Profile
      const changed = { ...config, profiles: new Map(config.profiles).set('prod-admin', prod) }
      expect(plan(left, { config: changed, prune: true }).names).toEqual(['dev-admin'])
    })

    test('takes the current profile away with it, and names the roles that are built on it', () => {
      const role: Profile = { kind: 'role', sourceProfile: 'prod-admin', roleArn: 'acs:ram::2:role/x' }
      const current = {
        ...config,
        currentProfile: 'prod-admin',
        profiles: new Map(config.profiles).set('ops', role),
      }
      const { steps, config: after } = plan(left, { config: current, prune: true })
      expect(after).not.toHaveProperty('currentProfile')
      expect(steps.find(({ action }) => action === 'pruned')?.usedBy).toEqual(['ops'])
    })

    test('frees the name for an account that is called so now', () => {
      expect(plan([assignment('3', 'prod')], { config, prune: true, match: 'prod*' }).said).toEqual([
        'pruned prod-admin',
        'created prod-admin',
      ])
    })
  })
})
