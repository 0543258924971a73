import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What a test finds when it asks for a keychain: `hung` is a provider that takes calls and never answers. */
export type KeyringMode = 'unlocked' | 'locked' | 'no-provider' | 'hung'

export interface Keyring {
  /** A whole environment for child processes: PATH, HOME, the XDG directories and the bus address. */
  env: Record<string, string>
  /** The private home directory; it goes with `stop()`. */
  home: string
  /** Locks the login keyring, as the desktop does. */
  lock(): Promise<void>
  /** Unlocks it again, by starting the provider anew with the password. */
  unlock(): Promise<void>
  /** SIGSTOP and SIGCONT to the provider. */
  pause(): void
  resume(): void
  /** Ends both daemons and removes the home. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts a private session bus with a real gnome-keyring behind it (about 30 ms). Nothing of the user's own session
 * is touched, any number can run side by side, and both daemons end with this process, however it ends.
 */
export async function startKeyring({ mode }: { mode: KeyringMode }): Promise<Keyring> {
  const script = fileURLToPath(new URL('./keyring.sh', import.meta.url))
  const child = spawn('bash', [script, mode === 'hung' ? 'unlocked' : mode], { stdio: 'pipe' })
  const complaints: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  const settings: Record<string, string> = {}
  const untilReady = readyReader(child, settings, complaints)
  await untilReady()
  const { PROVIDER_PID: _, ...session } = settings
  const signal = (name: NodeJS.Signals) => process.kill(Number(settings.PROVIDER_PID), name)
  const tell = async (command: string) => {
    child.stdin.write(`${command}\n`)
    await untilReady()
  }
  if (mode === 'hung') signal('SIGSTOP')
  return {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...session },
    home: settings.HOME ?? '',
    lock: () => tell('lock'),
    unlock: () => tell('unlock'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}

/** Returns a function that collects `NAME=value` lines until the next READY. */
function readyReader(child: ChildProcessWithoutNullStreams, into: Record<string, string>, stderr: string[]) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async () => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`keyring.sh ended early: ${stderr.join('')}`)
      if (value === 'READY') return
      const equals = value.indexOf('=')
      into[value.slice(0, equals)] = value.slice(equals + 1)
    }
  }
}
