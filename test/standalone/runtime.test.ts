import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { makeHome } from '../support/sesame.ts'
import { standalone } from '../support/standalone.ts'

describe.skipIf(standalone === undefined)('the standalone executable and its runtime', () => {
  const path = standalone ?? ''
  const home = makeHome()
  const base = { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext' }
  let portal: TestPortal
  const run = (
    words: readonly string[],
    { env = {}, program = path }: { env?: object; program?: string } = {},
  ) => promisify(execFile)(program, [...words], { env: { ...base, ...env }, cwd: home.home })

  beforeAll(async () => {
    portal = await startPortal()
    await run(['configure', '--signin-url', portal.signInUrl])
    await run(['login', '--no-browser'])
  })
  afterAll(async () => {
    await portal.stop()
    home.remove()
  })

  test('its own variables are not handed on to what exec starts', async () => {
    const preload = join(home.home, 'preload.js')
    writeFileSync(preload, '')
    const inspect = {
      BUN_INSPECT: '',
      BUN_INSPECT_CONNECT_TO: '',
      BUN_INSPECT_NOTIFY: '',
      BUN_INSPECT_PRELOAD: preload,
    }
    const env = { BUN_OPTIONS: '--smol', BUN_BE_BUN: '0', ...inspect, MARK: 'here' }
    const { stdout } = await run(['exec', '--', '/usr/bin/env'], { env })
    expect(stdout).toMatch(/^MARK=here$/m)
    expect(stdout).not.toMatch(/^BUN_/m)
  })

  test('[case 109] SIGUSR1 opens no inspector and ends nothing that waits', async () => {
    const child = spawn(path, ['serve'], { env: base, stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const [line] = await once(child.stdout, 'data')
      child.kill('SIGUSR1')
      expect((await fetch(String(line).trim())).status).toBe(200)
      const owned = readFileSync(`/proc/${child.pid}/net/tcp`, 'utf8')
      expect(owned).not.toMatch(/:1950 |:240D /)
    } finally {
      child.kill()
    }
  })

  test('other tools start it by its path, or by its name where that leads to it', async () => {
    const { stdout } = await run(['configure', '--for', 'sdk', '--print'])
    expect(stdout).toContain(`exec ${path} exec `)
    expect(stdout).not.toMatch(/bunfs|bin\/node/)
    const bin = join(home.home, 'bin')
    mkdirSync(bin)
    copyFileSync(path, join(bin, 'sesame-of-today'))
    symlinkSync(join(bin, 'sesame-of-today'), join(bin, 'sesame'))
    const env = { PATH: [bin, process.env.PATH].join(delimiter) }
    const named = await run(['configure', '--for', 'sdk', '--print'], { env, program: join(bin, 'sesame') })
    expect(named.stdout).toMatch(/^exec sesame exec /m)
    expect(named.stdout).not.toContain(bin)
  })

  test('keeps a revocation list in the SQLite of its runtime', async () => {
    const db = join(home.home, 'lists', 'sst.db')
    await run(['sst', 'init', '--db', db])
    expect((await run(['sst', 'list', '--db', db])).stderr).not.toContain('libsql')
  })
})
