import { describe, expect, test, vi } from 'vitest'
import { SesameError } from '../../../src/kit/errors.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { firstOfBoth, sharedScreen, type WaySignals } from '../../../src/session/kinds/both-ways.ts'
import { type Deferred, deferred } from '../../support/deferred.ts'
import { pacedClock } from '../../support/paced-clock.ts'
import { scriptPerson } from '../../support/script-person.ts'

const at = new Date('2026-11-21T08:00:00Z')
const tokensOf = (name: string) => ({
  accessToken: new Secret(`access-token-of-${name}`),
  lifetime: {
    obtainedAt: at,
    expiresAt: new Date(at.getTime() + 3_600_000),
    clock: { skewMs: 0, bootedAt: { at, id: undefined } },
  },
})
type Tokens = ReturnType<typeof tokensOf>
const denied = new SesameError('ERR_ACCESS_DENIED', 'denied')
const broken = new SesameError('ERR_SERVER', 'broken')

/** A way that ends when the test says so, or by its signals: `stop` while it waits, `signal` always. */
function scriptedWay() {
  const end: Deferred<Tokens> = deferred()
  const seen: { signals?: WaySignals; onTheWire: boolean } = { onTheWire: false }
  const way = (signals: WaySignals) => {
    seen.signals = signals
    signals.signal.addEventListener('abort', () => end.reject(signals.signal.reason))
    signals.stop.addEventListener('abort', () => seen.onTheWire || end.reject(signals.stop.reason))
    return end.promise
  }
  return { way, end, seen }
}

function race() {
  const clock = pacedClock()
  const interruption = new AbortController()
  const [code, device] = [scriptedWay(), scriptedWay()]
  const goesOn = vi.fn(() => true)
  const discard = vi.fn(async () => {})
  const options = { clock, signal: interruption.signal, goesOn, discard }
  const result = firstOfBoth([code.way, device.way], options)
  return { clock, interruption, code, device, goesOn, discard, result }
}

describe('two ways at once', () => {
  test.each(['code', 'device'] as const)(
    'the first to finish wins, and the other is ended (%s)',
    async (first) => {
      const { result, discard, ...ways } = race()
      const other = ways[first === 'code' ? 'device' : 'code']
      const tokens = tokensOf(first)
      ways[first].end.resolve(tokens)
      expect(await result).toBe(tokens)
      expect(other.seen.signals?.stop.aborted).toBe(true)
      await expect(other.end.promise).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' })
      expect(discard).not.toHaveBeenCalled()
    },
  )

  test('one result where both finish at once; the tokens of the other are discarded', async () => {
    const { code, device, discard, result } = race()
    const [first, second] = [tokensOf('code'), tokensOf('device')]
    code.end.resolve(first)
    device.end.resolve(second)
    expect(await result).toBe(first)
    expect(discard.mock.calls).toEqual([[second]])
  })

  test('a request of the other that is on the wire is waited for: what it brings is discarded', async () => {
    const { code, device, discard, result } = race()
    code.seen.onTheWire = true
    const [first, second] = [tokensOf('device'), tokensOf('code')]
    device.end.resolve(first)
    await vi.waitFor(() => expect(code.seen.signals?.stop.aborted).toBe(true))
    expect(code.seen.signals?.signal.aborted).toBe(false)
    code.end.resolve(second)
    expect(await result).toBe(first)
    expect(discard.mock.calls).toEqual([[second]])
  })

  test('it is not waited for for long', async () => {
    const { clock, code, device, discard, result } = race()
    code.seen.onTheWire = true
    const tokens = tokensOf('device')
    device.end.resolve(tokens)
    await clock.pass(5_000)
    expect(await result).toBe(tokens)
    expect(code.seen.signals?.signal.aborted).toBe(true)
    expect(discard).not.toHaveBeenCalled()
  })

  test('a failure of one is said, and does not end the other', async () => {
    const { code, device, goesOn, result } = race()
    code.end.reject(broken)
    await vi.waitFor(() => expect(goesOn.mock.calls).toEqual([[broken, 0]]))
    expect(device.seen.signals?.stop.aborted).toBe(false)
    const tokens = tokensOf('device')
    device.end.resolve(tokens)
    expect(await result).toBe(tokens)
  })

  test('unless the caller says that it does', async () => {
    const { code, device, goesOn, result } = race()
    goesOn.mockReturnValue(false)
    device.end.reject(broken)
    await expect(result).rejects.toBe(broken)
    expect(goesOn.mock.calls).toEqual([[broken, 1]])
    expect(code.seen.signals?.stop.aborted).toBe(true)
  })

  test('where both fail, the last failure counts', async () => {
    const { code, device, result } = race()
    device.end.reject(new SesameError('ERR_DEVICE_CODE_EXPIRED', 'expired'))
    code.end.reject(broken)
    await expect(result).rejects.toBe(broken)
  })

  test('the no of the user is their answer: it ends both', async () => {
    const { code, device, goesOn, result } = race()
    device.end.reject(denied)
    await expect(result).rejects.toBe(denied)
    expect(code.seen.signals?.stop.aborted).toBe(true)
    expect(goesOn).not.toHaveBeenCalled()
  })

  test('an interruption ends both, with its own reason', async () => {
    const { code, device, interruption, goesOn, result } = race()
    const reason = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    interruption.abort(reason)
    await expect(result).rejects.toBe(reason)
    for (const { end } of [code, device]) await expect(end.promise).rejects.toBe(reason)
    expect(goesOn).not.toHaveBeenCalled()
  })
})

const verification = {
  userCode: 'BCDF-GHJK',
  configuredHost: 'id.example',
  verificationUri: { text: 'https://id.example/go', mayOpen: true },
}
const url = 'http://127.0.0.1:1/start'

function screen() {
  const clock = pacedClock()
  const interruption = new AbortController()
  const person = scriptPerson()
  return { clock, interruption, person, shared: sharedScreen(person, { clock, signal: interruption.signal }) }
}

describe('the screen of both', () => {
  test('shows both at once, whichever comes first', async () => {
    for (const order of [
      ['code', 'device'],
      ['device', 'code'],
    ]) {
      const { person, shared } = screen()
      const shows = order.map((way) =>
        way === 'code' ? shared.showStartUrl(url, 1_000) : shared.showVerification(verification, 2_000),
      )
      await Promise.all(shows)
      expect([person.together, person.shown, person.startUrls]).toEqual([1, [verification], [url]])
    }
  })

  test('what does not come in time is shown when it comes, and no second page is opened', async () => {
    const { clock, person, shared } = screen()
    const showing = shared.showStartUrl(url, 1_000)
    await clock.pass(5_000)
    await showing
    expect([person.together, person.startUrls, person.shown]).toEqual([0, [url], []])
    await shared.showVerification(verification, 2_000)
    expect(person.shown).toEqual([{ ...verification, opened: true }])
  })

  test('a way that has ended is not waited for', async () => {
    const one = screen()
    one.shared.ended('device')
    await one.shared.showStartUrl(url, 1_000)
    expect([one.person.together, one.person.startUrls]).toEqual([0, [url]])
    const other = screen()
    other.shared.ended('code')
    await other.shared.showVerification(verification, 2_000)
    expect([other.person.together, other.person.shown]).toEqual([0, [verification]])
  })

  test('a second code, after one that had ended, is shown by itself', async () => {
    const { person, shared } = screen()
    await Promise.all([shared.showStartUrl(url, 1_000), shared.showVerification(verification, 2_000)])
    const second = { ...verification, userCode: 'LMNP-QRST' }
    await shared.showVerification(second, 3_000)
    expect(person.shown).toEqual([verification, { ...second, opened: true }])
  })

  test('an interruption shows nothing more', async () => {
    const { interruption, person, shared } = screen()
    const showing = shared.showStartUrl(url, 1_000)
    interruption.abort(new SesameError('ERR_INTERRUPTED', 'Interrupted.'))
    shared.ended('device')
    await expect(showing).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' })
    expect(person.startUrls).toEqual([])
  })
})
