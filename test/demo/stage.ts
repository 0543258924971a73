import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startKeyring } from '../support/keyring.ts'
import { sesamePath } from '../support/sesame.ts'
import type { NamedSecret } from './secret-search.ts'

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** From the start of the shell to its end. */
  ms: number
}

export interface RunOptions {
  env?: Record<string, string>
  /** `terminal`: stderr goes to the person's own screen and is not in the result. */
  stderr?: 'terminal' | 'capture'
  /** After this it is killed. Default 30 s. */
  timeoutMs?: number
  /** Sees each complete line of stderr as it comes. */
  onStderrLine?: (line: string) => void
}

/** Everything the demo plays on; nothing of it is left after `close()`. */
export interface Stage {
  /** Every secret that was in play so far. */
  secrets(): NamedSecret[]
  /** The new user's home: configuration, keyring and the command `sesame` are in it. */
  home: string
  /** Runs a line in bash, as the new user. */
  run(line: string, options?: RunOptions): Promise<Ran>
  /** Throws when something is left behind. */
  close(): Promise<void>
}

/** A real keychain, and a home with `sesame` on the PATH; `play` builds the other side of the wire around it. */
export async function openStage<S extends Stage>(
  play: (
    home: Pick<Stage, 'home' | 'run'>,
  ) => Promise<Omit<S, 'home' | 'run' | 'close'> & { stop(): Promise<void> }>,
): Promise<S> {
  const keyring = await startKeyring({ mode: 'unlocked' })
  const bin = join(keyring.home, '.local', 'bin')
  mkdirSync(bin, { recursive: true })
  const words = [process.execPath, sesamePath].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  writeFileSync(join(bin, 'sesame'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
  const env = { ...keyring.env, PATH: `${bin}:${keyring.env.PATH}` }
  const house: Pick<Stage, 'home' | 'run'> = {
    home: keyring.home,
    run: (line, options = {}) => runInBash(line, { ...env, ...options.env }, options),
  }
  const played = await play(house)
  const close = async () => {
    await played.stop()
    await keyring.stop()
    if (existsSync(keyring.home)) throw new Error(`${keyring.home} is still there`)
  }
  return { ...played, ...house, close } as unknown as S
}

function runInBash(line: string, env: Record<string, string>, options: RunOptions): Promise<Ran> {
  const startedAt = performance.now()
  const child = spawn('bash', ['--noprofile', '--norc', '-c', line], {
    env,
    cwd: env.HOME,
    stdio: ['ignore', 'pipe', options.stderr === 'terminal' ? 'inherit' : 'pipe'],
    timeout: options.timeoutMs ?? 30_000,
  })
  let stdout = ''
  let stderr = ''
  let passedOn = 0
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    const complete = stderr.lastIndexOf('\n') + 1
    for (const each of stderr.slice(passedOn, complete).split('\n').slice(0, -1)) options.onStderrLine?.(each)
    passedOn = Math.max(passedOn, complete)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - startedAt }))
  })
}
