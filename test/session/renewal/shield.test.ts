import { describe, expect, test } from 'vitest'
import { longestRotationMs, openShield } from '../../../src/session/renewal/renew-together.ts'
import { pacedClock } from '../../support/paced-clock.ts'
import { sessionWorld } from '../../support/session-world.ts'

const reason = new Error('SIGINT')

function open(signal: AbortSignal) {
  const clock = pacedClock()
  let held = 0
  const hold = () => {
    held++
    return () => {
      held--
    }
  }
  const sharing = { holdSignals: hold } as never
  const shield = openShield({ ...sessionWorld().context({ clock, signal }), sharing })
  return { clock, shield, held: () => held }
}

describe('a shield', () => {
  test('lets the usual signal through, also one that is aborted already', () => {
    const stop = new AbortController()
    const { shield } = open(stop.signal)
    expect(shield.signal.aborted).toBe(false)
    stop.abort(reason)
    expect(shield.signal.reason).toBe(reason)
    expect(open(AbortSignal.abort(reason)).shield.signal.reason).toBe(reason)
  })

  test('keeps it off a request on the wire, and holds the end of the process off until it is closed', () => {
    const stop = new AbortController()
    const { shield, held } = open(stop.signal)
    shield.onTheWire()
    expect(held()).toBe(1)
    stop.abort(reason)
    expect(shield.signal.aborted).toBe(false)
    shield.close()
    expect(held()).toBe(0)
  })

  test('holds nothing where the signal came first', () => {
    const { shield, held } = open(AbortSignal.abort(reason))
    shield.onTheWire()
    expect(held()).toBe(0)
  })

  test('ends the longest wait with ERR_TIMEOUT', async () => {
    const { clock, shield } = open(new AbortController().signal)
    shield.onTheWire()
    await clock.pass(longestRotationMs - 1)
    expect(shield.signal.aborted).toBe(false)
    await clock.pass(1)
    expect(shield.signal.reason).toMatchObject({ code: 'ERR_TIMEOUT' })
  })
})
