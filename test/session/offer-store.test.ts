import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import type { WithoutKeychain } from '../../src/profiles/index.ts'
import { configureDefaults, login, type SessionContext, type StoreOffer } from '../../src/session/index.ts'
import { type Portal, servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')

let world: SessionWorld
let portal: Portal
beforeEach(() => {
  world = sessionWorld()
  portal = servePortal(world)
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  world.auto = 'memory'
})

/** A person at a terminal: what they are asked, and what they say. */
function offering(answer: WithoutKeychain | Error) {
  const asked: string[] = []
  const storeOffer: StoreOffer = {
    isOpen: async () => false,
    async ask() {
      asked.push(`where, after ${world.wire.calls().length} requests`)
      if (answer instanceof Error) throw answer
      return answer
    },
    async takePassphrase() {
      asked.push('passphrase')
      world.auto = 'encrypted-file'
    },
    unlock: async () => void asked.push('unlock'),
  }
  return { asked, storeOffer }
}

async function signIn(name: string, context: Partial<SessionContext>) {
  world.wire.sent.length = 0
  world.stores.memory.items.clear()
  return login(name, { wanted: {}, force: false }, world.context(context), scriptPerson())
}

describe('without a keychain, a login at a terminal', () => {
  test.each([
    ['encrypted-file', ['passphrase'], 'encrypted-file'],
    ['unlocked', ['passphrase', 'unlock'], 'encrypted-file'],
    ['memory', [], undefined],
  ] as const)(
    'offers the encrypted file before the first request, and remembers the answer: %s',
    async (answer, steps, store) => {
      const { asked, storeOffer } = offering(answer)
      await signIn('dev', { storeOffer })
      expect(asked).toEqual(['where, after 0 requests', ...steps])
      expect(world.state.withoutKeychain).toBe(answer)
      expect(world.config.profiles.get('dev')?.store).toBe(store)
      expect(world.stores['encrypted-file'].items.size).toBe(answer === 'memory' ? 0 : 2)
    },
  )

  test.each([
    ['encrypted-file', ['passphrase']],
    ['unlocked', ['passphrase', 'unlock']],
    ['memory', []],
  ] as const)('asks once: the next login goes by the answer (%s)', async (answer, steps) => {
    await signIn('dev', offering(answer))
    world.auto = 'memory'
    world.stores['encrypted-file'].items.clear()
    const { asked, storeOffer } = offering(new Error('asked twice'))
    await signIn('another', { storeOffer })
    expect(asked).toEqual(steps)
  })

  test('a file that a login has unlocked is unlocked again by the next sign-in', async () => {
    await signIn('dev', offering('unlocked'))
    for (const { items } of Object.values(world.stores)) items.clear()
    const { asked, storeOffer } = offering(new Error('asked twice'))
    await signIn('dev', { storeOffer })
    expect(asked).toEqual(['unlock'])
    for (const { items } of Object.values(world.stores)) items.clear()
    await signIn('dev', { storeOffer: { ...storeOffer, isOpen: async () => true } })
    expect(asked).toEqual(['unlock'])
  })

  test('Ctrl-C at the question ends it, and nothing is remembered', async () => {
    const { asked, storeOffer } = offering(interrupted)
    await expect(signIn('dev', { storeOffer })).rejects.toBe(interrupted)
    expect(asked).toHaveLength(1)
    expect(world.wire.calls()).toEqual([])
    expect(world.state.withoutKeychain).toBeUndefined()
    expect(world.config.profiles.size).toBe(0)
  })

  test('Ctrl-C at the passphrase is no answer either', async () => {
    const { storeOffer } = offering('encrypted-file')
    const takePassphrase = () => Promise.reject(interrupted)
    await expect(signIn('dev', { storeOffer: { ...storeOffer, takePassphrase } })).rejects.toBe(interrupted)
    expect(world.state.withoutKeychain).toBeUndefined()
  })

  test('configure --store takes the answer back', async () => {
    await signIn('dev', offering('memory'))
    await configureDefaults({ store: 'auto' }, world.context())
    expect(world.state.withoutKeychain).toBeUndefined()
    const { asked, storeOffer } = offering('memory')
    await signIn('dev', { storeOffer })
    expect(asked).toHaveLength(1)
  })
})

describe('nothing is offered', () => {
  const never = () => offering(new Error('asked'))

  test('where the store was named', async () => {
    const { asked, storeOffer } = never()
    for (const choice of ['memory', 'auto'] as const)
      await signIn('dev', { storeOffer, storeOverride: () => choice })
    await configureDefaults({ store: 'memory' }, world.context())
    await signIn('dev', { storeOffer })
    expect(asked).toEqual([])
  })

  test('where there is a keychain, even one that is locked', async () => {
    world.auto = 'keychain'
    const { asked, storeOffer } = never()
    const locked = new SesameError('ERR_STORE_LOCKED', 'locked')
    world.stores.keychain.fails = { read: locked, write: locked }
    await signIn('dev', { storeOffer })
    expect(asked).toEqual([])
  })

  test('without a person to take it', async () => {
    await signIn('dev', {})
    expect(world.state.withoutKeychain).toBeUndefined()
    expect(world.kept().filter((key) => !key.startsWith('memory '))).toEqual([])
  })

  test('for what needs no sign-in', async () => {
    world.auto = 'keychain'
    await signIn('dev', {})
    world.auto = 'memory'
    const { asked, storeOffer } = never()
    await signIn('dev', { storeOffer })
    expect(asked).toEqual([])
  })
})
