import type { Peer, Row, Steps } from './peer.ts'

/** Longer than any step takes: a guard against one that hangs. */
const patienceMs = 180_000

/** Runs one peer, or says why it cannot; `onRow` hears of each step when it is over. */
export async function runPeer(peer: Peer, onRow: (row: Row) => void): Promise<void> {
  const { name, kind } = peer
  const missing = await peer.missing()
  if (missing !== undefined) {
    const why = `${missing.reason}; ${missing.install}`
    return onRow({ peer: name, kind, version: '', step: 'all', outcome: 'skipped', why })
  }
  const version = await peer.version()
  const tell = (row: Omit<Row, 'peer' | 'kind' | 'version'>) => onRow({ peer: name, kind, version, ...row })
  const steps: Steps = {
    async step(step, run) {
      try {
        await within(run())
        tell({ step, outcome: 'ok' })
        return true
      } catch (error) {
        const known = peer.known?.[step]
        if (known !== undefined) tell({ step, outcome: 'known', why: known })
        else tell({ step, outcome: 'failed', why: reasonOf(error) })
        return false
      }
    },
    skip: (step, why) => tell({ step, outcome: 'skipped', why }),
  }
  try {
    await peer.run(steps)
  } catch (error) {
    tell({ step: 'start', outcome: 'failed', why: reasonOf(error) })
  }
}

async function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${patienceMs / 1000} s`)), patienceMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** In one line. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .replace(/\x1b\[[0-9;]*m/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400)
}
