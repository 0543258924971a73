import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'

const script = fileURLToPath(new URL('../../mocks/start.ts', import.meta.url))
const running = new Set<ReturnType<typeof run>>()

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args])
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += chunk))
  child.stderr.on('data', (chunk) => (output.stderr += chunk))
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const one = { child, output, exit }
  running.add(one)
  return one
}
afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL')
  running.clear()
})

describe('mocks/start.ts', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'serves until %s, then leaves nothing behind',
    async (signal) => {
      const { child, output, exit } = run('--tls', '--accounts', '3', '--auto-approve')
      await vi.waitFor(() => expect(output.stdout).toContain('Ctrl-C'), 15_000)
      const signInUrl = /sign-in URL +(https:\/\/127\.0\.0\.1:\d+\/acme\/login)\n/.exec(output.stdout)?.[1]
      expect(output.stdout).toContain(`sesame configure --profile mock --signin-url ${signInUrl}\n`)
      const caFile = /NODE_EXTRA_CA_CERTS='([^']+)'/.exec(output.stdout)?.[1] ?? ''
      expect(existsSync(caFile)).toBe(true)
      child.kill(signal)
      expect(await exit).toBe(0)
      expect(existsSync(caFile)).toBe(false)
    },
    20_000,
  )

  test('logs requests without queries', async () => {
    const { output } = run('--interval', '0')
    await vi.waitFor(() => expect(output.stdout).toContain('Ctrl-C'), 15_000)
    const page = /device page +(\S+)/.exec(output.stdout)?.[1]
    await fetch(`${page}?user_code=ABCD-EFGH`)
    await vi.waitFor(() => expect(output.stderr).toBe('GET /device/code 404\n'))
  }, 20_000)

  test.each([[['--interval', 'soon']], [['--bogus']]])(
    '%j is wrong usage',
    async (args) => {
      const { output, exit } = run(...args)
      expect(await exit).toBe(2)
      expect(output.stdout).toBe('')
      expect(output.stderr.trim().split('\n')).toHaveLength(1)
    },
    20_000,
  )
})
