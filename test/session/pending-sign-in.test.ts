import { beforeEach, describe, expect, test } from 'vitest'
import { SesameError } from '../../src/kit/errors.ts'
import {
  configureProfile,
  deleteProfile,
  login,
  logout,
  type SessionContext,
} from '../../src/session/index.ts'
import { type Oidc, serveOidc } from '../support/peers/oidc.ts'
import { type Portal, refusal, servePortal } from '../support/peers/portal.ts'
import { type Script, type ScriptedPerson, scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
const minute = 60_000

let world: SessionWorld
let portal: Portal
let oidc: Oidc
beforeEach(() => {
  world = sessionWorld()
  portal = servePortal(world)
  oidc = serveOidc(world)
  world.profile('dev', { kind: 'cloudsso', signInUrl: portal.signInUrl })
  world.profile('corp', { kind: 'oidc', issuer: oidc.issuer, clientId: oidc.clientId })
})

interface How extends Script {
  force?: boolean
  acrValues?: string
  context?: Partial<SessionContext>
}

/** A login of one more process; what it has sent, and the person who watched it. */
async function signIn(name: string, { force = false, acrValues, context, ...script }: How = {}) {
  world.wire.sent.length = 0
  const person = scriptPerson(script)
  const asked = acrValues === undefined ? {} : { acrValues }
  const options = { wanted: {}, force, flow: 'device' as const, ...asked }
  const result = await login(name, options, world.context(context), person)
  return { result, person }
}

/** One that the person ends by Ctrl-C as soon as the code is on the screen. */
async function interrupt(name: string, how: How = {}): Promise<void> {
  const ctrlC = () => {
    throw interrupted
  }
  await expect(signIn(name, { ...how, onVerification: ctrlC })).rejects.toBe(interrupted)
}

const begins = () =>
  world.wire.calls().filter((call) => /device-authorization|POST \/device$/.test(call)).length
const again = ({ shown }: ScriptedPerson) => shown.map(({ again = false }) => again)
/** The items that have the secrets of a pending sign-in. */
const pendingItems = () =>
  Object.values(world.stores).flatMap(({ items }) =>
    [...items].flatMap(([key, text]) => (JSON.parse(text).pending === undefined ? [] : [key])),
  )

describe.each(['dev', 'corp'])('an interrupted sign-in with a device code (profile %s)', (name) => {
  test('is gone on with by the next login, and nothing is left of it', async () => {
    await interrupt(name)
    expect(begins()).toBe(1)
    expect(pendingItems()).toHaveLength(1)
    const { person } = await signIn(name)
    expect(begins()).toBe(0)
    expect(person.shown).toMatchObject([{ userCode: 'BCDF-GHJK', again: true, opened: false }])
    expect(person.notified).toEqual([
      `To begin anew, press Ctrl-C and run: sesame login --profile ${name} --force`,
    ])
    expect(pendingItems()).toEqual([])
    expect(world.state.pendingSignIns).toBeUndefined()
  })

  test('keeps device code and verifier in the store, and no secret in the state', async () => {
    await interrupt(name)
    const [item = ''] = world.stores.keychain.items.values()
    const { deviceCode, codeVerifier, userCode } = JSON.parse(item).pending
    expect([deviceCode, codeVerifier, userCode]).toEqual([
      expect.stringContaining('device-'),
      expect.stringMatching(/^[\w-]{43}$/),
      'BCDF-GHJK',
    ])
    const state = JSON.stringify([...(world.state.pendingSignIns ?? [])])
    expect(state).toContain('BCDF-GHJK')
    for (const secret of [deviceCode, codeVerifier]) expect(state).not.toContain(secret)
  })

  test('polls with the interval of the server, the first time too', async () => {
    await interrupt(name)
    world.clock.pauses.length = 0
    await signIn(name)
    expect(world.clock.pauses.slice(0, 2)).toEqual([1_100, 1_100])
  })

  test('a browser that was opened before is not opened again; one that was not, is', async () => {
    await interrupt(name, { hasBrowserHere: true })
    await interrupt(name, { hasBrowserHere: true })
    expect((await signIn(name, { hasBrowserHere: true })).person.shown).toMatchObject([{ opened: true }])
    await logout(name, { sparesOthers: false }, world.context())
    await interrupt(name)
    expect((await signIn(name, { hasBrowserHere: true })).person.shown).toMatchObject([{ opened: false }])
  })

  test('--force begins anew, and the former one is forgotten', async () => {
    await interrupt(name)
    const before = [...world.stores.keychain.items.values()]
    await interrupt(name, { force: true })
    expect(begins()).toBe(1)
    expect(pendingItems()).toHaveLength(1)
    const after = [...world.stores.keychain.items.values()]
    expect(after).not.toEqual(before)
  })

  test('one whose code has expired meanwhile is forgotten without a word', async () => {
    await interrupt(name)
    world.clock.advance(10 * minute)
    const { person } = await signIn(name)
    expect(begins()).toBe(1)
    expect(again(person)).toEqual([false])
    expect(person.notified).toEqual([])
    expect(pendingItems()).toEqual([])
  })

  test('its end is by the clock of the server, however wrong the local one is', async () => {
    const { clock } = world
    const hour = 60 * minute
    const shifted = (ms: number) => ({
      ...clock,
      now: () => new Date(clock.now().getTime() + ms),
      bootedAt: () => ({ at: new Date(clock.bootedAt().at.getTime() + ms), id: undefined }),
    })
    // An hour wrong all the time; the server's Date header shows it.
    for (const ms of [hour, -hour]) {
      const context = { clock: shifted(ms) }
      await interrupt(name, { force: true, context })
      clock.advance(9 * minute)
      expect(again((await signIn(name, { force: false, context })).person)).toEqual([true])
      await logout(name, { sparesOthers: false }, world.context())
      await interrupt(name, { force: true, context })
      clock.advance(10 * minute)
      expect(again((await signIn(name, { context })).person)).toEqual([false])
      await logout(name, { sparesOthers: false }, world.context())
    }
    // Set back while nothing waited: the code lives as long as it did, and no longer.
    await interrupt(name, { context: { clock: shifted(hour) } })
    clock.advance(9 * minute)
    await interrupt(name)
    expect(begins()).toBe(0)
    clock.advance(1 * minute)
    expect(again((await signIn(name)).person)).toEqual([false])
  })

  test('one that the server does not know any more is said, and a new one begins', async () => {
    await interrupt(name)
    const gone =
      name === 'dev'
        ? refusal(400, 'InvalidDeviceCodeError')
        : { status: 400, body: { error: 'expired_token' } }
    world.wire.fault('POST /token', gone)
    const { person } = await signIn(name)
    expect(begins()).toBe(1)
    expect(again(person)).toEqual([true, false])
    expect(person.notified).toContain(
      'The sign-in BCDF-GHJK has expired, or was used already. A new one begins.',
    )
    expect(pendingItems()).toEqual([])
  })

  test('one that was denied meanwhile is said, and a new one begins', async () => {
    await interrupt(name)
    const denied =
      name === 'dev' ? refusal(400, 'AccessDenied') : { status: 400, body: { error: 'access_denied' } }
    world.wire.fault('POST /token', denied)
    const { person } = await signIn(name)
    expect(again(person)).toEqual([true, false])
    expect(person.notified).toContain('The sign-in BCDF-GHJK was denied in the browser. A new one begins.')
    expect(person.ends).toEqual([true])
  })

  test('one that is denied while this login waits ends it, and is forgotten', async () => {
    await interrupt(name)
    const pending =
      name === 'dev'
        ? refusal(400, 'AuthorizationPending')
        : { status: 400, body: { error: 'authorization_pending' } }
    const denied =
      name === 'dev' ? refusal(400, 'AccessDenied') : { status: 400, body: { error: 'access_denied' } }
    world.wire.fault('POST /token', pending, denied)
    await expect(signIn(name)).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' })
    expect(begins()).toBe(0)
    expect(pendingItems()).toEqual([])
    expect(world.state.pendingSignIns).toBeUndefined()
  })

  test('a network that fails leaves it pending; what the server refuses does not', async () => {
    world.wire.fault('POST /token', new SesameError('ERR_TLS', 'the certificate of a captive portal'))
    await expect(signIn(name)).rejects.toMatchObject({ code: 'ERR_TLS' })
    expect(pendingItems()).toHaveLength(1)
    const no = name === 'dev' ? refusal(403, 'Forbidden') : { status: 400, body: { error: 'invalid_scope' } }
    world.wire.fault('POST /token', no)
    const { person } = await signIn(name)
    expect(again(person)).toEqual([true, false])
    expect(person.notified).toContainEqual(
      expect.stringMatching(/BCDF-GHJK has ended: .* A new one begins\.$/),
    )
    expect(begins()).toBe(1)
    expect(pendingItems()).toEqual([])
  })

  test('a process that waited for the one that was killed goes on with its sign-in', async () => {
    const killed = new AbortController()
    const shown = new Promise<void>((resolve) => {
      void signIn(name, {
        onVerification: () => {
          resolve()
          return new Promise((_, reject) =>
            killed.signal.addEventListener('abort', () => reject(interrupted)),
          )
        },
      }).catch(() => {})
    })
    await shown
    const waiting = signIn(name)
    killed.abort()
    expect(again((await waiting).person)).toEqual([true])
    expect(begins()).toBe(0)
  })

  test('is kept beside the tokens of a sign-in that is still good, and leaves them as they were', async () => {
    await signIn(name)
    const [before = ''] = [...world.stores.keychain.items].flatMap(([key, text]) =>
      key.startsWith('token:') ? [text] : [],
    )
    await interrupt(name, { force: true })
    const [key = ''] = pendingItems()
    const { pending, ...tokens } = JSON.parse(world.stores.keychain.items.get(key) ?? '')
    expect(pending.deviceCode).toContain('device-')
    expect(tokens).toEqual(JSON.parse(before))
    world.wire.fault('POST /token', new SesameError('ERR_RESPONSE_INVALID', 'odd'))
    await expect(signIn(name, { force: true })).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(JSON.parse(world.stores.keychain.items.get(key) ?? '')).toEqual(JSON.parse(before))
  })

  test('with the store memory nothing is kept, and nothing resumes', async () => {
    world.auto = 'memory'
    await interrupt(name)
    expect(world.kept()).toEqual([])
    expect(world.state.pendingSignIns).toBeUndefined()
    expect(again((await signIn(name)).person)).toEqual([false])
  })

  test('a store that does not take it ends no sign-in', async () => {
    world.stores.keychain.fails.write = new SesameError('ERR_STORE_UNAVAILABLE', 'no')
    expect(again((await signIn(name)).person)).toEqual([false])
    expect(world.warnings.filter((line) => line.includes('pending'))).toEqual([])
  })

  test('what is damaged, in the store or in the state, is not gone on with', async () => {
    await interrupt(name)
    const [key = ''] = pendingItems()
    const other = { userCode: 'OTHER-ONE', deviceCode: 'a', codeVerifier: 'b' }
    world.stores.keychain.items.set(key, JSON.stringify({ v: 1, pending: other }))
    expect(again((await signIn(name)).person)).toEqual([false])
    await logout(name, { sparesOthers: false }, world.context())
    await interrupt(name)
    const [entry = ['', {}]] = [...(world.state.pendingSignIns ?? [])]
    const odd = { ...entry[1], verificationUri: { text: 'javascript:alert(1)', mayOpen: true } }
    world.state = { ...world.state, pendingSignIns: new Map([[entry[0], odd]]) }
    expect(again((await signIn(name)).person)).toEqual([false])
  })

  test('logout, and the end of the profile, forget it', async () => {
    const sparesOthers = false
    for (const forget of [
      () => logout(name, { sparesOthers }, world.context()),
      () => deleteProfile(name, world.context()),
    ]) {
      await interrupt(name)
      await forget()
      expect(pendingItems()).toEqual([])
      expect(world.state.pendingSignIns).toBeUndefined()
    }
  })
})

describe('what shapes the request', () => {
  test('a change of the profile forgets the pending sign-in; one that has nothing to do with it does not', async () => {
    for (const change of [
      { scope: 'openid' },
      { devicePkce: false },
      { deviceEndpoint: `${oidc.issuer}/device` },
    ]) {
      await interrupt('corp')
      await configureProfile('corp', { region: 'cn-beijing' }, {}, world.context())
      expect(pendingItems()).toHaveLength(1)
      await configureProfile('corp', change, {}, world.context())
      expect(pendingItems()).toEqual([])
      expect(world.state.pendingSignIns).toBeUndefined()
    }
  })

  test('stays while another profile asks for the same', async () => {
    world.profile('same', { kind: 'oidc', issuer: oidc.issuer, clientId: oidc.clientId })
    await interrupt('corp')
    await deleteProfile('corp', world.context())
    expect(again((await signIn('same')).person)).toEqual([true])
  })

  test('an option of this login alone begins anew', async () => {
    await interrupt('corp')
    world.wire.serve(oidc.host, {})
    await interrupt('corp', { force: false })
    expect(begins()).toBe(0)
    await expect(signIn('corp', { acrValues: 'mfa' })).rejects.toThrow()
    expect(begins()).toBe(1)
  })

  test('another client, provider or directory has a pending sign-in of its own', async () => {
    const other = servePortal(world, 'signin.other')
    world.profile('other', { kind: 'cloudsso', signInUrl: other.signInUrl })
    await interrupt('dev')
    await interrupt('other')
    expect(pendingItems()).toHaveLength(2)
    expect(again((await signIn('other')).person)).toEqual([true])
    expect(again((await signIn('dev')).person)).toEqual([true])
    expect(pendingItems()).toEqual([])
  })

  test('those that were never gone on with are swept once they have expired', async () => {
    await interrupt('corp')
    world.clock.advance(11 * minute)
    await interrupt('dev')
    expect(pendingItems()).toEqual([expect.stringContaining('token:cloudsso:')])
    expect([...(world.state.pendingSignIns ?? new Map()).keys()]).toEqual([
      expect.stringContaining('token:cloudsso:'),
    ])
  })
})
