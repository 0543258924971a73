import { setTimeout as sleep } from 'node:timers/promises'
import { approveOnPage } from './scripted-person.ts'
import type { Stage } from './stage.ts'

/** How long a browser may take to show the page, and a person to press the button. */
const pagePatienceMs = 5000
const personPatienceMs = 60_000
const lookEveryMs = 50

/** Says on stderr what the scripted person does. */
function saysThePerson(text: string): void {
  process.stderr.write(`   (scripted person: ${text})\n`)
}

/** Approves the one pending sign-in through the page's form, and says so. */
export async function approveByScript({ portal }: Stage): Promise<void> {
  const [userCode] = portal.pendingUserCodes()
  if (userCode === undefined) return
  await approveOnPage(`${portal.url}/device/code?user_code=${userCode}`)
  saysThePerson(`opened the page, compared ${userCode}, pressed "Approve"`)
}

/**
 * Leaves the approval to the reader in front of the browser. Where no browser shows the page, or nobody presses the
 * button for a minute, the scripted person does.
 */
export async function approveByReader(stage: Stage, signal: AbortSignal): Promise<void> {
  const { portal } = stage
  const opened = () => portal.requests.some(({ method, path }) => method === 'GET' && path === '/device/code')
  const asked = () => portal.pendingUserCodes().length > 0
  const decided = () =>
    portal.requests.some(({ method, path }) => method === 'POST' && path === '/device/code')
  await until(asked, pagePatienceMs, signal)
  await until(opened, pagePatienceMs, signal)
  if (opened()) await until(decided, personPatienceMs, signal)
  if (asked() && !signal.aborted) await approveByScript(stage)
}

async function until(condition: () => boolean, patienceMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!condition() && performance.now() < deadline && !signal.aborted) await sleep(lookEveryMs)
}
