import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Files below a folder whose names end so, as paths from the root. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
}

const sources = ['src', 'mocks', 'packaging', 'test'].flatMap((folder) => filesBelow(folder, '.ts'))
const existing = [...sources, 'vitest.config.ts', 'rolldown.config.ts']
const pages = [...filesBelow('docs', '.md'), ...filesBelow('mocks', '.md'), 'CONTRIBUTING.md', 'README.md']

test('every source file that a comment or a page names is there', () => {
  const missing = [...filesBelow('src', '.ts'), ...filesBelow('mocks', '.ts'), ...pages].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/`([\w./-]+\.ts)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !existing.some((path) => path === name || path.endsWith(`/${name}`)))
      .map((name) => `${file} names ${name}`),
  )
  expect(missing).toEqual([])
})
