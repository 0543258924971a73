import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import type { Row } from './peer.ts'
import { peers } from './peers.ts'
import { runPeer } from './run-peer.ts'

// Those of crowds and terminals are processes nevertheless; `npm run peers` has a process for each.
runCommandsHere()

/** The peers that start within seconds and are there; `npm run peers` runs all. */
describe.each(peers.filter(({ quick }) => quick).map((peer) => [peer.name, peer] as const))(
  '%s',
  (_name, peer) => {
    test('every step', { timeout: 600_000 }, async ({ skip }) => {
      const missing = await peer.missing()
      if (missing !== undefined) skip(`${missing.reason}; ${missing.install}`)
      const rows: Row[] = []
      await runPeer(peer, (row) => rows.push(row))
      expect(rows.filter(({ outcome }) => outcome === 'failed')).toEqual([])
      expect(rows.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(0)
      expect(rows.map(({ step }) => step)).toEqual(expect.arrayContaining(Object.keys(peer.known ?? {})))
    })
  },
)

test('names are unique', () => {
  const names = peers.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
