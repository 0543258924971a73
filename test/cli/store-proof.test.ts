import * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { spawnSync } from '../support/run-sync.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

const stores = {
  plaintext: { SESAME_STORE: 'plaintext' },
  'encrypted-file': { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'correct horse battery' },
} as const

/** A disk of its own, for root. */
function mount(at: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs', at]).status === 0
}

interface State {
  /** Makes it; false where that cannot be done here. */
  make(directory: string): boolean
  reason: RegExp
  /** What a login gives is printed all the same; that it is not kept is said before the user signs in. */
  passes?: boolean
}

const states: Record<string, State> = {
  'a read-only disk': {
    make: (directory) => {
      if (!mount(directory, 'size=1m')) return false
      return spawnSync('mount', ['-o', 'remount,ro', directory]).status === 0
    },
    reason: /: the file system is read-only$/m,
  },
  'a full disk': {
    make: (directory) => {
      if (!mount(directory, 'size=16k')) return false
      fs.writeFileSync(join(directory, 'filler'), Buffer.alloc(12_288))
      return true
    },
    reason: /: no space left on the disk$/m,
    passes: true,
  },
  'a file in its place': {
    make: (directory) => {
      for (const name of ['plaintext-secrets', 'secrets']) fs.writeFileSync(join(directory, name), '')
      return true
    },
    reason: /: it is a symbolic link, not a directory$|: a part of the path is not a directory$/m,
  },
}

const cases = Object.entries(states).flatMap(([name, state]) =>
  (['plaintext', 'encrypted-file'] as const).map((store) => [name, store, state] as const),
)

test.each(cases)(
  '[case 133] %s and the store %s: found before the user is asked, by login and by doctor',
  async (_name, store, { make, reason, passes = false }) => {
    const portal = await startPortal()
    const { home, remove } = makeHome()
    const directory = join(home, '.local', 'state', 'sesame')
    const run = (...words: string[]) => runSesame(words, { home, env: stores[store] })
    try {
      await run('configure', '--signin-url', portal.signInUrl)
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
      if (!make(directory)) return
      const login = await run('login')
      const [before = ''] = login.stderr.split(/^.*user_code/m)
      expect(before).toMatch(reason)
      expect(before).toContain(directory)
      if (passes) {
        expect(login.code).toBe(0)
        expect(JSON.parse(login.stdout)).toMatchObject({ mode: 'StsToken' })
      } else {
        expect(login).toMatchObject({ code: 5, stdout: '' })
        expect(login.stderr).not.toContain('user_code')
        expect(portal.calls()).not.toContain('POST /token')
      }
      const { stdout } = await run('doctor', '--offline', '--json')
      const findings: { check: string; status: string; message: string }[] = JSON.parse(stdout)
      expect(findings.filter(({ check }) => check === 'store')).toMatchObject([
        { status: 'problem', message: expect.stringMatching(reason) },
      ])
    } finally {
      spawnSync('umount', [directory])
      remove()
      await portal.stop()
    }
  },
)

test.runIf(process.platform === 'linux').each(['plaintext', 'encrypted-file'] as const)(
  '[case 133] a HOME that cannot be made is named by doctor and configure, with the store %s',
  async (store) => {
    const { home, remove } = makeHome()
    try {
      const options = { home, cwd: join(home, 'work'), env: { ...stores[store], HOME: '/proc/nothing' } }
      const { stdout } = await runSesame(['doctor', '--offline', '--json'], options)
      const findings: { check: string; status: string; message: string }[] = JSON.parse(stdout)
      expect(findings.filter(({ check }) => check === 'store')).toMatchObject([
        { status: 'problem', message: expect.stringContaining('Cannot create the directory /proc/nothing/') },
      ])
      const configured = await runSesame(
        ['configure', '--signin-url', 'https://portal.example/x/login'],
        options,
      )
      expect(configured).toMatchObject({ code: 5, stdout: '' })
      expect(configured.stderr).toContain('Cannot create the directory /proc/nothing')
    } finally {
      remove()
    }
  },
)

test('[case 133] a passphrase that does not open the file is found before the user is asked', async () => {
  const portal = await startPortal()
  const { home, remove } = makeHome()
  const env = stores['encrypted-file']
  try {
    await runSesame(['configure', '--signin-url', portal.signInUrl], { home, env })
    expect(await runSesame(['login'], { home, env })).toMatchObject({ code: 0 })
    const before = portal.requests.length
    const wrong = { ...env, SESAME_PASSPHRASE: 'another passphrase' }
    const other = await runSesame(['login', '--profile', 'second', '--force'], { home, env: wrong })
    expect(other).toMatchObject({ code: 5, stdout: '' })
    expect(other.stderr).toContain('The passphrase does not open the encrypted store.')
    expect(portal.calls().slice(before)).not.toContain('POST /token')
  } finally {
    remove()
    await portal.stop()
  }
})

test('[case 133] the proof leaves nothing behind, and makes no directory', async () => {
  const { home, remove } = makeHome()
  try {
    const before = fs.readdirSync(home)
    await runSesame(['doctor', '--offline'], { home, env: stores.plaintext })
    expect(fs.readdirSync(home)).toEqual(before)
  } finally {
    remove()
  }
})
