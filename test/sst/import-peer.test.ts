import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importPeer, installCommand, peers } from '../../src/sst/import-peer.ts'

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))

test.each<[string, string, boolean, string]>([
  [
    'a project',
    '/home/eve/app/node_modules/sesame-sso/dist/chunks',
    true,
    'npm install --prefix /home/eve/app x@1',
  ],
  [
    'a directory of npx',
    '/home/eve/.npm/_npx/0a1b/node_modules/sesame-sso/dist',
    true,
    'npm install --prefix /home/eve/.npm/_npx/0a1b x@1',
  ],
  [
    'the global packages',
    '/usr/local/lib/node_modules/sesame-sso/dist',
    false,
    'npm install --global --prefix /usr/local x@1',
  ],
  [
    'a dependency of another package',
    '/srv/app/node_modules/tool/node_modules/sesame-sso/dist',
    true,
    'npm install --prefix /srv/app x@1',
  ],
  [
    'a project of pnpm',
    '/srv/app/node_modules/.pnpm/sesame-sso@0.1.0/node_modules/sesame-sso/dist',
    true,
    'pnpm --dir /srv/app add x@1',
  ],
  ['no node_modules', '/srv/sesame/dist', true, 'npm install x@1'],
  ['packages that belong to nothing', '/srv/node_modules/sesame-sso/dist', false, 'npm install x@1'],
  [
    'a directory with blanks and signs',
    '/srv/my $(app)/node_modules/sesame-sso/dist',
    true,
    "npm install --prefix '/srv/my $(app)' x@1",
  ],
])('in %s', (_, directory, isProject, command) => {
  const asked: string[] = []
  const exists = (path: string) => asked.push(path) > 0 && isProject
  expect(installCommand('x@1', directory, { windows: false, exists })).toBe(command)
  for (const path of asked) expect(path).toMatch(/^[^:]+\/package\.json$/)
})

test.each<[string, boolean, string]>([
  ['C:\\my work\\app', true, 'npm install --prefix "C:/my work/app" x@1'],
  [
    'C:\\Users\\eve\\AppData\\Roaming\\npm',
    false,
    'npm install --global --prefix C:/Users/eve/AppData/Roaming/npm x@1',
  ],
])('on Windows in %s', (root, isProject, command) => {
  const directory = `${root}\\node_modules\\sesame-sso\\dist`
  const exists = (path: string) => path.startsWith(root) && isProject
  expect(installCommand('x@1', directory, { windows: true, exists })).toBe(command)
})

test('the versions that are installed are those of package.json', () => {
  expect(Object.keys(peers).sort()).toEqual(Object.keys(manifest.peerDependencies).sort())
  for (const [name, { version }] of Object.entries(peers))
    expect(manifest.peerDependencies[name]).toMatch(new RegExp(`^\\^${version.replace('.', '\\.')}\\.`))
})

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

test.each([
  ['MODULE_NOT_FOUND', "Cannot find module 'libsql'\nRequire stack:\n- /x/dist/chunks/a.cjs"],
  ['ERR_MODULE_NOT_FOUND', "Cannot find package 'libsql' imported from /x/a.js"],
])('a package that is missing (%s)', async (code, message) => {
  await expect(importPeer('libsql', () => Promise.reject(failure(code, message)))).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringMatching(/^[^\n]*the package libsql, which is not installed[^\n]*$/),
    hint: 'npm install libsql@0.5',
  })
})

test('a package without its native part: another message', async () => {
  const cause = failure(
    'MODULE_NOT_FOUND',
    "Cannot find module '@libsql/linux-x64-gnu'\nRequire stack:\n- /x/libsql/index.js",
  )
  await expect(importPeer('libsql', () => Promise.reject(cause))).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: 'The package libsql cannot be loaded on this platform.',
    cause,
  })
})
