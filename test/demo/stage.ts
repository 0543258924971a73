import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CloudSso } from '../../mocks/index.ts'
import { startKeyring } from '../support/keyring.ts'
import { startPortal } from '../support/portal.ts'
import { sesamePath } from '../support/sesame.ts'

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
  portal: CloudSso
  /** The new user's home: configuration, keyring and the command `sesame` are in it. */
  home: string
  /** Runs a line in bash, as the new user. */
  run(line: string, options?: RunOptions): Promise<Ran>
  /** Throws when something is left behind. */
  close(): Promise<void>
}

/** A portal that waits for a person, a real keychain, and a home with `sesame` on the PATH. */
export async function openStage(): Promise<Stage> {
  const keyring = await startKeyring({ mode: 'unlocked' })
  const portal = await startPortal({ approve: 'manual', intervalSeconds: 1 })
  const bin = join(keyring.home, '.local', 'bin')
  mkdirSync(bin, { recursive: true })
  const words = [process.execPath, sesamePath].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  writeFileSync(join(bin, 'sesame'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
  const env = { ...keyring.env, PATH: `${bin}:${keyring.env.PATH}` }
  return {
    portal,
    home: keyring.home,
    run: (line, options = {}) => runInBash(line, { ...env, ...options.env }, options),
    async close() {
      await portal.stop()
      await keyring.stop()
      if (existsSync(keyring.home)) throw new Error(`${keyring.home} is still there`)
    },
  }
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
