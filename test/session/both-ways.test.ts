import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import { login } from '../../src/session/index.ts'
import { isListening, redirectUriOf } from '../support/handed-browser.ts'
import { backTo, openLoopbackBrowser } from '../support/loopback-browser.ts'
import { type Oidc, serveOidc } from '../support/peers/oidc.ts'
import { type Script, scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const poll = 'POST /token'

let world: SessionWorld
let oidc: Oidc
beforeEach(() => {
  world = sessionWorld()
  oidc = serveOidc(world)
  // Without an ID token there is no nonce that the provider would have to know.
  oidc.gives.idToken = false
  configure({})
})

function configure(settings: { redirectPort?: number }): void {
  const { issuer, clientId } = oidc
  world.profile('corp', { kind: 'oidc', issuer, clientId, scope: 'offline_access', ...settings })
}

type Flow = 'auto' | 'both'

async function signIn(script: Script = {}, flow: Flow = 'both') {
  const person = scriptPerson(script)
  const result = await login('corp', { wanted: {}, force: false, flow }, world.context(), person)
  return { result, person }
}

/** What the user does in the browser of this machine; its last page is not fetched, since these clocks do not wait for it. */
async function browse(startUrl: string, answer: Record<string, string> = { code: 'code-1' }): Promise<void> {
  const browser = openLoopbackBrowser()
  await browser.ask(backTo(await browser.begin(startUrl), answer))
}

const grants = () =>
  world.wire.sent.flatMap(({ form }) =>
    form?.grant_type === undefined ? [] : [form.grant_type.split(':').at(-1)],
  )
const pending = () => [
  ...[...world.stores.keychain.items.values()].filter((text) => text.includes('deviceCode')),
  world.state.pendingSignIns,
]

describe('--flow both', () => {
  test('shows both on one screen; the device code wins, and nothing listens any more', async () => {
    const { person } = await signIn()
    expect([person.together, person.startUrls.length, person.shown.length]).toEqual([1, 1, 1])
    expect(person.ends).toEqual([true])
    expect(grants()).toEqual(['device_code', 'device_code'])
    expect(await isListening(redirectUriOf(person.startUrls[0] ?? ''))).toBe(false)
    expect(pending()).toEqual([undefined])
  })

  test('the browser of this machine wins; the device code is not polled again, and is forgotten', async () => {
    const held = world.wire.hold(poll)
    const { person } = await signIn({
      onStartUrl: (url) => void held.arrived.then(() => browse(url)).then(held.letGo),
    })
    expect(person.ends).toEqual([true])
    // The poll that was on the wire, and was answered "pending".
    expect(grants()).toEqual(['device_code', 'authorization_code'])
    await world.clock.pass(700_000)
    expect(grants()).toHaveLength(2)
    expect(pending()).toEqual([undefined])
    expect(oidc.accessTokens.size).toBe(1)
  })

  test('where both give tokens, one sign-in is kept and the other revoked', async () => {
    oidc.pendingPolls = 0
    const held = world.wire.hold(poll)
    await signIn({ onStartUrl: (url) => void held.arrived.then(() => browse(url)).then(held.letGo) })
    expect(grants()).toEqual(['device_code', 'authorization_code'])
    expect(world.wire.calls().slice(-2)).toEqual(['POST /revoke', 'POST /revoke'])
    const [kept = ''] = world.stores.keychain.items.values()
    expect([...oidc.accessTokens]).toEqual([JSON.parse(kept).accessToken])
    expect([...oidc.refreshTokens]).toEqual([JSON.parse(kept).refreshToken])
  })

  test('a no in the browser is the answer: nothing is left of the device code', async () => {
    const held = world.wire.hold(poll)
    const no = { error: 'access_denied' }
    const signing = signIn({
      onStartUrl: (url) => void held.arrived.then(() => browse(url, no)).then(held.letGo),
    })
    await expect(signing).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' })
    expect(pending()).toEqual([undefined])
  })

  test('a no on the other device is the answer: nothing listens any more', async () => {
    world.wire.fault(poll, { status: 400, body: { error: 'access_denied' } })
    const startUrls: string[] = []
    const signing = signIn({ onStartUrl: (url) => void startUrls.push(url) })
    await expect(signing).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' })
    expect(await isListening(redirectUriOf(startUrls[0] ?? ''))).toBe(false)
  })

  test('no device code to be had: that is said, and the browser signs in', async () => {
    world.wire.fault('POST /device', { status: 400, body: { error: 'unauthorized_client' } })
    const { person } = await signIn({ onStartUrl: (url) => void browse(url) })
    expect([person.together, person.startUrls.length, person.shown.length]).toEqual([0, 1, 0])
    expect(person.notified).toEqual([
      expect.stringMatching(/unauthorized_client.*The other way is still open\.$/),
    ])
    expect(grants()).toEqual(['authorization_code'])
  })

  test('no port to listen on: that is said, and the device code signs in', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    configure({ redirectPort: (taken.address() as AddressInfo).port })
    const { person } = await signIn()
    taken.close()
    expect([person.together, person.startUrls.length, person.shown.length]).toEqual([0, 0, 1])
    expect(person.notified).toEqual([expect.stringMatching(/Cannot listen.*The other way is still open\.$/)])
  })

  test('an interruption ends both, and the device code stays pending', async () => {
    const stop = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const ctrlC = () => {
      world.interruption.abort(stop)
    }
    await expect(signIn({ onVerification: ctrlC, hasBrowserHere: true })).rejects.toBe(stop)
    world.interruption = new AbortController()
    expect(pending()).toHaveLength(2)
    const { person } = await signIn()
    // It was the other page that a browser had opened.
    expect(person.shown).toMatchObject([{ again: true, opened: false }])
    expect(person.together).toBe(1)
  })

  test.each([
    ['device_authorization_endpoint', [0, 1, 0]],
    ['authorization_endpoint', [0, 0, 1]],
  ])('a provider without %s: the other way alone', async (endpoint, screens) => {
    oidc.lacks = [endpoint]
    const { person } = await signIn({ onStartUrl: (url) => void browse(url) })
    expect([person.together, person.startUrls.length, person.shown.length]).toEqual(screens)
    expect(person.notified).toEqual([])
  })
})

describe('--flow auto', () => {
  test('takes both ways for a profile without a role where the browser may be elsewhere', async () => {
    const { person } = await signIn({ remotePlace: 'WSL' }, 'auto')
    expect(person.together).toBe(1)
    expect(person.notified).toEqual([])
  })

  test('once the code has failed, an address that no browser has opened is not waited for', async () => {
    world.wire.fault(poll, { status: 400, body: { error: 'expired_token' } })
    const startUrls: string[] = []
    const script = { remotePlace: 'WSL', onStartUrl: (url: string) => void startUrls.push(url) }
    await expect(signIn(script, 'auto')).rejects.toMatchObject({ code: 'ERR_DEVICE_CODE_EXPIRED' })
    expect(await isListening(redirectUriOf(startUrls[0] ?? ''))).toBe(false)
  })

  test('one that a browser has opened is', async () => {
    const held = world.wire.hold(poll)
    world.wire.fault(poll, { status: 400, body: { error: 'expired_token' } })
    const browser = openLoopbackBrowser()
    const onStartUrl = async (url: string) => {
      const page = await browser.begin(url)
      held.letGo()
      void held.arrived.then(() => browser.ask(backTo(page, { code: 'code-1' })))
    }
    const { person } = await signIn({ remotePlace: 'WSL', onStartUrl: (url) => void onStartUrl(url) }, 'auto')
    expect(person.ends).toEqual([true])
    expect(grants().at(-1)).toBe('authorization_code')
  })

  test.each([{}, { hasBrowserHere: true }, { remotePlace: 'a container' }])(
    'but one way here (%o)',
    async (script) => {
      const { person } = await signIn({ ...script, onStartUrl: (url) => void browse(url) }, 'auto')
      expect(person.together).toBe(0)
    },
  )
})
