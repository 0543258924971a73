import { beforeEach, describe, expect, test } from 'vitest'
import { Secret, SesameError, type StoreName, storeNames } from '../../src/kit/index.ts'
import {
  configureDefaults,
  configureProfile,
  deleteProfile,
  getCredentials,
  login,
  logout,
} from '../../src/session/index.ts'
import { type Oidc, serveOidc } from '../support/peers/oidc.ts'
import { servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const pairs = storeNames.flatMap((from) =>
  storeNames.filter((to) => to !== from).map((to) => [from, to] as const),
)

let world: SessionWorld
let oidc: Oidc
beforeEach(async () => {
  world = sessionWorld()
  oidc = serveOidc(world)
  const { issuer, clientId } = oidc
  world.profile('corp', { kind: 'oidc', issuer, clientId })
})

/** The context of a command that was given SESAME_STORE. */
const named = (store?: StoreName) => world.context({ storeOverride: () => store })

const signIn = (name: string, store?: StoreName) =>
  login(name, { wanted: {}, force: false }, named(store), scriptPerson())

function setSecret(store?: StoreName) {
  oidc.clientSecret = 'client-secret-1'
  return configureProfile('corp', {}, { secret: new Secret('client-secret-1') }, named(store))
}

const kindsIn = (store: StoreName) =>
  [...world.stores[store].items.keys()].map((key) => key.split(':')[0]).sort()
const signIns = () => world.wire.calls().filter((call) => call === 'POST /device').length

describe('[case 129] a change of the store leaves no secret behind', () => {
  test.each(pairs)('by SESAME_STORE, from %s to %s', async (from, to) => {
    await setSecret(from)
    await signIn('corp', from)
    expect(kindsIn(from)).toEqual(['secret', 'token'])
    await signIn('corp', to)
    expect([kindsIn(from), kindsIn(to)]).toEqual([[], ['secret', 'token']])
    expect(signIns()).toBe(1)
    expect(oidc.reused).toEqual([])
    expect(world.config.profiles.get('corp')?.store).toBe(to)
  })

  test.each(pairs)('by "configure --store", from %s to %s', async (from, to) => {
    await setSecret(from)
    await signIn('corp', from)
    servePortal(world)
    await configureDefaults({ store: to }, world.context())
    expect([kindsIn(from), kindsIn(to)]).toEqual([[], ['secret', 'token']])
    await signIn('corp')
    expect(signIns()).toBe(1)
  })

  test('all credentials of all profiles go along, and are good there', async () => {
    const portal = servePortal(world)
    world.profile('dev', { kind: 'cloudsso', signInUrl: portal.signInUrl })
    await signIn('dev', 'plaintext')
    const { credentials } = await getCredentials('dev', {}, world.context())
    await configureDefaults({ store: 'keychain' }, world.context())
    expect([kindsIn('plaintext'), kindsIn('keychain')]).toEqual([[], ['credentials', 'token']])
    const calls = world.wire.calls().length
    expect((await getCredentials('dev', {}, world.context())).credentials).toEqual(credentials)
    expect(world.wire.calls()).toHaveLength(calls)
    // Where they are now is remembered: they are found again whatever is chosen for all.
    await configureDefaults({ store: 'auto' }, world.context())
    await expect(getCredentials('dev', {}, world.context())).resolves.toBeDefined()
  })

  test('for memory everything is forgotten, and revoked', async () => {
    await setSecret('plaintext')
    await signIn('corp', 'plaintext')
    await configureDefaults({ store: 'memory' }, world.context())
    expect(world.kept()).toEqual([])
    expect([oidc.refreshTokens.size, oidc.accessTokens.size]).toEqual([0, 0])
  })

  test('one command with SESAME_STORE=memory leaves everything where it is', async () => {
    await signIn('corp', 'keychain')
    const before = world.kept()
    const context = world.context({ storeOverride: () => 'memory' })
    await login('corp', { wanted: {}, force: false }, context, scriptPerson())
    expect(world.kept().filter((each) => !each.startsWith('memory'))).toEqual(before)
    expect(world.config.profiles.get('corp')?.store).toBe('keychain')
  })

  test('a sign-in that another profile has there stays with that one', async () => {
    world.profile('other', { kind: 'oidc', issuer: oidc.issuer, clientId: oidc.clientId })
    await signIn('corp', 'keychain')
    await signIn('other', 'keychain')
    const before = world.stores.keychain.items.get([...world.stores.keychain.items.keys()][0] ?? '')
    await signIn('corp', 'plaintext')
    expect([...world.stores.keychain.items.values()]).toEqual([before])
    expect([...world.stores.plaintext.items.values()]).not.toEqual([before])
    expect(signIns()).toBe(2)
  })

  test('a store that cannot be opened keeps what it has, which is said; the sign-in goes on', async () => {
    await signIn('corp', 'keychain')
    world.stores.keychain.fails.read = new SesameError('ERR_STORE_LOCKED', 'The keychain is locked.')
    await signIn('corp', 'plaintext')
    expect([kindsIn('keychain'), kindsIn('plaintext')]).toEqual([['token'], ['token']])
    expect(world.warnings).toContain(
      'What the store keychain holds of profile corp stays there: The keychain is locked.',
    )
  })
})

describe('[case 129] a logout empties every store that ever held something', () => {
  test.each(pairs)('what is in %s and in %s is forgotten and revoked', async (from, to) => {
    await signIn('corp', from)
    const [[key, value] = ['', '']] = [...world.stores[from].items]
    world.stores[from].items.delete(key)
    await signIn('corp', to)
    world.stores[from].items.set(key, value)
    expect(oidc.refreshTokens.size).toBe(2)
    expect(await logout('corp', { sparesOthers: false }, world.context())).toMatchObject({
      forgotten: true,
      revocation: { kind: 'revoked' },
    })
    expect(world.kept()).toEqual([])
    expect([oidc.refreshTokens.size, oidc.accessTokens.size]).toEqual([0, 0])
  })

  test('a sign-in that was cut off before the profile was saved is found, too', async () => {
    await signIn('corp', 'plaintext')
    const { issuer, clientId } = oidc
    world.profile('corp', { kind: 'oidc', issuer, clientId })
    await logout('corp', { sparesOthers: false }, world.context())
    expect(world.kept()).toEqual([])
    expect(oidc.refreshTokens.size).toBe(0)
  })

  test('an encrypted file without its passphrase is emptied unread, which is said', async () => {
    await signIn('corp', 'encrypted-file')
    const [item] = [...world.stores['encrypted-file'].items]
    await signIn('corp', 'keychain')
    if (item !== undefined) world.stores['encrypted-file'].items.set(...item)
    const needed = new SesameError('ERR_STORE_PASSPHRASE', 'The encrypted store needs a passphrase.')
    world.stores['encrypted-file'].fails.read = needed
    world.warnings.length = 0
    await logout('corp', { sparesOthers: false }, world.context())
    expect(world.kept()).toEqual([])
    expect(world.warnings).toEqual([expect.stringContaining('deleted unread, so it was not revoked')])
  })

  test('a deleted profile leaves no client secret in any of them', async () => {
    await setSecret('plaintext')
    const [item] = [...world.stores.plaintext.items]
    await setSecret('keychain')
    if (item !== undefined) world.stores.plaintext.items.set(...item)
    await deleteProfile('corp', world.context())
    expect(world.kept()).toEqual([])
  })

  test('one of before 0.3, which remembered only the last store: all are looked into, and silently', async () => {
    await signIn('corp', 'plaintext')
    const [item] = [...world.stores.plaintext.items]
    await signIn('corp', 'keychain')
    if (item !== undefined) world.stores.plaintext.items.set(...item)
    world.state = { ...world.state, stores: {} }
    world.warnings.length = 0
    world.stores['encrypted-file'].fails.read = new SesameError('ERR_STORE_UNAVAILABLE', 'No.')
    await logout('corp', { sparesOthers: false }, world.context())
    expect([kindsIn('plaintext'), kindsIn('keychain')]).toEqual([[], []])
    expect(world.warnings).toEqual([])
  })
})
