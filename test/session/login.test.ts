import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import { getCredentials, login } from '../../src/session/index.ts'
import { type Portal, refusal, servePortal } from '../support/peers/portal.ts'
import { type Script, scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

let world: SessionWorld
let portal: Portal
beforeEach(() => {
  world = sessionWorld()
  portal = servePortal(world)
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
})

const start = 'POST /device-authorization'
const poll = 'POST /token'
const accounts = 'GET /access-assignments/accounts'
const configurations = 'GET /access-assignments/access-configurations'
const exchange = 'POST /cloud-credentials'
const wholeLogin = [start, poll, poll, accounts, configurations, exchange]

interface Wanted {
  account?: string
  accessConfiguration?: string
  force?: boolean
}

async function signIn(name = 'dev', { force = false, ...wanted }: Wanted = {}, script: Script = {}) {
  const person = scriptPerson(script)
  const result = await login(name, { wanted, force }, world.context(), person)
  if (result.kind !== 'credentials') throw new Error('it gave tokens')
  return { stored: result.stored, accessKeyId: result.stored.credentials.accessKeyId, person }
}

describe('a login at CloudSSO', () => {
  test('shows the code, polls until it is approved, and exchanges the token for credentials', async () => {
    const { stored, person } = await signIn()
    expect(world.wire.calls()).toEqual(wholeLogin)
    expect(person.shown).toMatchObject([
      {
        userCode: 'BCDF-GHJK',
        configuredHost: portal.host,
        verificationUri: { text: `https://${portal.host}/device/code`, mayOpen: true },
        verificationUriComplete: { text: `https://${portal.host}/device/code?user_code=BCDF-GHJK` },
      },
    ])
    expect(person.ends).toEqual([true])
    expect(person.asked).toEqual([])
    const { accessKeyId, accessKeySecret, securityToken, expiresAt } = stored.credentials
    expect([accessKeyId, accessKeySecret.reveal(), securityToken.reveal()]).toEqual([
      'STS.key-1',
      'secret-1',
      'token-1',
    ])
    expect(expiresAt).toEqual(new Date(stored.lifetime.obtainedAt.getTime() + 3600_000))
    expect(stored.lifetime.expiresAt).toEqual(expiresAt)
  })

  test('keeps token and credentials, remembers the choice and the store, and makes the profile current', async () => {
    await signIn()
    expect(world.kept()).toEqual([
      'keychain token:cloudsso:https%3A%2F%2Fsignin.example%2Facme%2Flogin:client',
      'keychain credentials:cloudsso:https%3A%2F%2Fsignin.example%2Facme%2Flogin:client:1001:ac-1',
    ])
    expect(world.config.currentProfile).toBe('dev')
    expect(world.config.profiles.get('dev')).toEqual({
      kind: 'cloudsso',
      accountId: '1001',
      accountName: 'development',
      accessConfigurationId: 'ac-1',
      accessConfigurationName: 'admin',
      store: 'keychain',
    })
    expect(world.warnings).toEqual([])
  })

  test('takes the lock of the profile before that of the sign-in', async () => {
    await signIn()
    expect(world.locks).toEqual([
      'profile:dev',
      'token:cloudsso:https%3A%2F%2Fsignin.example%2Facme%2Flogin:client',
    ])
  })

  test('a second login answers from the store, and makes no request', async () => {
    const { accessKeyId } = await signIn()
    world.wire.sent.length = 0
    const again = await signIn()
    expect(again.accessKeyId).toBe(accessKeyId)
    expect(world.wire.calls()).toEqual([])
    expect(again.person.shown).toEqual([])
  })

  test('in the last five minutes of the credentials they are renewed with the token', async () => {
    portal.tokenSeconds = 7200
    const { accessKeyId } = await signIn()
    world.clock.advance(3600_000 - 301_000)
    expect((await signIn()).accessKeyId).toBe(accessKeyId)
    world.clock.advance(2_000)
    world.wire.sent.length = 0
    expect((await signIn()).accessKeyId).not.toBe(accessKeyId)
    expect(world.wire.calls()).toEqual([exchange])
  })

  test('once the token has expired, too, there is a new sign-in, and the remembered choice stands', async () => {
    await signIn()
    world.clock.advance(3600_000)
    world.wire.sent.length = 0
    await signIn()
    expect(world.wire.calls()).toEqual([start, poll, poll, exchange])
  })

  test('--force signs in again, whatever is kept', async () => {
    const { accessKeyId } = await signIn()
    world.wire.sent.length = 0
    const { accessKeyId: another } = await signIn('dev', { force: true })
    expect(another).not.toBe(accessKeyId)
    expect(world.wire.calls()).toEqual([start, poll, poll, exchange])
    expect((await signIn()).accessKeyId).toBe(another)
  })

  test('a profile in the same directory goes on with the sign-in of another one', async () => {
    await signIn()
    world.wire.sent.length = 0
    await signIn('other')
    expect(world.wire.calls()).toEqual([accounts, configurations, exchange])
    expect(world.config.currentProfile).toBe('other')
  })

  test('[case 24] a profile in another directory has a sign-in and items of its own', async () => {
    const other = servePortal(world, 'signin.other')
    world.profile('other', { kind: 'cloudsso', signInUrl: other.signInUrl })
    await signIn()
    await signIn('other')
    expect(world.wire.calls(other.host)).toEqual(wholeLogin)
    const sent = world.wire.sent.filter(({ url }) => url.host === other.host)
    expect(sent.map(({ headers, text }) => JSON.stringify(headers) + text).join()).not.toContain(
      `of-${portal.host}`,
    )
    expect(world.kept()).toHaveLength(4)
  })

  test('two logins at once share one sign-in and one exchange', async () => {
    const [a, b] = await Promise.all([signIn(), signIn()])
    expect(a.accessKeyId).toBe(b.accessKeyId)
    expect(world.wire.calls()).toEqual(wholeLogin)
  })

  test('a token that the portal no longer accepts is replaced by one sign-in, and the user hears of it', async () => {
    portal.tokenSeconds = 7200
    await signIn()
    world.clock.advance(3500_000)
    portal.tokens.clear()
    world.wire.sent.length = 0
    const { person } = await signIn()
    expect(world.wire.calls()).toEqual([exchange, start, poll, poll, exchange])
    expect(person.notified).toHaveLength(1)
  })

  test('a refusal by the user ends it, and nothing is kept', async () => {
    portal.decision = 'deny'
    const person = scriptPerson()
    await expect(login('dev', { wanted: {}, force: false }, world.context(), person)).rejects.toMatchObject({
      code: 'ERR_ACCESS_DENIED',
      serverCode: 'AccessDenied',
    })
    expect(person.ends).toEqual([false])
    expect(world.kept()).toEqual([])
    expect(world.config.profiles.size).toBe(0)
  })
})

describe('the account and the access configuration', () => {
  beforeEach(() => {
    portal.accounts = [
      { id: '1001', name: 'development', configurations: [{ id: 'ac-1', name: 'admin' }] },
      {
        id: '1002',
        name: 'production',
        configurations: [
          { id: 'ac-1', name: 'admin' },
          { id: 'ac-2', name: 'reader' },
        ],
      },
    ]
  })

  const assignment = (name = 'dev') => {
    const profile = world.config.profiles.get(name)
    return profile?.kind === 'cloudsso' ? [profile.accountId, profile.accessConfigurationId] : []
  }

  test('of several, the user picks', async () => {
    const { person } = await signIn('dev', {}, { picks: '1001' })
    expect(assignment()).toEqual(['1001', 'ac-1'])
    expect(person.asked.map((list) => list.map(({ id }) => id))).toEqual([['1001', '1002']])
  })

  test('are taken as named, by id or by name', async () => {
    await signIn('dev', { account: '1002', accessConfiguration: 'reader' })
    expect(assignment()).toEqual(['1002', 'ac-2'])
    await signIn('dev', { account: 'production', accessConfiguration: 'ac-1' })
    expect(assignment()).toEqual(['1002', 'ac-1'])
    const sent = world.wire.sent.filter(({ url }) => url.pathname === '/cloud-credentials')
    expect(sent.map(({ json }) => json)).toEqual([
      { AccountId: '1002', AccessConfigurationId: 'ac-2' },
      { AccountId: '1002', AccessConfigurationId: 'ac-1' },
    ])
  })

  test('that are remembered are not asked for again, and answer for their names only', async () => {
    await signIn('dev', { account: '1002', accessConfiguration: 'ac-2' })
    world.wire.sent.length = 0
    await signIn('dev', { account: 'production', accessConfiguration: 'reader' })
    expect(world.wire.calls()).toEqual([])
    await signIn('dev', { accessConfiguration: 'admin' })
    expect(world.wire.calls()).toEqual([configurations, exchange])
    expect(assignment()).toEqual(['1002', 'ac-1'])
  })

  test('of several without an answer are a list, and ERR_USAGE', async () => {
    const person = scriptPerson({ canAnswer: false })
    await expect(login('dev', { wanted: {}, force: false }, world.context(), person)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('--account-id'),
    })
    expect(person.notified.join('\n')).toMatch(/1001 {2}development\n.*1002 {2}production/)
  })

  test('that are not there are ERR_USAGE, and the sign-in is kept for the next try', async () => {
    await expect(signIn('dev', { account: '1003' })).rejects.toMatchObject({ code: 'ERR_USAGE' })
    world.wire.sent.length = 0
    await signIn('dev', { account: '1001' })
    expect(world.wire.calls()).not.toContain(start)
  })

  test('that a profile leaves take their credentials along', async () => {
    await signIn('dev', { account: '1002', accessConfiguration: 'ac-2' })
    await signIn('dev', { account: '1001' })
    expect(world.kept().filter((key) => key.includes('credentials'))).toEqual([
      expect.stringMatching(/:1001:ac-1$/),
    ])
  })

  test('without any account is ERR_FORBIDDEN', async () => {
    portal.accounts = []
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
  })
})

describe('[case 138] what is remembered is gone at the portal', () => {
  const admin = { id: 'ac-1', name: 'admin' }
  const anew = { id: 'ac-9', name: 'admin' }
  const reader = { id: 'ac-2', name: 'reader' }
  const development = (...configurations: { id: string; name: string }[]) => ({
    id: '1001',
    name: 'development',
    configurations,
  })
  const production = { id: '1002', name: 'production', configurations: [admin] }
  const assignment = () => {
    const profile = world.config.profiles.get('dev')
    return profile?.kind === 'cloudsso' ? [profile.accountId, profile.accessConfigurationId] : []
  }
  /** The credentials are old, the sign-in goes on. */
  const later = () => {
    world.clock.advance(3600_000)
    world.wire.sent.length = 0
  }

  beforeEach(async () => {
    portal.tokenSeconds = 28_800
    await signIn()
    later()
  })

  test('recreated under its name, and the only one: taken, and said', async () => {
    portal.accounts = [development(anew)]
    const { person } = await signIn()
    expect(world.wire.calls()).toEqual([exchange, configurations, exchange])
    expect(assignment()).toEqual(['1001', 'ac-9'])
    expect(person.notified).toEqual([expect.stringContaining('no longer accepted')])
    expect(person.shown).toEqual([])
    later()
    await signIn()
    expect(world.wire.calls()).toEqual([exchange])
  })

  test('by its name it is looked up', async () => {
    portal.accounts = [development(reader, anew)]
    await signIn('dev', { accessConfiguration: 'admin' })
    expect(assignment()).toEqual(['1001', 'ac-9'])
  })

  test('of several, the user picks', async () => {
    portal.accounts = [development(reader, anew), production]
    const { person } = await signIn('dev', {}, { picks: 'ac-2' })
    expect(person.asked.map((list) => list.map(({ id }) => id))).toEqual([['ac-2', 'ac-9']])
    expect(assignment()).toEqual(['1001', 'ac-2'])
  })

  test('of several without an answer: the list, ERR_USAGE', async () => {
    portal.accounts = [development(reader, anew)]
    const person = scriptPerson({ canAnswer: false })
    await expect(login('dev', { wanted: {}, force: false }, world.context(), person)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('--access-config'),
    })
    expect(person.notified.join('\n')).toMatch(/ac-2 {2}reader\n.*ac-9 {2}admin/)
  })

  test('what the caller insists on by its id is an error with the list, not another choice', async () => {
    portal.accounts = [development(anew)]
    const person = scriptPerson()
    const wanted = { accessConfiguration: 'ac-1' }
    await expect(login('dev', { wanted, force: false }, world.context(), person)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('ac-1'),
    })
    expect(person.notified.join('\n')).toContain('ac-9  admin')
    expect(person.asked).toEqual([])
  })

  test('the whole account: all accounts are listed anew', async () => {
    portal.accounts = [production]
    const { person } = await signIn('dev', {}, { picks: '1002' })
    expect(world.wire.calls()).toEqual([exchange, configurations, accounts, configurations, exchange])
    expect(assignment()).toEqual(['1002', 'ac-1'])
    expect(person.asked).toHaveLength(1)
  })

  test.each([
    ['another access configuration', () => [development(reader)], 'access configuration'],
    ['another account', () => [production], 'account'],
  ])('%s that is the only one left is not taken unasked', async (_, left, what) => {
    portal.accounts = left()
    const person = scriptPerson({ canAnswer: false })
    await expect(login('dev', { wanted: {}, force: false }, world.context(), person)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(`There is only another ${what}`),
    })
    expect(assignment()).toEqual(['1001', 'ac-1'])
  })

  test.each([
    ['403', refusal(403, 'Forbidden')],
    ['403 in words of its own', refusal(403, 'NoAccessConfigurationAssigned')],
    ['404', refusal(404, 'EntityNotExists.AccessConfiguration')],
    ['404 without a code', { status: 404, body: {} }],
    ['400 with its code', refusal(400, 'InvalidAccessConfigurationId.NotFound')],
    ['401 that speaks of permission', refusal(401, 'Forbidden')],
    ['an error in an answer of status 200', refusal(200, 'EntityNotExists.AccessConfiguration')],
  ])('%s is such a refusal', async (_, fault) => {
    portal.accounts = [development(anew)]
    world.wire.fault(exchange, fault)
    await signIn()
    expect(assignment()).toEqual(['1001', 'ac-9'])
    expect(world.wire.calls()).not.toContain(start)
  })

  test('still listed, and refused all the same: the refusal with its RequestId, and the way to another', async () => {
    world.wire.fault(exchange, refusal(403, 'Forbidden'), refusal(403, 'Forbidden'))
    await expect(signIn()).rejects.toMatchObject({
      code: 'ERR_FORBIDDEN',
      serverCode: 'Forbidden',
      requestId: 'request-1',
      hint: expect.stringContaining('sesame login --profile dev --choose'),
    })
    expect(world.wire.calls()).toEqual([exchange, configurations])
  })

  test('so it is where only the ids are known, as of an imported profile', async () => {
    world.profile('dev', {
      kind: 'cloudsso',
      accountId: '1001',
      accessConfigurationId: 'ac-1',
      store: 'keychain',
    })
    world.stores.keychain.items.delete([...world.stores.keychain.items.keys()].at(-1) ?? '')
    world.wire.fault(exchange, refusal(403, 'Forbidden'), refusal(403, 'Forbidden'))
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_FORBIDDEN', serverCode: 'Forbidden' })
  })

  test('a trouble of the server or the network is no such refusal', async () => {
    const html = { status: 403, body: '<html>firewall</html>' }
    world.wire.fault(exchange, html)
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(world.wire.calls()).toEqual([exchange])
  })

  test('for a program it is the refusal, with the command that chooses anew', async () => {
    portal.accounts = [development(anew)]
    await expect(getCredentials('dev', {}, world.context())).rejects.toMatchObject({
      code: 'ERR_FORBIDDEN',
      hint: expect.stringContaining('sesame login --profile dev --choose'),
    })
  })

  test('`choose` asks anew though all is well, with the same sign-in', async () => {
    portal.accounts = [development(admin, reader), production]
    world.wire.sent.length = 0
    const person = scriptPerson({ picks: '1002' })
    await login('dev', { wanted: {}, force: false, choose: true }, world.context(), person)
    expect(world.wire.calls()).toEqual([accounts, configurations, exchange])
    expect(person.asked).toHaveLength(1)
    expect(assignment()).toEqual(['1002', 'ac-1'])
    world.wire.sent.length = 0
    await signIn()
    expect(world.wire.calls()).toEqual([])
  })

  test('`choose` is of CloudSSO only', async () => {
    world.profile('role', { kind: 'role', sourceProfile: 'dev', roleArn: 'acs:ram::1001:role/x' })
    const options = { wanted: {}, force: false, choose: true }
    await expect(login('role', options, world.context(), scriptPerson())).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('--choose'),
    })
  })
})

describe('[case 139] a kept token that is refused', () => {
  beforeEach(async () => {
    portal.tokenSeconds = 28_800
    await signIn()
    world.clock.advance(3600_000)
    world.wire.sent.length = 0
  })
  const refusals: [string, ReturnType<typeof refusal>][] = [
    ['400 InvalidAccessToken', refusal(400, 'InvalidAccessToken')],
    ['403 InvalidAccessToken', refusal(403, 'InvalidAccessToken')],
    ['403 AccessTokenExpired', refusal(403, 'AccessTokenExpired')],
    ['400 ExpiredToken', refusal(400, 'ExpiredToken')],
    ['400 invalid_token', { status: 400, body: { error: 'invalid_token' } }],
    ['404 TokenNotFound', refusal(404, 'TokenNotFound')],
    ['200 with InvalidToken', refusal(200, 'InvalidToken')],
    ['500 TokenExpired', refusal(500, 'TokenExpired')],
    ['401 without a body', { status: 401, body: '' }],
  ]

  test.each(refusals)('%s at the exchange: one new sign-in', async (_, fault) => {
    world.wire.fault(exchange, fault)
    const { person } = await signIn()
    expect(world.wire.calls()).toEqual([exchange, start, poll, poll, exchange])
    expect(person.notified).toHaveLength(1)
  })

  test.each(refusals)('%s at a list: one new sign-in', async (_, fault) => {
    world.wire.fault(accounts, fault)
    await signIn('other')
    expect(world.wire.calls()).toEqual([accounts, start, poll, poll, accounts, configurations, exchange])
  })

  test.each(refusals)('%s: a program cannot sign in', async (_, fault) => {
    world.wire.fault(exchange, fault)
    await expect(getCredentials('dev', {}, world.context())).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
      message: 'Sign in first: sesame login --profile dev',
    })
  })

  test('a new token that is refused as well is the end, without a third', async () => {
    const fault = refusal(403, 'InvalidAccessToken')
    world.wire.fault(exchange, fault, fault)
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    expect(world.wire.calls().filter((call) => call === start)).toHaveLength(1)
  })
})

describe('where secrets are kept', () => {
  test('`auto` is what the machine has, and is remembered', async () => {
    world.auto = 'encrypted-file'
    await signIn()
    expect(world.config.profiles.get('dev')?.store).toBe('encrypted-file')
    world.auto = 'keychain'
    world.clock.advance(3600_000)
    await signIn()
    expect(world.stores.keychain.items.size).toBe(0)
    expect(world.opened.slice(-1)).toEqual(['encrypted-file write'])
  })

  test('`auto` without a remembered store looks for the sign-in of another profile, but for no credentials', async () => {
    await signIn()
    world.config = { ...world.config, profiles: new Map() }
    world.wire.sent.length = 0
    await signIn()
    expect(world.wire.calls()).toEqual([accounts, configurations, exchange])
  })

  test.each(['ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_STORE_PASSPHRASE'] as const)(
    '%s of `auto` is an empty store, of a named one an error',
    async (code) => {
      world.stores.keychain.fails.read = new SesameError(code, 'It cannot be read.')
      await signIn()
      expect(world.wire.calls()).toEqual(wholeLogin)
      world.config = { ...world.config, store: 'keychain', profiles: new Map() }
      await expect(signIn()).rejects.toMatchObject({ code })
    },
  )

  test('SESAME_STORE is stronger than the configuration, and that is stronger than what is remembered', async () => {
    world.profile('dev', { kind: 'cloudsso', store: 'keychain' })
    world.config = { ...world.config, store: 'encrypted-file' }
    await signIn()
    expect(world.kept().every((item) => item.startsWith('encrypted-file'))).toBe(true)
    expect(world.warnings).toEqual([expect.stringContaining('encrypted-file')])
    await login(
      'dev',
      { wanted: {}, force: false },
      world.context({ storeOverride: () => 'plaintext' }),
      scriptPerson(),
    )
    expect(world.stores.plaintext.items.size).toBe(2)
  })

  test('memory keeps nothing beyond the process, and is not remembered', async () => {
    world.auto = 'memory'
    await signIn()
    expect(world.config.profiles.get('dev')).not.toHaveProperty('store')
  })

  test('a store that takes nothing costs a warning for each item, and not the sign-in', async () => {
    world.stores.keychain.fails.write = new SesameError('ERR_STORE_UNAVAILABLE', 'It takes nothing.')
    const { accessKeyId } = await signIn()
    expect(accessKeyId).toBe('STS.key-1')
    expect(world.warnings).toHaveLength(2)
  })

  test('a store that cannot be opened for writing ends the login before anything is shown', async () => {
    const person = scriptPerson()
    const context = world.context({
      openStore: async (_choice, purpose) => {
        if (purpose === 'write') throw new SesameError('ERR_STORE_LOCKED', 'It is locked.')
        return world.stores.keychain
      },
    })
    await expect(login('dev', { wanted: {}, force: false }, context, person)).rejects.toMatchObject({
      code: 'ERR_STORE_LOCKED',
    })
    expect(person.shown).toEqual([])
    expect(world.wire.calls()).not.toContain(poll)
  })
})

describe('a server in trouble', () => {
  test.each([
    ['throttling', refusal(400, 'Throttling.User')],
    ['503', refusal(503, 'ServiceUnavailable')],
    ['429', refusal(429, 'TooManyRequests')],
    ['a lost connection', new SesameError('ERR_NETWORK', 'The connection is gone.')],
  ])('%s at the exchange is retried', async (_what, fault) => {
    world.wire.fault(exchange, fault, fault, fault)
    await signIn()
    expect(world.wire.calls()).toEqual([...wholeLogin, exchange, exchange, exchange])
    expect(world.clock.pauses.slice(-3)).toEqual([300, 600, 1200])
  })

  test('after four attempts it is the end', async () => {
    const fault = refusal(400, 'Throttling')
    world.wire.fault(exchange, fault, fault, fault, fault)
    await expect(signIn()).rejects.toMatchObject({ serverCode: 'Throttling' })
    expect(world.wire.calls().filter((call) => call === exchange)).toHaveLength(4)
  })

  test('a refusal is not retried', async () => {
    world.wire.fault(exchange, refusal(400, 'InvalidParameter'))
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_REFUSED', serverCode: 'InvalidParameter' })
    expect(world.wire.calls()).toEqual(wholeLogin)
  })

  test('the sign-in is kept before the exchange, so that the next login goes on from there', async () => {
    world.wire.fault(exchange, refusal(403, 'Forbidden'))
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
    world.wire.sent.length = 0
    await signIn()
    expect(world.wire.calls()).toEqual([accounts, configurations, exchange])
  })

  test("[case 29] a clock that is wrong is measured by the server's, and the life counted by that", async () => {
    const offsetMs = -7200_000
    const clock = { ...world.clock, now: () => new Date(world.clock.now().getTime() + offsetMs) }
    const context = world.context({ clock })
    const { stored } = (await login('dev', { wanted: {}, force: false }, context, scriptPerson())) as {
      stored: Awaited<ReturnType<typeof getCredentials>>
    }
    expect(stored.lifetime.clock.skewMs).toBeGreaterThan(7199_000)
    world.wire.sent.length = 0
    world.clock.advance(3200_000)
    await getCredentials('dev', {}, context)
    expect(world.wire.calls()).toEqual([])
    world.clock.advance(101_000)
    await expect(getCredentials('dev', {}, context)).resolves.toBeDefined()
    expect(world.wire.calls()).toEqual([])
  })
})

describe('a long wait', () => {
  test('[case 213] after a minute without a decision, what can be done is said once', async () => {
    portal.pendingPolls = 100
    const { person } = await signIn('my.dev')
    expect(person.notified).toEqual([
      expect.stringMatching(/^Still waiting\..*page.*denied.*Ctrl-C.*sesame login --profile my.dev --force$/),
    ])
  })

  test('[case 140] a poll that something else answers is said once, while the wait goes on', async () => {
    const html = { status: 511, body: '<html>Please sign in to the network</html>' }
    world.wire.fault(poll, html, html)
    const { person } = await signIn()
    expect(person.notified).toEqual([
      `${portal.host} answered with status 511 and no JSON. The sign-in is asked for again until its code expires.`,
    ])
  })
})

describe('an interruption', () => {
  const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')

  test('before anything ends it before the first request', async () => {
    world.interruption.abort(interrupted)
    await expect(signIn()).rejects.toBe(interrupted)
    expect(world.wire.calls()).toEqual([])
  })

  test.each([start, poll, accounts, configurations, exchange])('during %s ends it at once', async (call) => {
    const { arrived } = world.wire.hold(call)
    const ending = signIn()
    await arrived
    world.interruption.abort(interrupted)
    await expect(ending).rejects.toBe(interrupted)
    expect(world.wire.calls().at(-1)).toBe(call)
    expect(world.config.currentProfile).toBeUndefined()
  })
})

describe('what cannot be signed in to', () => {
  test('a profile without a sign-in URL is ERR_CONFIG', async () => {
    world.config = { profiles: new Map() }
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })

  test('a profile that was edited into something wrong is refused before any request', async () => {
    world.profile('dev', { kind: 'cloudsso', region: 'not a region' })
    await expect(signIn()).rejects.toMatchObject({ code: 'ERR_CONFIG' })
    expect(world.wire.calls()).toEqual([])
  })
})
