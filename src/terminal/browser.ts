import type { Log } from '../kit/index.ts'
import type { Edges } from './edges.ts'

/** Whether a browser can be opened here, and with what; or why not, in words for the user. */
export type BrowserPlan =
  | { kind: 'open'; program?: { name: string; arguments: readonly string[] } }
  | { kind: 'skip'; reason: string }

type Program = (BrowserPlan & { kind: 'open' })['program']

const noBrowser = new Set(['none', 'false', 'off', '0', '/bin/false', 'true', '/bin/true'])

/**
 * Decides whether to open a browser: never when the environment says so, without a terminal, in CI, over SSH or without
 * a display. `BROWSER` names another program (the first of a `:` list; `%s` stands for the address), or
 * `none`; where a program is named it also holds over SSH, since remote editors bring one that opens at home.
 */
export function planBrowser({
  env,
  platform,
  isTerminal,
}: Pick<Edges, 'env' | 'platform' | 'isTerminal'>): BrowserPlan {
  if (!isTerminal(2)) return { kind: 'skip', reason: 'no terminal' }
  const wanted = env.BROWSER?.split(platform === 'win32' ? ';' : ':').find((part) => part.trim() !== '')
  if (wanted !== undefined && noBrowser.has(wanted.trim()))
    return { kind: 'skip', reason: `BROWSER=${wanted.trim()}` }
  if (env.CI) return { kind: 'skip', reason: 'running in CI' }
  if (wanted !== undefined) {
    const [name = '', ...words] = wanted.trim().split(/\s+/)
    return { kind: 'open', program: { name, arguments: words } }
  }
  if (env.SSH_CONNECTION || env.SSH_TTY) return { kind: 'skip', reason: 'this is an SSH session' }
  const windows = platform === 'win32' || Boolean(env.WSL_DISTRO_NAME)
  if (platform !== 'darwin' && !windows && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { kind: 'skip', reason: 'no display' }
  }
  return { kind: 'open' }
}

/** Whether the browser that would open runs on this very machine, so that it can answer to a loopback address. */
export function hasBrowserHere(edges: Pick<Edges, 'env' | 'platform' | 'isTerminal'>): boolean {
  return planBrowser(edges).kind === 'open' && !edges.env.SSH_CONNECTION && !edges.env.SSH_TTY
}

/**
 * Opens an address that was already judged fit. A browser that cannot be started is no failure: the address is on the
 * screen. Returns false then.
 */
export async function openBrowser(
  url: string,
  plan: BrowserPlan & { kind: 'open' },
  log: Log,
): Promise<boolean> {
  try {
    if (plan.program === undefined) {
      const { default: open } = await import('open')
      await open(url)
    } else await start(plan.program, url)
    return true
  } catch (error) {
    log('sesame:device', `browser: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

/** Started without a shell, and on its own: neither its output nor its end concerns us. */
async function start({ name, arguments: words }: NonNullable<Program>, url: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const all = words.some((word) => word.includes('%s'))
    ? words.map((word) => word.replaceAll('%s', () => url))
    : [...words, url]
  const child = spawn(name, all, { stdio: 'ignore', detached: true })
  child.unref()
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
}
