import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { sesameCommand } from '../support/sesame.ts'

/** `nobody` of every Linux. */
const uid = 65_534
const canChange = process.platform === 'linux' && process.getuid?.() === 0

let root: string
let portal: TestPortal
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sesame-configmap-'))
  chmodSync(root, 0o755)
  portal = await startPortal()
})
afterEach(async () => {
  await portal.stop()
  rmSync(root, { recursive: true, force: true })
})

/** Runs sesame as a user who is not root. */
function runAsUser(words: readonly string[], env: Record<string, string>) {
  const [program, ...script] = sesameCommand
  const child = spawn(program, [...script, ...words], {
    uid,
    gid: uid,
    cwd: '/',
    env: { PATH: process.env.PATH, SESAME_STORE: 'plaintext', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => {
      texts[name] += text
    })
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...texts }))
  })
}

test.skipIf(!canChange)(
  '[case 131] a ConfigMap of root’s: read, signed in with, and never changed',
  async () => {
    // As Kubernetes mounts it: links to a directory of its own, open to be read.
    const mount = join(root, 'mount')
    const data = join(mount, '..2026_11_26')
    mkdirSync(data, { recursive: true, mode: 0o755 })
    const content = { version: 1, signInUrl: portal.signInUrl, profiles: { dev: { kind: 'cloudsso' } } }
    writeFileSync(join(data, 'config.json'), JSON.stringify(content), { mode: 0o644 })
    symlinkSync('..2026_11_26', join(mount, '..data'))
    symlinkSync('..data/config.json', join(mount, 'config.json'))
    const home = join(root, 'home')
    mkdirSync(home, { mode: 0o700 })
    chownSync(home, uid, uid)
    const env = { HOME: home, SESAME_CONFIG_DIR: mount }

    const login = await runAsUser(['login', '--profile', 'dev'], env)
    expect(login.code, login.stderr).toBe(0)
    const credentials = await runAsUser(['credentials'], env)
    expect(credentials, credentials.stderr).toEqual({ code: 0, stdout: login.stdout, stderr: '' })
    const doctor = await runAsUser(['doctor', '--offline'], env)
    expect(doctor.stdout).toMatch(/^ok {7}config .*1 profile; it can only be read: .*it belongs to root$/m)
    expect(doctor.stdout).toMatch(
      new RegExp(`^ok {7}state .*${home}/.local/state/sesame/[0-9a-f]{16} can be written$`, 'm'),
    )
    const configure = await runAsUser(
      ['configure', '--profile', 'other', '--signin-url', portal.signInUrl],
      env,
    )
    expect(configure).toMatchObject({ code: 5, stdout: '' })
    expect(configure.stderr).toContain('it belongs to root')

    // Before the sign-in; a look at what would be made is nothing that is written.
    const requests = portal.requests.length
    const sync = await runAsUser(['profile', 'sync'], env)
    expect(sync).toMatchObject({ code: 5, stdout: '' })
    expect(sync.stderr).toContain('it belongs to root')
    expect(portal.requests).toHaveLength(requests)
    const dry = await runAsUser(['profile', 'sync', '--dry-run'], env)
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('created  development-admin') })

    // A state that cannot be kept either is found out before anything is shown.
    const nowhere = await runAsUser(['login', '--force'], {
      ...env,
      HOME: root,
      SESAME_STATE_DIR: join(root, 'x'),
    })
    expect(nowhere).toMatchObject({ code: 5, stdout: '' })
    expect(nowhere.stderr).toContain('permission denied')
    expect(nowhere.stderr).not.toContain('user_code')
    const memory = await runAsUser(['login', '--profile', 'dev'], {
      ...env,
      HOME: root,
      SESAME_STORE: 'memory',
    })
    expect(memory.code, memory.stderr).toBe(0)
  },
)
