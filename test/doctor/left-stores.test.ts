import { beforeEach, expect, test } from 'vitest'
import { checkLeftStore, lookAtLeftStores } from '../../src/doctor/left-stores.ts'
import { SesameError, systemClock } from '../../src/kit/index.ts'
import { login } from '../../src/session/index.ts'
import { type Portal, servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

let world: SessionWorld
let portal: Portal
const look = () => lookAtLeftStores(['dev', 'ops'], world.config, world.context({ clock: systemClock }))

beforeEach(async () => {
  world = sessionWorld()
  portal = servePortal(world)
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  for (const name of ['dev', 'ops'])
    await login(name, { wanted: {}, force: false }, world.context(), scriptPerson())
})

test('[case 129] nothing is left where each profile has everything in its own store', async () => {
  expect(await look()).toEqual([])
})

test('[case 129] what is left in any store is named, with the profiles', async () => {
  for (const [key, value] of world.stores.keychain.items) {
    world.stores['encrypted-file'].items.set(key, value)
    if (key.startsWith('token')) world.stores.plaintext.items.set(key, value)
  }
  const left = await look()
  expect(left).toEqual([
    { store: 'encrypted-file', profiles: ['dev', 'ops'] },
    { store: 'plaintext', profiles: ['dev', 'ops'] },
  ])
  expect(left.map(checkLeftStore)).toMatchObject([
    {
      status: 'warning',
      message: 'the store encrypted-file still holds secrets of profiles dev, ops, kept elsewhere now',
      fix: 'sesame logout --profile dev && sesame logout --profile ops',
    },
    {},
  ])
})

test('[case 129] a former store that cannot be looked into: said where it was given something, else not', async () => {
  world.state = {
    ...world.state,
    movedIn: true,
    stores: { keychain: { held: true }, plaintext: { held: true } },
  }
  for (const store of ['plaintext', 'encrypted-file'] as const)
    world.stores[store].fails.read = new SesameError('ERR_STORE_UNAVAILABLE', 'It does not answer.')
  const left = await look()
  expect(left).toEqual([{ store: 'plaintext', profiles: [], reason: 'It does not answer.' }])
  expect(left.map(checkLeftStore)).toMatchObject([
    { status: 'warning', fix: 'See why with: SESAME_STORE=plaintext sesame doctor' },
  ])
  const needed = new SesameError('ERR_STORE_PASSPHRASE', 'The encrypted store needs a passphrase.')
  world.stores.plaintext.fails.read = needed
  expect(await look()).toEqual([{ store: 'plaintext', profiles: ['dev', 'ops'], sealed: true }])
})
