import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { keychainStore } from '../../src/store/keychain.ts'
import { type Keyring, type KeyringMode, startKeyring } from '../support/keyring.ts'
import { execFileSync, spawnSync } from '../support/run-sync.ts'
import { bundleWorker } from './bundle.ts'
import { finished, startNode } from './run-node.ts'

let worker: Awaited<ReturnType<typeof bundleWorker>>
let directory: string
const keyrings = new Map<KeyringMode, Keyring>()

beforeAll(async () => {
  worker = await bundleWorker('store-worker')
  directory = fs.mkdtempSync(join(tmpdir(), 'keychain-'))
  for (const mode of ['unlocked', 'locked', 'no-provider', 'hung'] as const) {
    keyrings.set(mode, await startKeyring({ mode }))
  }
})
afterAll(async () => {
  for (const keyring of keyrings.values()) await keyring.stop()
  worker.remove()
  fs.rmSync(directory, { recursive: true, force: true })
})

function keyring(mode: KeyringMode): Keyring {
  const found = keyrings.get(mode)
  if (!found) throw new Error(`no ${mode} keyring`)
  return found
}

interface Outcome {
  kind?: string
  probe?: string
  results?: unknown[]
  code?: string
  message: string
  hint?: string
  warnings: string[]
  tookMs: number
}

/** Opens a store in a process of its own, with the environment of a keyring. */
async function run(mode: KeyringMode, steps: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const before = performance.now()
  const child = startNode(worker.file, [env.CHOICE ?? 'keychain', directory, ...steps], {
    ...keyring(mode).env,
    ...env,
  })
  const { stdout, stderr } = await finished(child)
  expect(stderr).toBe('')
  return { ...JSON.parse(stdout), tookMs: performance.now() - before }
}

/** The two commands of libsecret, as a witness that knows nothing of our code. */
function secretTool(mode: KeyringMode, args: string[], input?: string): string {
  return execFileSync('secret-tool', args, { env: keyring(mode).env, input, encoding: 'utf8' })
}
const attributes = (key: string) => ['service', 'sesame', 'username', key]

const value = JSON.stringify({ token: 'x'.repeat(1800), name: 'ä€😀' })

describe('a keyring that works', () => {
  test('an item is written, read by another process, and removed once', async () => {
    const key = 'credentials:one'
    expect((await run('unlocked', ['write', key, value])).results).toEqual([null])
    expect((await run('unlocked', ['read', key])).results).toEqual([value])
    const removals = await run('unlocked', ['remove', key, 'read', key, 'remove', key])
    expect(removals.results).toEqual([true, null, false])
  })

  test('secret-tool sees our items, and we see what it stores', async () => {
    await run('unlocked', ['write', 'credentials:seen', value])
    expect(secretTool('unlocked', ['lookup', ...attributes('credentials:seen')])).toBe(value)
    secretTool('unlocked', ['store', '--label=x', ...attributes('credentials:theirs')], '{"a":1}')
    expect((await run('unlocked', ['read', 'credentials:theirs'])).results).toEqual(['{"a":1}'])
    expect((await run('unlocked', ['remove', 'credentials:theirs'])).results).toEqual([true])
    expect(() => secretTool('unlocked', ['lookup', ...attributes('credentials:theirs')])).toThrow()
  })

  test('a second write replaces the first: one item stays', async () => {
    await run('unlocked', ['write', 'twice', '1', 'write', 'twice', '2'])
    expect((await run('unlocked', ['read', 'twice'])).results).toEqual(['2'])
    const found = spawnSync('secret-tool', ['search', '--all', ...attributes('twice')], {
      env: keyring('unlocked').env,
      encoding: 'utf8',
    })
    expect(`${found.stdout}${found.stderr}`.match(/attribute\.username/g)).toHaveLength(1)
  })

  test('[case 38] what another program has put there and is no JSON reads as absent, with a warning', async () => {
    for (const content of ['rubbish', '\0', '{"a":', '\ufeff{}']) {
      secretTool('unlocked', ['store', '--label=x', ...attributes('edited')], content)
      const { results, warnings } = await run('unlocked', ['read', 'edited'])
      expect(results).toEqual([null])
      expect(warnings).toEqual([expect.stringMatching(/^Ignoring malformed keychain item .*edited\.$/)])
    }
    expect((await run('unlocked', ['write', 'edited', '{}', 'read', 'edited'])).results).toEqual([null, '{}'])
  })

  test.each(['a/b/../c', '--leading', '"quoted" \'too\'', '$(id)`id`', 'x'.repeat(600), 'é'])(
    '[case 42] the name %s makes one item under exactly this name',
    async (name) => {
      await run('unlocked', ['write', name, '"here"'])
      expect((await run('unlocked', ['read', name, 'read', `${name}2`])).results).toEqual(['"here"', null])
      expect(secretTool('unlocked', ['lookup', '--', ...attributes(name)])).toBe('"here"')
      expect((await run('unlocked', ['remove', name])).results).toEqual([true])
    },
  )

  test('a value of 100 kB makes the round trip', async () => {
    const large = JSON.stringify('x'.repeat(100_000))
    expect((await run('unlocked', ['write', 'large', large, 'read', 'large'])).results).toEqual([null, large])
  })

  test('20 processes write and read side by side', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `parallel-${i}`)
    const outcomes = await Promise.all(
      names.map((name) => run('unlocked', ['write', name, value, 'read', name])),
    )
    expect(outcomes.map(({ results }) => results?.[1])).toEqual(names.map(() => value))
  })
})

describe('[case 40] a keyring that does not', () => {
  test('locked, no user there: an error at once, never "nothing there"', async () => {
    for (const steps of [
      ['read', 'k'],
      ['write', 'k', '1'],
      ['remove', 'k'],
    ]) {
      const { code, tookMs, warnings } = await run('locked', steps)
      expect(code).toBe('ERR_STORE_LOCKED')
      expect(warnings).toEqual([])
      expect(tookMs).toBeLessThan(30_000)
    }
  })

  test('locked with a user there: a warning says that it waits; a dialog that cannot open ends as locked', async () => {
    const { code, warnings } = await run('locked', ['read', 'k'], { INTERACTIVE: '1' })
    expect(code).toBe('ERR_STORE_LOCKED')
    expect(warnings).toEqual([expect.stringContaining('waiting for you to unlock it')])
  })

  test('an item that exists is locked, not absent, and is there again after unlocking', async () => {
    await keyring('locked').stop()
    const own = await startKeyring({ mode: 'unlocked' })
    keyrings.set('locked', own)
    await run('locked', ['write', 'kept', value])
    await own.lock()
    expect((await run('locked', ['read', 'kept'])).code).toBe('ERR_STORE_LOCKED')
    expect((await run('locked', ['remove', 'kept'])).code).toBe('ERR_STORE_LOCKED')
    await own.unlock()
    expect((await run('locked', ['read', 'kept'])).results).toEqual([value])
    await own.lock()
  })

  test('no provider, no bus: unavailable, with the other store named', async () => {
    const none = { DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '' }
    for (const env of [{}, none]) {
      const { code, hint } = await run('no-provider', ['read', 'k'], env)
      expect(code).toBe('ERR_STORE_UNAVAILABLE')
      expect(hint).toContain('SESAME_STORE=encrypted-file')
    }
  })

  test('hung: every call gives up after about 3 s and the process ends', async () => {
    const calls = [run('hung', ['read', 'k']), run('hung', ['write', 'k', '1'])]
    for (const { code, message, tookMs } of await Promise.all(calls)) {
      expect(code).toBe('ERR_STORE_UNAVAILABLE')
      expect(message).toContain('does not answer')
      expect(tookMs).toBeLessThan(30_000)
    }
  })
})

describe('what automatic choice makes of it', () => {
  const auto = { CHOICE: 'auto' }
  const writing = { CHOICE: 'auto', FOR_WRITING: '1' }

  test('a keyring that works is taken, and the test item is gone afterwards', async () => {
    const outcome = await run('unlocked', ['write', 'auto', '1', 'read', 'auto'], writing)
    expect(outcome).toMatchObject({ kind: 'keychain', probe: 'unlocked', results: [null, '1'], warnings: [] })
    const found = spawnSync('secret-tool', ['search', '--all', 'service', 'sesame'], {
      env: keyring('unlocked').env,
      encoding: 'utf8',
    })
    expect(`${found.stdout}${found.stderr}`).toContain('auto')
    expect(`${found.stdout}${found.stderr}`).not.toContain('canary')
  })

  test.each([
    ['locked', 'unlock', {}],
    ['no-provider', 'SESAME_STORE=encrypted-file', {}],
  ] as const)('[case 40] %s: kept in memory only, said once, with what to do', async (mode, hint, env) => {
    const outcome = await run(mode, ['write', 'k', '1', 'read', 'k'], { ...writing, ...env })
    expect(outcome).toMatchObject({ kind: 'memory', probe: mode, results: [null, '1'] })
    expect(outcome.warnings).toEqual([
      expect.stringMatching(new RegExp(`Nothing will be kept.*${hint}`, 'i')),
    ])
    expect(fs.readdirSync(directory)).not.toContain('secrets')
  })

  test('no keyring but a passphrase: the encrypted file, silently', async () => {
    const outcome = await run('no-provider', ['write', 'k', '1'], { ...writing, PASSPHRASE: 'p' })
    expect(outcome).toMatchObject({ kind: 'encrypted-file', warnings: [] })
    expect(fs.readdirSync(join(directory, 'secrets'))).toContain('k.json')
    fs.rmSync(join(directory, 'secrets'), { recursive: true })
  })

  test('reading: nothing is promised or written, and a locked keyring is an error', async () => {
    expect(await run('no-provider', ['read', 'k'], auto)).toMatchObject({ kind: 'memory', warnings: [] })
    expect((await run('locked', ['read', 'k'], auto)).code).toBe('ERR_STORE_LOCKED')
  })

  test('[case 40] an explicit choice never becomes another', async () => {
    const env = { FOR_WRITING: '1', PASSPHRASE: 'p' }
    expect((await run('no-provider', [], { ...env, CHOICE: 'keychain' })).code).toBe('ERR_STORE_UNAVAILABLE')
    expect((await run('locked', [], { ...env, CHOICE: 'keychain' })).code).toBe('ERR_STORE_LOCKED')
    const none = await run('unlocked', [], { FOR_WRITING: '1', CHOICE: 'encrypted-file' })
    expect(none.code).toBe('ERR_STORE_PASSPHRASE')
    expect(none.hint).toContain('SESAME_PASSPHRASE')
    const plain = await run('unlocked', [], { FOR_WRITING: '1', CHOICE: 'plaintext' })
    expect(plain).toMatchObject({ kind: 'plaintext', warnings: [expect.stringContaining('plain text')] })
  })
})

describe('the binding elsewhere', () => {
  const items = new Map<string, Buffer>()
  /** Stands for the native binding of a platform that this machine is not. */
  class FakeEntry {
    readonly #name: string
    constructor(_service: string, name: string) {
      this.#name = name
    }
    async getSecret(): Promise<number[] | null> {
      const bytes = items.get(this.#name)
      return bytes ? [...bytes] : null
    }
    async setSecret(bytes: Uint8Array): Promise<void> {
      if (bytes.length > 2560) throw new Error('longer than the platform limit of 2560 chars')
      items.set(this.#name, Buffer.from(bytes))
    }
    async deleteCredential(): Promise<boolean> {
      return items.delete(this.#name)
    }
  }
  const open = (platform: NodeJS.Platform, AsyncEntry: unknown) =>
    keychainStore({
      platform,
      dbus: { address: undefined, runtimeDirectory: undefined },
      uid: undefined,
      interactive: () => false,
      clock: systemClock,
      log: () => {},
      warn: () => {},
      loadBinding: () => ({ binding: { AsyncEntry: AsyncEntry as never } }),
      timeoutMs: 50,
    })

  test('[case 40] Windows: a value above 2560 bytes is split and comes back', async () => {
    const store = open('win32', FakeEntry)
    const large = JSON.stringify('y'.repeat(9000))
    await store.write('Key:A', large)
    expect(await store.read('Key:A')).toBe(large)
    expect(items.size).toBe(5)
    expect([...items.keys()].every((name) => name === name.toLowerCase())).toBe(true)
    expect(await store.remove('Key:A')).toBe(true)
    expect(items.size).toBe(0)
  })

  test('[case 40] a call that never returns ends with ETIMEDOUT behind the error', async () => {
    class Stuck {
      getSecret(): Promise<null> {
        return new Promise(() => {})
      }
    }
    await expect(open('darwin', Stuck).read('k')).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      cause: { code: 'ETIMEDOUT' },
    })
  })

  test.each([
    ['Platform secure storage failure: User canceled the operation.', 'ERR_STORE_LOCKED'],
    ['User interaction is not allowed.', 'ERR_STORE_LOCKED'],
    ['Secret Service: unlock prompt was dismissed', 'ERR_STORE_LOCKED'],
    ['Did not receive a reply', 'ERR_STORE_UNAVAILABLE'],
  ])('the failure "%s" becomes %s', async (text, code) => {
    class Failing {
      async getSecret(): Promise<null> {
        throw new Error(text)
      }
    }
    await expect(open('darwin', Failing).read('k')).rejects.toMatchObject({ code })
  })

  test('an installation without a binding has an error of its own', async () => {
    const store = keychainStore({
      platform: 'darwin',
      dbus: { address: undefined, runtimeDirectory: undefined },
      uid: 0,
      interactive: () => false,
      clock: systemClock,
      log: () => {},
      warn: () => {},
      loadBinding: () => ({ reason: 'a library is missing' }),
    })
    expect(await store.probe()).toEqual({ state: 'no-binding', reason: 'a library is missing' })
    await expect(store.read('k')).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      message: 'The keychain cannot be used on this platform or installation: a library is missing.',
    })
  })
})

test('[case 54] no secret is in the command line of anything that the keychain starts', async () => {
  const log = join(directory, 'strace.log')
  if (spawnSync('strace', ['-V']).status !== 0) return
  const script = `${worker.file}.input.cjs`
  fs.writeFileSync(script, fs.readFileSync(worker.file, 'utf8'))
  spawnSync(
    'strace',
    ['-f', '-o', log, '-e', 'trace=execve', process.execPath, script, 'keychain', directory, 'read', 'k'],
    {
      env: keyring('unlocked').env,
    },
  )
  expect(fs.readFileSync(log, 'utf8').match(/execve\(/g)).toHaveLength(1)
})

test('the entry point of the store loads neither the binding nor node:crypto nor node:net', async () => {
  const entry = await bundleWorker('door')
  const look = `const before = new Set(process.moduleLoadList); require(process.argv[1]);
    console.log(process.moduleLoadList.filter((name) => !before.has(name)).join('\\n'))`
  const loaded = execFileSync(process.execPath, ['-e', look, entry.file], { encoding: 'utf8' })
  entry.remove()
  expect(loaded).not.toMatch(/NativeModule (crypto|net|internal\/crypto|child_process)|keyring/)
})
