import { beforeEach, describe, expect, test } from 'vitest'
import { configureDefaults, getCredentials, login, logout } from '../../src/session/index.ts'
import { resolveProfile } from '../../src/session/kinds/resolve-profile.ts'
import { type Portal, servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

/** How an earlier version wrote the URL into the configuration, and named the items by it. */
const spelled = 'https://signin.example/acme/login/?spm=5176'

let world: SessionWorld
let portal: Portal
beforeEach(async () => {
  world = sessionWorld()
  portal = servePortal(world)
  portal.tokenSeconds = 28_800
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  await signIn()
  asBefore()
  world.wire.sent.length = 0
})

const signIn = (name = 'dev') => login(name, { wanted: {}, force: false }, world.context(), scriptPerson())

/** Today's names become those under the former spelling. */
function asBefore(): void {
  const { items } = world.stores.keychain
  for (const [key, value] of [...items]) {
    items.delete(key)
    items.set(former(key), value)
  }
  world.config = { ...world.config, signInUrl: spelled }
}

const former = (key: string) => key.replace(encodeURIComponent(portal.signInUrl), encodeURIComponent(spelled))
const isFormer = (key: string) => key.includes('spm')

describe('[case 145] items under the spelling of an earlier version', () => {
  test('are moved once: a login answers from the store', async () => {
    await signIn()
    expect(world.wire.calls()).toEqual([])
    expect(world.kept().filter(isFormer)).toEqual([])
    expect(world.kept()).toHaveLength(2)
  })

  test('credentials that are old are renewed with the sign-in that was kept', async () => {
    world.clock.advance(3600_000)
    await getCredentials('dev', {}, world.context())
    expect(world.wire.calls()).toEqual(['POST /cloud-credentials'])
    expect(world.kept().filter(isFormer)).toEqual([])
    expect(world.kept()).toHaveLength(2)
  })

  test('what is there under today’s name is newer and stays', async () => {
    const { items } = world.stores.keychain
    const [token] = [...items.keys()].filter((key) => key.startsWith('token'))
    const today = token?.replace(encodeURIComponent(spelled), encodeURIComponent(portal.signInUrl)) ?? ''
    items.set(today, items.get(token ?? '') ?? '')
    items.set(token ?? '', '{"v":1,"accessToken":"older"}')
    world.clock.advance(3600_000)
    await getCredentials('dev', {}, world.context())
    expect(items.get(today)).not.toContain('older')
    expect(world.kept().filter(isFormer)).toEqual([])
  })

  test('are forgotten by a logout', async () => {
    await logout('dev', { sparesOthers: false }, world.context())
    expect(world.kept()).toEqual([])
  })

  test('are moved before the configuration loses the spelling that leads to them', async () => {
    await configureDefaults({ signInUrl: portal.signInUrl }, world.context())
    expect(world.config.signInUrl).toBe(portal.signInUrl)
    expect(world.config.profiles.get('dev')).toMatchObject({ accountId: '1001' })
    expect(world.kept().filter(isFormer)).toEqual([])
    await signIn()
    expect(world.wire.calls()).toEqual([])
  })

  test('serve all profiles of the directory, in whichever spelling', async () => {
    world.profile('other', { kind: 'cloudsso', signInUrl: `${portal.signInUrl}#x`, store: 'keychain' })
    world.clock.advance(3600_000)
    await getCredentials('dev', {}, world.context())
    world.wire.sent.length = 0
    await signIn('other')
    expect(world.wire.calls()).not.toContain('POST /device-authorization')
  })

  test('a role that is built upon the profile finds its credentials, too', async () => {
    const { items } = world.stores.keychain
    const role = {
      kind: 'role',
      sourceProfile: 'dev',
      roleArn: 'acs:ram::1001:role/x',
      store: 'keychain',
    } as const
    world.profile('role', role)
    const names = resolveProfile('role', world.config, world.context()).items
    const [mine] = [...items.keys()].filter((key) => key.startsWith('credentials'))
    items.set(names.former?.credentials ?? '', items.get(mine ?? '') ?? '')
    await getCredentials('role', {}, world.context())
    expect(world.wire.calls()).toEqual([])
    expect([...items.keys()]).toContain(names.credentials)
    expect([...items.keys()]).not.toContain(names.former?.credentials)
  })
})
