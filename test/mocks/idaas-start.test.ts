import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'

const script = fileURLToPath(new URL('../../mocks/start.ts', import.meta.url))

test('mocks/start.ts --idaas serves what it says, then leaves nothing behind', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--idaas'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += chunk))
  child.stderr.on('data', (chunk) => (output.stderr += chunk))
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  await vi.waitFor(() => expect(output.stdout).toContain('Ctrl-C'), 30_000)
  const printed = (name: string) => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(output.stdout)?.[1] ?? ''

  const path = `/api/public/bff/v1.2/application/plugin_jwt_sts/retrieve_id_token/${printed('application uuid')}`
  const response = await fetch(`${printed('base URL')}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appKey: printed('app key'), appSecret: printed('app secret') }),
  })
  expect(await response.json()).toMatchObject({ success: true, data: { id_token: expect.any(String) } })
  await vi.waitFor(() => expect(output.stderr).toBe(`POST ${path} 200\n`), 5_000)
  expect(JSON.parse(readFileSync(printed('public key'), 'utf8'))).toMatchObject({ kty: 'RSA', alg: 'RS256' })
  expect(output.stdout).toContain(`sesame configure --profile api --idaas-url ${printed('base URL')} `)

  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(existsSync(printed('public key'))).toBe(false)
}, 60_000)
