import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTarget, pins, targets } from '../../packaging/standalone/targets.ts'

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8'))

const integrity = /^sha512-[A-Za-z0-9+/]{86}==$/

describe.each(targets)('$name', ({ name, runtime, binding, suffix }) => {
  test('has a pinned runtime', () => {
    expect(pins.bun.integrity[runtime]).toMatch(integrity)
  })

  test('has the keychain binding of its platform where one is needed', () => {
    expect(binding === undefined).toBe(name.startsWith('linux'))
    if (binding !== undefined) expect(pins.keyring.integrity[binding]).toMatch(integrity)
    expect(suffix).toBe(name.startsWith('windows') ? '.exe' : '')
  })
})

test('the bindings are those of the npm package: same version, same content', () => {
  expect(pins.keyring.version).toBe(read('package.json').dependencies['@napi-rs/keyring'])
  const { packages } = read('package-lock.json')
  for (const [name, pinned] of Object.entries(pins.keyring.integrity))
    expect(packages[`node_modules/${name}`].integrity, name).toBe(pinned)
})

test('nothing is pinned that no target needs', () => {
  const pinned = [...Object.keys(pins.bun.integrity), ...Object.keys(pins.keyring.integrity)]
  const needed = targets.flatMap(({ runtime, binding = runtime }) => [runtime, binding])
  expect(new Set(pinned)).toEqual(new Set(needed))
})

test('a name that is no target is refused, with those that are', () => {
  expect(() => findTarget('linux-x86')).toThrow(/linux-x86 is no target; .*linux-arm64-musl.*windows-arm64/)
})
