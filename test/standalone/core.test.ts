import { describe, expect, test, vi } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { startKeyring } from '../support/keyring.ts'
import { makeRuntimeDirectory } from '../support/runtime-directory.ts'
import { age } from '../support/sdk.ts'
import { secretItems } from '../support/secret-items.ts'
import { standalone } from '../support/standalone.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

/*
 * What the executable does in other ways than the npm package: its own runtime and keychain binding, no script behind a process.
 * The whole of the end-to-end tests runs on it by `npm run test:standalone`.
 */

/** A guard against hanging. */
const patienceMs = 60_000
const renew = ['credentials', '--profile', 'dev']

const program = [standalone ?? '']
const start = ({ home }: World, words: readonly string[], env = {}) => home.start(words, { program, env })
const run = (world: World, words: readonly string[], env = {}) => start(world, words, env).finished
const exchanges = (world: World) => countCalls(world, 'POST /cloud-credentials')

async function logIn(world: World, env = {}): Promise<string> {
  const { code, stdout, stderr } = await run(world, ['login', '--profile', 'dev'], env)
  expect(code, stderr).toBe(0)
  return stdout
}

describe.skipIf(standalone === undefined)('the standalone executable', () => {
  test('keeps its secrets in the keychain, and takes them out of it', async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    const inWorldWithKeyring = (check: (world: World) => Promise<void>) =>
      inWorld({}, check, { DBUS_SESSION_BUS_ADDRESS })()
    try {
      await inWorldWithKeyring(async (world) => {
        const credentials = await logIn(world)
        const kinds = secretItems(keyring).names.map((name) => name.split(':')[0])
        expect(kinds.sort()).toEqual(['credentials', 'token'])
        expect(await run(world, renew)).toMatchObject({ code: 0, stdout: credentials, stderr: '' })
        expect(await run(world, ['logout', '--profile', 'dev'])).toMatchObject({ code: 0 })
        expect(secretItems(keyring).names).toEqual([])
      })
    } finally {
      await keyring.stop()
    }
  })

  test('keeps them in an encrypted file, which is unlocked and locked again', async () => {
    const runtime = makeRuntimeDirectory()
    const env = { SESAME_STORE: 'encrypted-file', XDG_RUNTIME_DIR: runtime.path }
    const open = { SESAME_PASSPHRASE: 'correct horse battery staple' }
    try {
      await inWorld(
        {},
        async (world) => {
          const credentials = await logIn(world, open)
          expect(await run(world, renew)).toMatchObject({ code: 5, stdout: '' })
          expect(await run(world, ['unlock'], open)).toMatchObject({ code: 0, stdout: '' })
          expect(await run(world, renew)).toMatchObject({ code: 0, stdout: credentials, stderr: '' })
          expect(await run(world, ['lock'])).toMatchObject({ code: 0 })
          expect(await run(world, renew)).toMatchObject({ code: 5, stdout: '' })
        },
        env,
      )()
    } finally {
      runtime.remove()
    }
  })

  test(
    'serves until it is ended',
    inWorld({}, async (world) => {
      const { access_key_id: id } = JSON.parse(await logIn(world))
      const server = start(world, ['serve', '--profile', 'dev'])
      const url = await firstLine(server)
      expect(await (await fetch(url)).json()).toMatchObject({ Code: 'Success', AccessKeyId: id })
      server.child.kill('SIGTERM')
      expect(await server.finished).toMatchObject({ code: 143, stdout: `${url}\n`, stderr: '' })
    }),
  )

  test(
    '[case 43] [case 45] twelve processes behind one that is killed: one exchange, all have its result',
    inWorld({}, async (world) => {
      await logIn(world)
      age(world, -1)
      world.portal.fault('POST /cloud-credentials', { kind: 'hang' })
      const holder = start(world, renew)
      await vi.waitFor(() => expect(exchanges(world)).toBe(2), patienceMs)
      const waiting = Array.from({ length: 12 }, () => start(world, renew))
      const { pid } = holder.child
      await waiting[0]?.stderrMatches(new RegExp(`Waiting for another sesame \\(process ${pid}\\)`))
      holder.child.kill('SIGKILL')
      const all = await Promise.all(waiting.map(({ finished }) => finished))
      for (const { code, stdout, stderr } of all) {
        expect(code, stderr).toBe(0)
        expect(stdout).toBe(all[0]?.stdout)
      }
      expect(exchanges(world)).toBe(3)
      expect(world.home.locks()).toEqual([])
    }),
  )
})
