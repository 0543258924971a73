import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryRevocations, openTokenService, parseKeyFile, readKeyFile } from '../../src/sst/index.ts'
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

  test('no file, a directory, a huge file', async () => {
    const directory = testDirectory()
    mkdirSync(join(directory, 'sub'))
    writeFileSync(join(directory, 'huge'), 'x'.repeat(70_000), { mode: 0o600 })
    for (const name of ['none', 'sub', 'huge']) {
      await expect(readKeyFile(join(directory, name)), name).rejects.toMatchObject({ code: 'ERR_FILE' })
    }
  })
})
