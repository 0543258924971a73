import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findings, installedPackages } from '../packaging/audit-report.ts'

const advisory = (title: string) => ({
  title,
  severity: 'high',
  range: '<2.0.1',
  url: `https://advisories.example/${title}`,
})

test('an advisory counts where the package that it is about is shipped', () => {
  const vulnerabilities = {
    bundled: { via: [advisory('bundled')], nodes: ['node_modules/bundled'] },
    tool: { via: [advisory('tool')], nodes: ['node_modules/tool'] },
    // Bundled in another version than the one that is vulnerable.
    twice: { via: [advisory('twice')], nodes: ['node_modules/tool/node_modules/twice'] },
    // Listed since it depends on `tool`, of which nothing is bundled.
    parent: { via: ['tool'], nodes: ['node_modules/parent'] },
  }
  const shipped = ['node_modules/bundled', 'node_modules/twice', 'node_modules/parent']
  expect(findings({ vulnerabilities }, shipped)).toEqual([
    'bundled <2.0.1 (high): bundled https://advisories.example/bundled',
  ])
  expect(findings({ vulnerabilities: {} }, shipped)).toEqual([])
})

test('what an installation looks up: dependencies, optional peers, and theirs, by where Node finds them', () => {
  const packages = {
    '': { dependencies: { a: '1' }, peerDependencies: { b: '1' }, devDependencies: { tool: '1' } },
    'node_modules/a': { dependencies: { c: '2' }, optionalDependencies: { d: '1' } },
    'node_modules/a/node_modules/c': { dependencies: { b: '1' } },
    'node_modules/b': { dependencies: { a: '1', gone: '1' }, peerDependencies: { tool: '1' } },
    'node_modules/c': {},
    'node_modules/d': {},
    'node_modules/tool': {},
  }
  expect(installedPackages({ packages }).sort()).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/c',
    'node_modules/b',
    'node_modules/d',
  ])
})

test('of this project: the keychain binding with its native parts, and the optional peers', () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'))
  const found = installedPackages(lock)
  expect(found).toEqual(
    expect.arrayContaining([
      'node_modules/@napi-rs/keyring',
      'node_modules/@napi-rs/keyring-linux-x64-gnu',
      'node_modules/libsql',
      'node_modules/@libsql/linux-x64-gnu',
      'node_modules/@redis/client',
    ]),
  )
  expect(found).not.toContain('node_modules/vitest')
})
