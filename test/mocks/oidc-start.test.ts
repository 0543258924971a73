import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { beginDevice } from './oidc-client.ts'

const script = fileURLToPath(new URL('../../mocks/start.ts', import.meta.url))
const running = new Set<ReturnType<typeof run>>()

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--oidc', ...args])
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

test('mocks/start.ts --oidc says what to try, logs requests alone, and ends at SIGTERM', async () => {
  const { child, output, exit } = run('--auto-approve', '--interval', '0')
  await vi.waitFor(() => expect(output.stdout).toContain('Ctrl-C'), 30_000)
  const issuer = /issuer +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(output.stdout)?.[1] ?? ''
  expect(output.stdout).toMatch(/^Mock OpenID provider\n/)
  expect(output.stdout).toContain(
    `sesame configure --profile corp --issuer ${issuer} --client-id sesame-cli\n`,
  )
  const device = await beginDevice({ issuer })
  expect((await device.poll()).status).toBe(200)
  const line = /^(GET|POST) \/[\w./-]* \d{3}$/
  await vi.waitFor(() => expect(output.stderr).toContain('POST /token 200\n'), 10_000)
  // oidc-provider's own notices would stand here too.
  expect(
    output.stderr
      .trim()
      .split('\n')
      .filter((one) => !line.test(one)),
  ).toEqual([])
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
})
