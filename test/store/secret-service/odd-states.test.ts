import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/kit/clock.ts'
import { type KeychainStore, keychainStore } from '../../../src/store/keychain.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { unlockDefault } from '../../../src/store/secret-service/ask-user.ts'
import { withBus } from '../../../src/store/secret-service/bus.ts'
import {
  type OddItem,
  type Oddity,
  type OddSecretService,
  startOddSecretService,
} from '../odd-secret-service.ts'

let services: OddSecretService[] = []
afterEach(() => {
  for (const service of services) service.close()
  services = []
})

interface Opened {
  service: OddSecretService
  store: KeychainStore
  said: string[]
}

const environment = (service: OddSecretService) => ({
  platform: 'linux' as const,
  dbus: { address: service.address, runtimeDirectory: undefined },
  uid: process.getuid?.() ?? 0,
  clock: systemClock,
  log: () => {},
})

async function open(oddity: Oddity, items: Partial<OddItem>[] = [], user = false): Promise<Opened> {
  const service = await startOddSecretService(oddity, items)
  services.push(service)
  const said: string[] = []
  const store = keychainStore({
    ...environment(service),
    interactive: () => user,
    warn: (line) => void said.push(line),
  })
  return { service, store, said }
}

const token = '{"token":"secret"}'
const locked = { code: 'ERR_STORE_LOCKED' }
const everyUse = [
  (store: KeychainStore) => store.read('k'),
  (store: KeychainStore) => store.write('k', '1'),
  (store: KeychainStore) => store.remove('k'),
]

describe('[case 175] the collection is open and the item is locked', () => {
  const oddity = { itemsLocked: true } as const

  test('a program: an error for every use, no dialog, and the item stays', async () => {
    const { service, store, said } = await open({ ...oddity, unlocking: 'unanswered' }, [{ secret: token }])
    for (const use of everyUse) await expect(use(store)).rejects.toMatchObject(locked)
    await expect(store.read('k')).rejects.toMatchObject({ message: expect.stringContaining('item') })
    expect({ dialogs: service.dialogs, said }).toEqual({ dialogs: 0, said: [] })
    expect(service.items).toMatchObject([{ secret: token }])
  })

  test('a user sees what is waited for, and answers the dialog', async () => {
    for (const [use, left] of [
      [(store: KeychainStore) => store.read('k'), [{ secret: token }]],
      [(store: KeychainStore) => store.write('k', '1'), [{ secret: '1' }]],
      [(store: KeychainStore) => store.remove('k'), []],
    ] as const) {
      const { service, store, said } = await open(
        { ...oddity, unlocking: 'confirmed' },
        [{ secret: token }],
        true,
      )
      await use(store)
      expect(service.items).toMatchObject(left)
      expect(said).toEqual([
        expect.stringMatching(/^The keyring asks before .*; waiting for your answer \(Ctrl-C gives up\)\.$/),
      ])
      expect(service.dialogs).toBe(1)
    }
  })

  test('a user who dismisses it: locked, not absent', async () => {
    const { service, store } = await open({ ...oddity, unlocking: 'dismissed' }, [{ secret: token }], true)
    for (const use of everyUse) await expect(use(store)).rejects.toMatchObject(locked)
    expect(service.items).toMatchObject([{ secret: token }])
  })

  test('items of other names do not matter', async () => {
    const other = { secret: token, attributes: { service: 'other', username: 'k' } }
    const { store } = await open(oddity, [other])
    expect(await store.read('k')).toBeUndefined()
    expect(await store.remove('k')).toBe(false)
  })
})

describe('[case 176] locked until a client asks', () => {
  test.each<[string, Oddity]>([
    ['Unlock is enough', { locked: true, unlocking: 'at once' }],
    ["KDE's prompt opens no dialog while the wallet is open", { locked: 'kde' }],
  ])('%s: works for a program', async (_, oddity) => {
    for (const use of everyUse) {
      const { service, store, said } = await open(oddity, [{ secret: token }])
      expect(await store.probe()).toMatchObject({ state: 'unlocked' })
      await use(store)
      expect({ dialogs: service.dialogs, said }).toEqual({ dialogs: 0, said: [] })
    }
    const { store } = await open(oddity, [{ secret: token }])
    expect(await store.read('k')).toBe(token)
  })

  test("KDE's prompt opens a dialog after all (Prompt on Open): it is called off, locked", async () => {
    const { service, store } = await open({ locked: 'kde', unlocking: 'unanswered' }, [{ secret: token }])
    await expect(store.read('k')).rejects.toMatchObject(locked)
    await expect.poll(() => service.dismissed).toBe(1)
  })

  test('really locked: Unlock is asked, its prompt is not shown to a program', async () => {
    const { service, store } = await open({ locked: true, unlocking: 'unanswered' }, [{ secret: token }])
    expect(await store.probe()).toEqual({ state: 'locked' })
    for (const use of everyUse) await expect(use(store)).rejects.toMatchObject(locked)
    expect(service.dialogs).toBe(0)
  })
})

describe('a dialog', () => {
  test('[case 40] a prompt that is never answered ends with the limit, and is called off', async () => {
    const { service } = await open({ locked: true, unlocking: 'unanswered' })
    const options = { ...environment(service), ...environment(service).dbus, timeoutMs: 1000 }
    const said: string[] = []
    const user = { interactive: () => true, warn: (line: string) => void said.push(line), userLimitMs: 100 }
    const unlocking = withBus(options, (bus) => unlockDefault(bus, { ...options, ...user }))
    await expect(unlocking).rejects.toMatchObject({
      state: 'locked',
      reason: expect.stringContaining('not answered'),
    })
    expect(said).toEqual([expect.stringContaining('waiting for you to unlock it')])
    // The call to dismiss it left with the connection.
    await expect.poll(() => service.dismissed).toBe(1)
  })

  test('while the user is waited for, the limit of the bus does not run', async () => {
    const { service } = await open({ locked: true, unlocking: 'confirmed', delayMs: 40 })
    const options = { ...environment(service), ...environment(service).dbus, timeoutMs: 200 }
    const user = { interactive: () => true, warn: () => {} }
    await withBus(options, (bus) => unlockDefault(bus, { ...options, ...user }))
    expect(service.dialogs).toBe(1)
  })

  test('creating by a prompt that opens none (KeePassXC) works for a program', async () => {
    const { service, store, said } = await open({ confirms: 'CreateItem' })
    await store.write('k', token)
    expect(await store.read('k')).toBe(token)
    await store.write('k', '1')
    expect(service.items).toMatchObject([{ secret: '1' }])
    const user = await open({ confirms: 'CreateItem' }, [], true)
    await user.store.write('k', token)
    expect(user.service.items).toMatchObject([{ secret: token }])
    expect([...said, ...user.said]).toEqual([])
  })

  test('creating by a prompt that is never completed: called off, an error', async () => {
    const { service, store } = await open({ confirms: 'CreateItem', unlocking: 'unanswered' })
    await expect(store.write('k', token)).rejects.toMatchObject(locked)
    await expect.poll(() => service.dismissed).toBe(1)
  })

  test('deleting that is to be confirmed: the secret is gone in any case', async () => {
    const alone = await open({ confirms: 'Delete' }, [{ secret: token }])
    expect(await alone.store.remove('k')).toBe(true)
    expect(alone.service).toMatchObject({ dialogs: 0, items: [{ secret: '' }] })
    expect(await alone.store.read('k')).toBeUndefined()
    const user = await open({ confirms: 'Delete' }, [{ secret: token }], true)
    expect(await user.store.remove('k')).toBe(true)
    expect(user.service).toMatchObject({ dialogs: 1, items: [] })
  })
})

describe('[case 180] a search opens a dialog while the keyring is locked', () => {
  test('so nothing is searched before it says that it is not', async () => {
    for (const use of everyUse) {
      const { service, store } = await open({ locked: true, unlocking: 'unanswered' }, [{ secret: token }])
      await expect(use(store)).rejects.toMatchObject(locked)
      expect(service.calls).not.toContain('SearchItems')
      expect(service.dialogs).toBe(0)
    }
  })

  test('a search that is never answered ends within the limit, and is not waited for again', async () => {
    const { service, store } = await open({ silent: ['SearchItems'] }, [{ secret: token }])
    const silent = { code: 'ERR_STORE_UNAVAILABLE', message: expect.stringContaining('does not answer') }
    for (const use of everyUse) await expect(use(store)).rejects.toMatchObject(silent)
    expect(service.calls.filter((call) => call === 'SearchItems')).toHaveLength(1)
  })
})

describe('[case 181] what a password manager keeps of deleted entries', () => {
  test('is empty: each is overwritten first', async () => {
    const { service, store } = await open({}, [{ secret: token }])
    expect(await store.remove('k')).toBe(true)
    await store.write('k', token)
    await store.remove('k')
    expect(service.bin).toEqual(['', ''])
  })

  test('an entry that cannot be overwritten is deleted all the same', async () => {
    const { service, store } = await open({ failing: { SetSecret: 'org.example.ReadOnly' } }, [
      { secret: token },
    ])
    expect(await store.remove('k')).toBe(true)
    expect(service.items).toEqual([])
  })
})

describe('[case 182] two items of one name', () => {
  const two = [
    { secret: '"stale"', modified: 1000 },
    { secret: '"new"', modified: 3000 },
    { secret: '"older"', modified: 2000, path: '/org/freedesktop/secrets/collection/other/1' },
  ]

  test('the newest counts', async () => {
    const { store } = await open({}, two)
    expect(await store.read('k')).toBe('"new"')
  })

  test('after a write there is one', async () => {
    const { service, store } = await open({}, two)
    await store.write('k', token)
    expect(service.items).toMatchObject([{ secret: token, path: expect.stringContaining('/login/') }])
    expect(await store.read('k')).toBe(token)
  })

  test('a write replaces what an earlier version wrote, under its own attributes', async () => {
    const { service, store } = await open({}, [{ secret: '"before"' }])
    await store.write('k', token)
    await store.write('l', token)
    expect(service.items.map(({ attributes, label, secret }) => ({ attributes, label, secret }))).toEqual([
      { attributes: { service: 'sesame', username: 'k' }, label: 'l', secret: token },
      { attributes: { service: 'sesame', username: 'l' }, label: 'keyring:l@sesame', secret: token },
    ])
  })

  test('all go at deletion', async () => {
    const { service, store } = await open({}, two)
    expect(await store.remove('k')).toBe(true)
    expect(service.items).toEqual([])
    expect(await store.remove('k')).toBe(false)
  })
})

describe('a service that fails', () => {
  test('slow answers are waited for', async () => {
    const { store } = await open({ delayMs: 100 }, [{ secret: token }])
    expect(await store.read('k')).toBe(token)
    await store.write('k', '1')
    expect(await store.remove('k')).toBe(true)
  })

  test.each(['Get', 'OpenSession', 'SearchItems', 'GetSecret', 'SetSecret', 'CreateItem', 'Delete'])(
    '[case 183] %s with an error of its own: the reason is kept',
    async (member) => {
      const { store } = await open({ failing: { [member]: 'org.example.NoPlugin' } }, [{ secret: token }])
      const uses = async () => {
        await store.read('k')
        await store.write('k', '1')
        await store.write('new', '1')
        await store.remove('k')
      }
      await expect(uses()).rejects.toMatchObject({
        code: 'ERR_STORE_UNAVAILABLE',
        message: expect.stringContaining('org.example.NoPlugin'),
      })
    },
  )

  test.each(['Get', 'OpenSession', 'ReadAlias', 'SearchItems', 'GetSecret', 'CreateItem', 'Delete'])(
    '[case 179] %s with an answer of other types: unavailable, and said to be so',
    async (member) => {
      const { store } = await open({ garbled: [member] }, [{ secret: token }])
      const uses = async () => {
        await store.read('k')
        await store.write('new', '1')
        await store.remove('k')
      }
      await expect(uses()).rejects.toMatchObject({
        code: 'ERR_STORE_UNAVAILABLE',
        message: expect.stringMatching(/not understood|does not say/),
      })
    },
  )

  test('[case 183] auto says the reason as well', async () => {
    const { service } = await open({ failing: { Get: 'org.example.NoPlugin' } })
    const said: string[] = []
    const { store, probe } = await openStore({
      ...environment(service),
      choice: 'auto',
      directory: '/nonexistent',
      interactive: () => false,
      passphraseAvailable: false,
      forWriting: true,
      warn: (line) => void said.push(line),
    })
    expect({ kind: store.kind, probe }).toEqual({ kind: 'memory', probe: 'unknown' })
    expect(said).toEqual([expect.stringContaining('org.example.NoPlugin')])
  })
})
