import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import { defaultNameTemplate, type Profile, readNameTemplate } from '../../src/profiles/index.ts'
import { directoryUrl, getCredentials, login, syncProfiles } from '../../src/session/index.ts'
import { type Portal, refusal, servePortal } from '../support/peers/portal.ts'
import { type Script, scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

let world: SessionWorld
let portal: Portal
beforeEach(() => {
  world = sessionWorld()
  portal = servePortal(world)
  portal.accounts = [
    { id: '1001', name: 'development', configurations: [admin, reader] },
    { id: '1002', name: 'production', configurations: [reader] },
  ]
})

const admin = { id: 'ac-1', name: 'admin' }
const reader = { id: 'ac-2', name: 'reader' }
const poll = 'POST /token'
const accounts = 'GET /access-assignments/accounts'
const configurations = 'GET /access-assignments/access-configurations'
const exchange = 'POST /cloud-credentials'

async function sync(
  { dry = false, prune = false, signInUrl = portal.signInUrl } = {},
  { script = {} as Script, context = world.context() } = {},
) {
  const person = scriptPerson(script)
  const options = {
    signInUrl,
    nameOf: readNameTemplate(defaultNameTemplate),
    matches: () => true,
    prune,
    dry,
    again: 'sesame profile sync --dry-run',
  }
  const result = await syncProfiles(options, context, person)
  return { result, person, said: result.steps.map(({ action, name }) => `${action} ${name}`) }
}

const names = () => [...world.config.profiles.keys()]
const count = (call: string) => world.wire.calls().filter((each) => each === call).length

describe('a sync', () => {
  test('signs in once, and makes profiles that give credentials without another sign-in', async () => {
    const { said, person } = await sync()
    expect(said).toEqual([
      'created development-admin',
      'created development-reader',
      'created production-reader',
    ])
    expect(person.shown).toHaveLength(1)
    expect(world.config).not.toHaveProperty('currentProfile')
    expect(world.config).not.toHaveProperty('signInUrl')
    const { credentials } = await getCredentials('production-reader', {}, world.context())
    expect(credentials.accessKeyId).toBe('STS.key-1')
    expect(world.wire.sent.at(-1)?.json).toEqual({ AccountId: '1002', AccessConfigurationId: 'ac-2' })
  })

  test('takes the sign-in of any profile of the directory', async () => {
    world.profile('dev', { kind: 'cloudsso', signInUrl: portal.signInUrl })
    await login(
      'dev',
      { wanted: { account: '1001', accessConfiguration: 'admin' }, force: false },
      world.context(),
      scriptPerson(),
    )
    const { person } = await sync()
    expect(person.shown).toEqual([])
    expect(names()).toHaveLength(4)
  })

  test('a second one changes nothing', async () => {
    await sync()
    const before = world.config
    const { said } = await sync()
    expect(said).toEqual(['kept development-admin', 'kept development-reader', 'kept production-reader'])
    expect(JSON.stringify([...world.config.profiles])).toBe(JSON.stringify([...before.profiles]))
  })

  test('a dry one changes no profile, and keeps its sign-in for the next', async () => {
    const { said } = await sync({ dry: true })
    expect(said).toHaveLength(3)
    expect(names()).toEqual([])
    expect((await sync()).person.shown).toEqual([])
  })

  test('finds what another process has written while it listed', async () => {
    const held = world.wire.hold(configurations)
    const running = sync()
    await held.arrived
    world.profile('development-admin', { kind: 'cloudsso', region: 'cn-beijing' })
    held.letGo()
    const { said } = await running
    expect(said).toContain('created development-admin-2')
    expect(world.config.profiles.get('development-admin')).toEqual({ kind: 'cloudsso', region: 'cn-beijing' })
  })

  test('signs in anew when the portal no longer accepts what is kept, also in the middle of the list', async () => {
    await sync()
    world.wire.fault(configurations, refusal(401, 'InvalidAccessToken'))
    const { said, person } = await sync()
    expect(person.shown).toHaveLength(1)
    expect(said).toHaveLength(3)
  })

  test('is refused before the sign-in where the configuration cannot be changed; a dry one is not', async () => {
    const refused = new SesameError('ERR_FILE', 'Cannot write config.json.')
    const checkConfigWritable = () => {
      throw refused
    }
    const context = world.context({ checkConfigWritable })
    await expect(sync({}, { context })).rejects.toBe(refused)
    expect(world.wire.calls()).toEqual([])
    expect((await sync({ dry: true }, { context })).said).toHaveLength(3)
  })

  test('where nothing is kept makes the profiles all the same', async () => {
    world.auto = 'memory'
    await sync()
    expect(world.config.profiles.get('development-admin')).not.toHaveProperty('store')
  })

  test('names its own command while it waits for long', async () => {
    portal.pendingPolls = 300
    const { person } = await sync()
    expect(person.notified).toContainEqual(
      expect.stringContaining('press Ctrl-C and run: sesame profile sync --dry-run'),
    )
    expect(count(poll)).toBe(301)
  })

  test('that is interrupted at the end of its list writes nothing', async () => {
    const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const held = world.wire.hold(configurations)
    const running = sync()
    await held.arrived
    world.interruption.abort(interrupted)
    await expect(running).rejects.toBe(interrupted)
    expect(names()).toEqual([])
  })
})

describe('a list that is not complete', () => {
  beforeEach(async () => {
    await sync()
    portal.accounts = [
      { id: '1001', name: 'development', configurations: [admin] },
      { id: '1003', name: 'sandbox', configurations: [admin] },
    ]
    world.wire.sent.length = 0
  })

  test('for an account that is refused: the others are there, and nothing is pruned', async () => {
    world.wire.fault(configurations, refusal(403, 'Forbidden'))
    const { result, said } = await sync({ prune: true })
    expect(result).toMatchObject({
      accounts: 2,
      failed: [{ account: { id: '1001' }, failure: { code: 'ERR_FORBIDDEN' } }],
    })
    expect(said).toEqual(['created sandbox-admin'])
    expect(names()).toEqual(['development-admin', 'development-reader', 'production-reader', 'sandbox-admin'])
  })

  test('for the accounts themselves changes nothing', async () => {
    const before = world.config
    world.wire.fault(accounts, refusal(400, 'InvalidParameter'))
    await expect(sync({ prune: true })).rejects.toMatchObject({ code: 'ERR_REFUSED' })
    expect(world.config).toBe(before)
  })
})

describe('pruning', () => {
  beforeEach(async () => {
    await sync()
    for (const name of ['development-reader', 'production-reader'])
      await getCredentials(name, {}, world.context())
    portal.accounts = [{ id: '1001', name: 'development', configurations: [admin, reader] }]
  })
  const items = () => [...world.stores.keychain.items.keys()].map((key) => key.split(':').slice(4).join('/'))

  test('deletes the profile and the credentials that it kept, and nothing of the others', async () => {
    expect(items()).toEqual(['', '1001/ac-2', '1002/ac-2'])
    expect((await sync({ prune: true })).said).toEqual([
      'kept development-admin',
      'kept development-reader',
      'pruned production-reader',
    ])
    expect(names()).toEqual(['development-admin', 'development-reader'])
    expect(items()).toEqual(['', '1001/ac-2'])
  })

  test('leaves credentials that a profile of the user leads to as well', async () => {
    const own: Profile = {
      kind: 'cloudsso',
      signInUrl: portal.signInUrl,
      accountId: '1002',
      accessConfigurationId: 'ac-2',
      store: 'keychain',
    }
    world.profile('mine', own)
    await sync({ prune: true })
    expect(names()).toEqual(['development-admin', 'development-reader', 'mine'])
    expect(items()).toContain('1002/ac-2')
  })

  test('in a dry run deletes nothing', async () => {
    expect((await sync({ prune: true, dry: true })).said).toContain('pruned production-reader')
    expect(names()).toContain('production-reader')
    expect(items()).toContain('1002/ac-2')
  })

  test('of one directory leaves those of another', async () => {
    const other = servePortal(world, 'other.example')
    other.accounts = [{ id: '1001', name: 'development', configurations: [admin] }]
    const { said } = await sync({ prune: true, signInUrl: other.signInUrl })
    expect(said).toEqual(['created development-admin-2'])
    expect(names()).toHaveLength(4)
    expect(count(exchange)).toBe(2)
  })
})

describe('the directory that is meant', () => {
  const at = (signInUrl: string): Profile => ({ kind: 'cloudsso', signInUrl })

  test('is the one of all profiles, in normal form', () => {
    world.config = { signInUrl: 'https://Signin.example/acme/login/?x=1', profiles: new Map() }
    world.profile('other', at('https://other.example/acme/login'))
    expect(directoryUrl(world.context())).toBe('https://signin.example/acme/login')
  })

  test('else the only one of the profiles', () => {
    world.profile('a', at('https://signin.example/acme/login'))
    world.profile('b', at('https://signin.example/acme/login/'))
    world.profile('c', { kind: 'idaas', idaasUrl: 'https://i.example', applicationUuid: 'u', appKey: 'k' })
    expect(directoryUrl(world.context())).toBe('https://signin.example/acme/login')
  })

  test('has to be named where there are several, or none', () => {
    const failure = () => {
      try {
        return directoryUrl(world.context())
      } catch (error) {
        return error
      }
    }
    expect(failure()).toMatchObject({ code: 'ERR_CONFIG', hint: expect.stringContaining('--signin-url') })
    world.profile('a', at('https://signin.example/acme/login'))
    world.profile('b', at('https://other.example/acme/login'))
    expect(failure()).toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('https://signin.example/acme/login https://other.example/acme/login'),
    })
  })
})
