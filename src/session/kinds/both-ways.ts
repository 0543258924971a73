import type { TokenSet } from '../../identity/index.ts'
import { type Clock, isSesameError, linkedTo, SesameError, t, within } from '../../kit/index.ts'
import type { Person } from '../../terminal/index.ts'

/** What ends one way of a sign-in: `stop` at the next opportunity, `signal` at once. */
export interface WaySignals {
  signal: AbortSignal
  stop: AbortSignal
}

/** One way to sign in. */
export type Way = (signals: WaySignals) => Promise<TokenSet>

interface End {
  /** Which way it was. */
  i: number
  token?: TokenSet
  error?: unknown
}

export interface RaceOptions {
  clock: Clock
  signal: AbortSignal
  /** One way, the first or the second, has failed: whether the other goes on, which is said. */
  goesOn: (error: SesameError, failed: number) => boolean
  /** Takes the tokens of the way that was not the first, if it got any all the same. */
  discard: (tokens: TokenSet) => Promise<void>
}

/** How long the other way may take to end by itself: its request may be on the wire, and its answer be tokens. */
const graceMs = 5_000

/**
 * Two ways to one sign-in at once. The first that gets tokens wins, and the other is ended. One that fails does not end the other;
 * where both fail, the last failure counts. The user's no is their answer, whichever way it came.
 */
export async function firstOfBoth(ways: readonly [Way, Way], options: RaceOptions): Promise<TokenSet> {
  const { signal, goesOn } = options
  const stopping = linkedTo(signal)
  const ending = linkedTo(signal)
  const running = ways.map((way) => way({ signal: ending.stop.signal, stop: stopping.stop.signal }))
  const ends = running.map((each, i) =>
    each.then(
      (token): End => ({ i, token }),
      (error: unknown): End => ({ i, error }),
    ),
  )
  try {
    let end = await Promise.race(ends)
    const { error } = end
    const isFailure = isSesameError(error) && !isSesameError(error, 'ERR_ACCESS_DENIED', 'ERR_INTERRUPTED')
    if (isFailure && goesOn(error, end.i)) end = (await ends[1 - end.i]) ?? end
    stopping.stop.abort(taken())
    await discardOther(ends[1 - end.i], options)
    if (end.token === undefined) throw end.error
    return end.token
  } finally {
    stopping.stop.abort(taken())
    ending.stop.abort(taken())
    for (const { unlink } of [stopping, ending]) unlink()
  }
}

/** The reason by which a way ends that is not needed any more. */
const taken = () => new SesameError('ERR_INTERRUPTED', t('The sign-in ended in another way.'))

async function discardOther(
  other: Promise<Pick<End, 'token'>> | undefined,
  { clock, signal, discard }: RaceOptions,
): Promise<void> {
  if (other === undefined) return
  const late = (): Pick<End, 'token'> => ({})
  // An interruption ends only this wait: the tokens of the first way are there.
  const [end] = await Promise.allSettled([within({ ms: graceMs, clock, signal, late }, other)])
  if (end.status === 'fulfilled' && end.value.token !== undefined) await discard(end.value.token)
}

/** How long the screen waits for the other address, before it shows the one that is there. */
const togetherWithinMs = 5_000

/** One screen for both ways: whichever address comes first waits a moment for the other. */
export interface SharedScreen {
  showStartUrl: Person['showStartUrl']
  showVerification: Person['showVerification']
  /** A way has ended; what it has not shown by now never comes. */
  ended(way: 'code' | 'device'): void
}

export function sharedScreen(
  person: Person,
  { clock, signal }: Pick<RaceOptions, 'clock' | 'signal'>,
): SharedScreen {
  const code = awaited<'shown' | 'together' | 'none'>()
  let hasCode = false
  const device = awaited<Parameters<Person['showVerification']> | undefined>()
  return {
    async showStartUrl(url, deadlineMs) {
      const wait = { ms: togetherWithinMs, clock, signal, late: () => undefined }
      const [verification, otherDeadlineMs = 0] = (await within(wait, device.promise)) ?? []
      signal.throwIfAborted()
      if (verification === undefined) await person.showStartUrl(url, deadlineMs)
      else await person.showBothWays(url, verification, Math.max(deadlineMs, otherDeadlineMs))
      code.resolve(verification === undefined ? 'shown' : 'together')
    },
    async showVerification(verification, deadlineMs) {
      device.resolve([verification, deadlineMs])
      const shown = await code.promise
      // A second code, when the first had ended, has not been shown with the address.
      if (shown === 'together' && !hasCode) {
        hasCode = true
        return
      }
      // Only one of the two pages is opened.
      await person.showVerification(
        { ...verification, ...(shown !== 'none' && { opened: true }) },
        deadlineMs,
      )
    },
    ended: (way) => (way === 'code' ? code.resolve('none') : device.resolve(undefined)),
  }
}

function awaited<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
