import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/kit/index.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { onArm64, whyNoQemu } from '../support/qemu.ts'
import { spawnSync } from '../support/run-sync.ts'
import { isStandalone, makeHome, startProcess } from '../support/sesame.ts'
import { foreignExecutable } from '../support/standalone.ts'

const executable = foreignExecutable('linux-arm64')
const missing = isStandalone ? whyNoQemu() : 'only in npm run test:standalone'
const reason = missing ?? (executable === undefined ? 'the executable has not been built' : undefined)

describe.skipIf(reason !== undefined)(
  `the executable for Linux on arm64, under QEMU (${reason ?? 'here'})`,
  () => {
    const home = makeHome()
    let portal: TestPortal
    const run = (...words: string[]) =>
      startProcess([...words], {
        home: home.home,
        env: { SESAME_STORE: 'plaintext' },
        program: [...onArm64, executable ?? ''],
      }).finished

    beforeAll(async () => {
      portal = await startPortal()
    })
    afterAll(async () => {
      await portal.stop()
      home.remove()
    })

    test('starts and says what it is', async () => {
      expect(await run('version')).toMatchObject({
        stdout: `${version}\n`,
        stderr: expect.stringContaining('Standalone executable for linux-arm64, Bun'),
        code: 0,
      })
      expect((await run('doctor', '--offline')).stdout).toMatch(
        /^ok .*\(standalone, linux-arm64\), Bun .*arm64$/m,
      )
    })

    test('signs in, and answers and hands over from the store', { timeout: 300_000 }, async () => {
      expect(await run('configure', '--signin-url', portal.signInUrl)).toMatchObject({ code: 0 })
      const login = await run('login', '--profile', 'dev', '--no-browser')
      expect(login).toMatchObject({ code: 0 })
      const before = portal.calls().length
      expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 0, stdout: login.stdout })
      expect(await run('exec', '--profile', 'dev', '--', 'sh', '-c', 'exit 7')).toMatchObject({ code: 7 })
      expect(portal.calls()).toHaveLength(before)
    })

    test('keeps a revocation list in the SQLite of its runtime', async () => {
      const db = `${home.home}/list.db`
      expect(await run('sst', 'init', '--db', db)).toMatchObject({ code: 0 })
      expect(await run('sst', 'list', '--db', db)).toMatchObject({ code: 0 })
    })

    test('needs the C library of the system and nothing else', () => {
      const { stdout } = spawnSync('readelf', ['-d', executable ?? ''], { encoding: 'utf8' })
      const needed = [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name)
      expect(needed.length).toBeGreaterThan(0)
      expect(
        needed.filter((name) => !/^(?:ld-linux-aarch64|lib(?:c|m|dl|pthread))\.so/.test(name ?? '')),
      ).toEqual([])
    })
  },
)
