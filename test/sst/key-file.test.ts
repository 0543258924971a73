import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryRevocations, openTokenService, parseKeyFile, readKeyFile } from '../../src/sst/index.ts'
import { parseYaml, readPlainLines } from '../../src/sst/key-file.ts'
import { spawnSync } from '../support/run-sync.ts'
import { original, otherKey, testDirectory } from './support/samples.ts'

function keyFile(text: string, mode = 0o600): string {
  const path = join(testDirectory(), 'key.yaml')
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
  return path
}

describe('key files', () => {
  test.each([
    ['the first generation', `key: "${original.key}"\n`, {}],
    ['the later one', `serviceName: "orders"\naesKey: "${original.key}"\n`, { serviceName: 'orders' }],
    ['without quotes', 'key: 1234567890123456789012\n', { key: '1234567890123456789012' }],
    ['as JSON', JSON.stringify({ key: original.key }), {}],
    ['both names, one key', `key: '${original.key}'\naesKey: '${original.key}'\n`, {}],
  ])('%s', async (_, text, expected) => {
    expect(await readKeyFile(keyFile(text))).toEqual({ key: original.key, formerKeys: [], ...expected })
  })

  test('what is read without the parser of YAML is what the parser reads', async () => {
    const value = fc.string({ maxLength: 12 }).map((text) => `"${text}"`)
    const member = fc
      .tuple(fc.constantFrom('key', 'aesKey', 'serviceName', 'x'), fc.constantFrom(': ', ':', ' : '), value)
      .map((parts) => parts.join(''))
    const line = fc.oneof(
      { weight: 5, arbitrary: member },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', ' ', '# made by hand', '#\t"', '---', '...', '%YAML 1.2', '{}'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    )
    const end = fc.constantFrom('', '\n', '\r\n', '\n\n')
    let read = 0
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), end, async (lines, last) => {
        const text = lines.join('\n') + last
        const plain = readPlainLines(text)
        if (plain === undefined) return
        read++
        expect(plain).toEqual(await parseYaml(text, 'it'))
      }),
      { numRuns: 800 },
    )
    expect(read).toBeGreaterThan(40)
    expect(readPlainLines(`key: "${original.key}"\n`)).toEqual({ key: original.key })
    expect(readPlainLines('key: "a\\nb"\n')).toBeUndefined()
    expect(readPlainLines('key: "a"\nkey: "b"\n')).toBeUndefined()
  })

  test('former keys open, until their time', async () => {
    const text = `key: "${original.key}"\nformerKeys:\n  - "${otherKey}"\n  - key: "${otherKey}2"\n    until: 2026-12-31T00:00:00Z\n`
    const { formerKeys } = await readKeyFile(keyFile(text))
    expect(formerKeys).toEqual([
      { key: otherKey },
      { key: `${otherKey}2`, until: new Date('2026-12-31T00:00:00Z') },
    ])
    const tokens = await openTokenService({ keyFile: keyFile(text), revocations: memoryRevocations() })
    const former = await openTokenService({ key: otherKey, revocations: memoryRevocations() })
    expect(await tokens.verify(former.create('bob'))).toMatchObject({ kind: 'valid', userId: 'bob' })
  })

  test.each(['soon', '99999', '5', '1 Jan 2999', '2026-13-01', '+012345-01-01', '2026-12-31T00:00:00Z x'])(
    '[case 101] until: %s is no date',
    async (until) => {
      const text = `key: "${original.key}"\nformerKeys: [{ key: "${otherKey}", until: "${until}" }]`
      await expect(parseKeyFile(text, 'It')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
    },
  )

  test("the file's service name is the service's", async () => {
    const path = keyFile(`serviceName: "orders"\naesKey: "${original.key}"\n`)
    const tokens = await openTokenService({ keyFile: path, revocations: memoryRevocations() })
    expect(tokens.create('bob')).toMatch(/^SST-ORDERS-/)
  })

  test.each([0o640, 0o604, 0o660])('[case 95] mode %o is refused, unless it is meant', async (mode) => {
    const path = keyFile(`key: "${original.key}"`, mode)
    await expect(readKeyFile(path)).rejects.toMatchObject({
      code: 'ERR_FILE',
      hint: expect.stringContaining('chmod 600'),
    })
    expect(await readKeyFile(path, { allowShared: true })).toMatchObject({ key: original.key })
  })

  test('a link to a private file is followed: that is how secrets are mounted', async () => {
    const path = keyFile(`key: "${original.key}"`)
    symlinkSync(path, `${path}.link`)
    expect(await readKeyFile(`${path}.link`)).toMatchObject({ key: original.key })
  })

  test('[case 95] nothing of the file is in an error', async () => {
    const texts = [
      `key: "${original.key}`,
      `key: [${original.key}]`,
      `- ${otherKey}`,
      otherKey,
      '',
      `aesKey: "${original.key}"\nkey: "${otherKey}"`,
      `key: &a "${original.key}"\nformerKeys: [*a, *a]`,
      `key: "${original.key}"\nformerKeys: "${otherKey}"`,
      `key: "${original.key}"\nformerKeys: [{ until: 2026-01-01 }]`,
      `key: "${original.key}"\nformerKeys: [{ key: "${otherKey}", until: soon }]`,
    ]
    for (const text of texts) {
      const error = await parseKeyFile(text, 'The key file').catch((thrown: unknown) => thrown)
      expect(error, text).toMatchObject({ code: 'ERR_CONFIG' })
      expect((error as Error).cause).toBeUndefined()
      expect(String(error)).not.toContain(original.key.slice(0, 6))
      expect(String(error)).not.toContain(otherKey.slice(0, 6))
    }
  })

  describe('[case 108] mounted as in a container', () => {
    /** As Kubernetes mounts a secret: links to links, in a directory that is sticky. */
    function mounted(mode: number): string {
      const directory = testDirectory()
      chmodSync(directory, 0o1777)
      mkdirSync(join(directory, '..2026_11_21'), { mode: 0o755 })
      const file = join(directory, '..2026_11_21', 'key.yaml')
      writeFileSync(file, `key: "${original.key}"`)
      chmodSync(file, mode)
      symlinkSync('..2026_11_21', join(directory, '..data'))
      symlinkSync('..data/key.yaml', join(directory, 'key.yaml'))
      return join(directory, 'key.yaml')
    }

    test.each([0o644, 0o440])('mode %o: only if it is meant', async (mode) => {
      const path = mounted(mode)
      await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'ERR_FILE' })
      expect(await readKeyFile(path, { allowShared: true })).toMatchObject({ key: original.key })
    })

    test('what others can write is never meant', async () => {
      await expect(readKeyFile(mounted(0o666), { allowShared: true })).rejects.toMatchObject({
        code: 'ERR_FILE',
      })
    })

    test.runIf(process.getuid?.() === 0)('the file or link of another user is never meant', async () => {
      const path = mounted(0o600)
      lchownSync(path, 4242, 4242)
      await expect(readKeyFile(path, { allowShared: true })).rejects.toMatchObject({ code: 'ERR_FILE' })
      const other = keyFile(`key: "${original.key}"`)
      chownSync(other, 4242, 4242)
      await expect(readKeyFile(other, { allowShared: true })).rejects.toMatchObject({ code: 'ERR_FILE' })
    })
  })

  test('[case 108] a directory that others can write to; a dangling link', async () => {
    const path = keyFile(`key: "${original.key}"`)
    symlinkSync(`${path}.none`, `${path}.link`)
    await expect(readKeyFile(`${path}.link`)).rejects.toMatchObject({ code: 'ERR_FILE' })
    chmodSync(join(path, '..'), 0o775)
    await expect(readKeyFile(path)).rejects.toMatchObject({
      code: 'ERR_FILE',
      hint: expect.stringContaining('chmod go-w'),
    })
  })

  test.each([
    ['[', 2000, ''],
    ['[', 60_000, ''],
    ['{a: ', 3000, ''],
    ['- ', 20_000, 'a'],
    ['? ', 20_000, 'a'],
    ['a: ', 9000, 'b'],
    ['[\n', 2000, ''],
    ['key: [', 2000, ''],
    ['"a": {', 2000, ''],
    ['&a ', 9000, 'x'],
    ['!t ', 20_000, 'x'],
    ['key: "a"\n', 40_000, ''],
  ])('[case 121] "%s" %i times is refused before it is parsed', async (unit, count, end) => {
    const program = `
      const { parseKeyFile } = require(process.argv[1])
      const text = process.argv[2].repeat(Number(process.argv[3])) + process.argv[4]
      const refuse = () => parseKeyFile(text, 'It').catch((error) => console.log(error.code))
      refuse().then(refuse).then(refuse)`
    const library = join(import.meta.dirname, '..', '..', 'dist', 'sst.cjs')
    // In a process of its own, which must not abort: the first overflow of the stack is caught, the second is fatal.
    const ended = spawnSync(process.execPath, ['-e', program, library, unit, String(count), end], {
      encoding: 'utf8',
    })
    expect(ended).toMatchObject({ status: 0, stdout: 'ERR_CONFIG\n'.repeat(3), stderr: '' })
  })

  test('[case 121] levels by indentation, and aliases', async () => {
    const deep = Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
    const bomb = `key: x\na: &a [b, b]\nb: &b [*a, *a]\nc: [*b, *b]`
    for (const text of [deep, bomb]) {
      await expect(parseKeyFile(text, 'It')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
    }
    const brackets = '[{'.repeat(10)
    expect(await parseKeyFile(`key: '${brackets}'`, 'It')).toMatchObject({ key: brackets })
  })

  test('no file, a directory, a huge file', async () => {
    const directory = testDirectory()
    mkdirSync(join(directory, 'sub'))
    writeFileSync(join(directory, 'huge'), 'x'.repeat(70_000), { mode: 0o600 })
    for (const name of ['none', 'sub', 'huge']) {
      await expect(readKeyFile(join(directory, name)), name).rejects.toMatchObject({ code: 'ERR_FILE' })
    }
  })
})
