import { setTimeout as sleep } from 'node:timers/promises'
import type { PortalStage } from './portal-stage.ts'
import { approveOnPage } from './scripted-person.ts'

/** How long a browser may take to show the page, and a person to press the button. */
const pagePatienceMs = 5000
const personPatienceMs = 60_000
const lookEveryMs = 50

/** The user needs a moment to read the address, in which the rest of the text appears. */
const readingMs = 300

export interface ScriptedPerson {
  /** Takes a line that sesame says; one with an address and a code makes the person act. */
  reads(line: string): void
  /** Resolves when the person is through; throws when there was nothing to approve. */
  done(): Promise<void>
}

/** A user who reads what sesame says and approves on the page, and says so on stderr. */
export function scriptedPerson(stage: PortalStage): ScriptedPerson {
  let approval: Promise<void> | undefined
  return {
    reads(line) {
      if (line.includes('/device/code?user_code=')) approval ??= sleep(readingMs).then(() => approve(stage))
    },
    async done() {
      if (approval === undefined) throw new Error('sesame showed no address to approve at')
      await approval
    },
  }
}

async function approve({ portal }: PortalStage): Promise<void> {
  const [userCode] = portal.pendingUserCodes()
  if (userCode === undefined) return
  await approveOnPage(`${portal.url}/device/code?user_code=${userCode}`)
  process.stderr.write(`   (a scripted person opened the page, compared ${userCode} and pressed Approve)\n`)
}

/**
 * Leaves the approval to the reader in front of the browser. Where no browser shows the page, or no user presses the
 * button for a minute, the scripted person does.
 */
export async function approveByReader(stage: PortalStage, signal: AbortSignal): Promise<void> {
  const { portal } = stage
  const opened = () => portal.requests.some(({ method, path }) => method === 'GET' && path === '/device/code')
  const asked = () => portal.pendingUserCodes().length > 0
  const decided = () =>
    portal.requests.some(({ method, path }) => method === 'POST' && path === '/device/code')
  await until(asked, pagePatienceMs, signal)
  await until(opened, pagePatienceMs, signal)
  if (opened()) await until(decided, personPatienceMs, signal)
  if (asked() && !signal.aborted) await approve(stage)
}

async function until(condition: () => boolean, patienceMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!condition() && performance.now() < deadline && !signal.aborted) await sleep(lookEveryMs)
}
