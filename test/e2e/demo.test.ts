import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordOutput } from '../support/record.ts'

const root = join(import.meta.dirname, '..', '..')

describe('the demo', () => {
  let temporary: string
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'demo-test-'))
  })
  afterEach(() => rmSync(temporary, { recursive: true, force: true }))

  /** Runs it without a terminal or display, with a TMPDIR of its own, so that whatever it leaves can be seen. */
  async function runDemo(env: Record<string, string> = {}, words: readonly string[] = []) {
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'test/demo/demo.ts'), ...words], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary, DISPLAY: '', WAYLAND_DISPLAY: '', FORCE_COLOR: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    recordOutput({ words: ['demo'], stdout, stderr, code })
    return { code, stdout, stderr }
  }

  test('shows seven steps, each with its command and what came of it, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runDemo()
    expect(stderr).not.toContain('failed')
    expect(code).toBe(0)
    const headings = stdout.split('\n').filter((line) => /^\d\. /.test(line))
    expect(headings.map((line) => line[0])).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    const commands = stdout.split('\n').flatMap((line) => line.match(/^ {3}\$ (.*)/)?.[1] ?? [])
    expect(commands).toEqual([
      expect.stringMatching(/^sesame configure --profile dev/),
      'sesame login --profile dev',
      'sesame login --profile dev',
      'eval "$(sesame login --env)"',
      `echo "\${ALIBABA_CLOUD_ACCESS_KEY_ID}"`,
      'DEBUG=* sesame login --force',
      'sesame profile',
      expect.stringMatching(/^secret-tool search/),
      'sesame logout',
    ])
    expect(stdout).toMatch(/"access_key_secret":"\w{4}…"/)
    expect(stdout).toContain('0 requests went out')
    expect(stdout).toMatch(/^ {5}STS\.\w+$/m)
    expect(stdout).toMatch(/"DeviceCode":"\[redacted 40 #[0-9a-f]{4}\]"/)
    expect(stdout).toMatch(/username = credentials:cloudsso:/)
    expect(stdout.match(/none\s+found/g)).toHaveLength(2)
    expect(stdout).toContain('The keychain holds nothing of sesame any more.')
    expect(stderr.match(/scripted person/g)).toHaveLength(2)
    expect(`${stdout}${stderr}`).not.toContain('\x1b')
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(leftovers(temporary)).toEqual({ files: [], processes: [] })
  })

  test.each([
    [
      '--oidc',
      6,
      [
        'Its tokens were revoked at the provider.',
        '"Arn": "acs:ram::1234567890123456:assumed-role/auditor/dev"',
      ],
    ],
    ['--idaas', 4, ['Its secret is kept in: keychain', 'The keychain holds nothing of sesame any more.']],
  ])('%s shows its steps, and leaves nothing behind', async (word, steps, said) => {
    const { code, stdout, stderr } = await runDemo({}, [word])
    expect(stderr).not.toContain('failed')
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => /^\d\. /.test(line))).toHaveLength(steps)
    for (const line of said) expect(stdout).toContain(line)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(leftovers(temporary)).toEqual({ files: [], processes: [] })
  })

  test('names the step that fails, ends with 1 and cleans up all the same', async () => {
    const bin = join(temporary, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'secret-tool'), '#!/bin/sh\necho "attribute.username = other" >&2\n')
    chmodSync(join(bin, 'secret-tool'), 0o755)
    const { code, stderr } = await runDemo({ PATH: `${bin}:${process.env.PATH}` })
    rmSync(bin, { recursive: true })
    expect(code).toBe(1)
    expect(stderr).toContain(
      'demo: step 6 (Where the secrets are kept) failed: the keychain should hold two items\n',
    )
    expect(leftovers(temporary)).toEqual({ files: [], processes: [] })
  })
})

/** What lies in the directory, the compiler's own cache excepted, and the processes that still know of it. */
function leftovers(directory: string): { files: string[]; processes: string[] } {
  const files = readdirSync(directory).filter((name) => !/^(tsx-|node-compile-cache)/.test(name))
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => readProc(pid, file).includes(directory)))
    .map((pid) => readProc(pid, 'cmdline').replaceAll('\0', ' '))
  return { files, processes }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8')
  } catch (error) {
    // It has ended meanwhile, or belongs to another user.
    if (error instanceof Error && 'code' in error) return ''
    throw error
  }
}
