import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingOptions } from '../src/profiles/index.ts'
import { members } from '../src/profiles/members.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

test('[case 117] the built program loads nothing by name but what package.json declares', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.cjs'),
  )
  expect(files.length).toBeGreaterThan(20)
  const names = files.flatMap((file) =>
    [
      ...readFileSync(join(dist, file), 'utf8').matchAll(
        /\b(?:require|import)\(\s*["'`]([^"'`$]+)["'`]\s*\)/g,
      ),
    ].map(([, name = '']) => name),
  )
  const packages = names.filter(
    (name) => !isBuiltin(name) && !name.startsWith('node:') && !name.startsWith('.'),
  )
  const undeclared = packages.filter(
    (name) => !Object.keys(dependencies).some((declared) => name === declared || name.startsWith(declared)),
  )
  expect([...new Set(undeclared)]).toEqual([])
})

test('the cached path knows the members of profiles, and carries no word of the table of settings', () => {
  const cachedPath = readFileSync(join(dist, 'sesame.cjs'), 'utf8')
  for (const known of Object.values(members)) expect(cachedPath).toContain(known)
  for (const { summary } of settingOptions()) expect(cachedPath).not.toContain(summary)
})
