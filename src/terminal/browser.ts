import type { ChildProcess } from 'node:child_process'
import { basename } from 'node:path'
import { type Clock, errorCode, type Log, printable, shownWords, t } from '../kit/index.ts'
import { type BrowserProgram, readBrowserList, withAddress } from './browser-command.ts'
import { remotePlace } from './remote-place.ts'
import type { Edges } from './streams.ts'

/** Whether a browser can be opened here, and with which programs, tried one after the other; or why not: in English, for the log, and by `skipReason` for the user. */
export type BrowserPlan =
  | { kind: 'open'; programs: readonly BrowserProgram[] }
  | { kind: 'skip'; reason: string }

/** Why no browser is opened, in the user's language. */
export function skipReason({ reason }: Extract<BrowserPlan, { kind: 'skip' }>): string {
  return shownWords(reason, ['no terminal', 'running in CI', 'this is an SSH session', 'no display'])
}

const noBrowser = new Set([
  ...['none', 'false', 'off', '0', '/bin/false', '/usr/bin/false', 'true', '/bin/true', '/usr/bin/true'],
])

/**
 * Decides whether to open a browser: never when the environment says so, without a terminal, in CI, over SSH or without
 * a display. `BROWSER` names other programs (see `readBrowserList`), or `none`; where a program is named it also holds over SSH,
 * since remote editors bring one that opens at home.
 */
export function planBrowser({
  env,
  platform,
  isTerminal,
}: Pick<Edges, 'env' | 'platform' | 'isTerminal'>): BrowserPlan {
  if (!isTerminal(2)) return { kind: 'skip', reason: 'no terminal' }
  const programs = readBrowserList(env.BROWSER ?? '', platform)
  const [first] = programs
  if (first !== undefined && first.words.length === 0 && noBrowser.has(first.name))
    return { kind: 'skip', reason: `BROWSER=${first.name}` }
  if (env.CI) return { kind: 'skip', reason: 'running in CI' }
  if (first !== undefined) return { kind: 'open', programs }
  if (env.SSH_CONNECTION || env.SSH_TTY) return { kind: 'skip', reason: 'this is an SSH session' }
  const windows = platform === 'win32' || Boolean(env.WSL_DISTRO_NAME)
  if (platform !== 'darwin' && !windows && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { kind: 'skip', reason: 'no display' }
  }
  return { kind: 'open', programs: [] }
}

/** Whether the browser that would open runs on this very machine, so that it can answer to a loopback address. */
export function hasBrowserHere(edges: Pick<Edges, 'env' | 'platform' | 'isTerminal'>): boolean {
  return planBrowser(edges).kind === 'open' && remotePlace(edges) === undefined
}

/** A program that fails does so in this time; one that goes on is a browser, or waits for one. */
const graceMs = 300
/** PowerShell, through which Windows and WSL open a browser, takes a second to start, or never comes back. */
const longestMs = 2000

export interface OpenOptions {
  log: Log
  clock: Clock
  /** A failure that comes when the caller has gone on. */
  onLateFailure?: (reason: string) => void
}

/**
 * Opens an address that was already judged fit, and waits for no browser: after two seconds at most the caller goes on, and what
 * was started lives on by itself. A browser that cannot be started is no failure: the address is on the screen.
 *
 * @returns why no program could open it; undefined as long as nothing is known to have failed
 */
export async function openBrowser(
  url: string,
  { programs }: BrowserPlan & { kind: 'open' },
  { log, clock, onLateFailure }: OpenOptions,
): Promise<string | undefined> {
  let late = false
  let spawned = () => {}
  const hasSpawned = new Promise<void>((resolve) => {
    spawned = resolve
  })
  const failure = tryAll(url, programs, spawned).then((reason) => {
    if (reason === undefined) return undefined
    log('sesame:device', `browser: ${reason}`)
    if (late) onLateFailure?.(reason)
    return reason
  })
  const goOn = Promise.race([clock.sleep(longestMs), hasSpawned.then(() => clock.sleep(graceMs))])
  const reason = await Promise.race([failure, goOn])
  late = true
  return reason ?? undefined
}

/** Programs are tried until one ends well or goes on; without any, that of the system. Never rejects. */
async function tryAll(
  url: string,
  programs: readonly BrowserProgram[],
  spawned: () => void,
): Promise<string | undefined> {
  if (programs.length === 0) return outcomeOf(openWithSystem(url), spawned)
  let reason: string | undefined
  for (const program of programs) {
    reason = await outcomeOf(start(program, url), spawned)
    if (reason === undefined) return undefined
  }
  return reason
}

interface Started {
  name: string
  child: ChildProcess
}

/** Why a program failed; undefined when it ended well. */
async function outcomeOf(starting: Promise<Started>, spawned: () => void): Promise<string | undefined> {
  try {
    const { name, child } = await starting
    spawned()
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === 0) return undefined
    return child.signalCode === null
      ? t('{name} ended with exit code {code}', { name, code: child.exitCode ?? 0 })
      : t('{name} ended with {signal}', { name, signal: child.signalCode })
  } catch (error) {
    const code = errorCode(error)
    const path = error instanceof Error && 'path' in error ? String(error.path) : undefined
    const name = path === undefined ? t('the opener') : printable(basename(path), 60)
    if (code === 'ENOENT') return t('{name} is not there', { name })
    if (code === 'EACCES') return t('{name} cannot be run', { name })
    return t('{name} cannot be started ({code})', { name, code: code ?? t('unknown error') })
  }
}

async function openWithSystem(url: string): Promise<Started> {
  const { default: open } = await import('open')
  const child = await open(url)
  return { name: basename(child.spawnfile), child }
}

/** Started without a shell, and on its own: neither its output nor its end concerns us. */
async function start({ name, words }: BrowserProgram, url: string): Promise<Started> {
  const { spawn } = await import('node:child_process')
  const child = spawn(name, withAddress(words, url), { stdio: 'ignore', detached: true })
  child.unref()
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return { name: printable(basename(name), 60), child }
}
