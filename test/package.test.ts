import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { packagesOf } from '../packaging/bundled-packages.ts'
import { bundledModules } from '../packaging/module-graph.ts'
import { shownText } from '../src/kit/index.ts'
import { settingOptions } from '../src/profiles/index.ts'
import { members } from '../src/profiles/members.ts'
import { pack } from './support/pack.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]

/** The packages that the built files name in `require` and `import`. */
function packagesLookedUp(): string[] {
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
  return [...new Set(names)].filter((name) => !isBuiltin(name) && !/^(?:node:|\.)/.test(name))
}

test('[case 117] the built program loads nothing by name but what package.json declares', () => {
  const undeclared = packagesLookedUp().filter(
    (name) => !declared.some((each) => name === each || name.startsWith(`${each}/`)),
  )
  expect(undeclared).toEqual([])
})

test('dependencies are what is loaded at run time: the keychain binding; peers are optional', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['@napi-rs/keyring'])
  expect(packagesLookedUp().sort()).toEqual(['@redis/client', 'libsql'])
  // By an exact name of its own, which is put together at run time.
  expect(readFileSync(join(dist, 'native-keychain.cjs'), 'utf8')).toContain('@napi-rs/keyring')
  for (const peer of Object.keys(manifest.peerDependencies)) {
    expect(manifest.peerDependenciesMeta[peer], peer).toEqual({ optional: true })
    expect(manifest.devDependencies[peer], peer).toMatch(/^\d/)
  }
})

test('THIRD-PARTY-NOTICES has name, version and licence of each package that is bundled, and of no other', async () => {
  const bundled = packagesOf(await bundledModules())
  const notices = readFileSync(join(dist, 'THIRD-PARTY-NOTICES'), 'utf8')
  const titles = [...notices.matchAll(/^={80}\n(\S+) (\S+) \((.+)\)\n={80}\n/gm)]
  expect(titles.map(([, name, version]) => `${name} ${version}`)).toEqual(
    bundled.map(({ name, version }) => `${name} ${version}`),
  )
  expect(bundled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['undici', 'openid-client', 'yaml', 'ms']),
  )
  for (const { name, texts } of bundled) {
    expect(texts.join(' '), name).toMatch(/permission|licen[cs]ed? under/i)
    for (const text of texts) expect(notices, name).toContain(text)
  }
  for (const { name } of bundled) expect(manifest.dependencies, name).not.toHaveProperty([name])
})

test('the tarball holds what is built, the notices, the licence and the texts for users; no sources', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-pack-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const { files } = await pack(directory)
  expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'package.json',
  ])
  expect(files).toContain('dist/THIRD-PARTY-NOTICES')
  expect(files).toEqual(expect.arrayContaining(manifest.man))
  expect(
    files.filter(
      (path) => !/\.(cjs|d\.ts|json|md)$|\/THIRD-PARTY-NOTICES$|\/sesame\.1$|^LICENSE$/.test(path),
    ),
  ).toEqual([])
})

test('the exports are those that are documented, and no address of a host is invented', () => {
  expect(Object.keys(manifest.exports)).toEqual(['.', './token', './oss', './sst', './package.json'])
  for (const member of ['repository', 'homepage', 'bugs']) expect(manifest).not.toHaveProperty(member)
})

test('the declarations need no package but Node’s types', () => {
  const types = join(dist, 'types')
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  )
  expect(files.length).toBeGreaterThan(20)
  const named = files.flatMap((file) =>
    [...readFileSync(join(types, file), 'utf8').matchAll(/\b(?:from|import\()\s*["']([^"']+)["']/g)].map(
      ([, name = '']) => name,
    ),
  )
  expect(named.filter((name) => !name.startsWith('.') && !name.startsWith('node:'))).toEqual([])
})

const errors = ['SesameError', 'isSesameError']

test.each([
  ['.', [...errors, 'aliOssOptions', 'alibabaCloudCredential', 'createCredentialsProvider']],
  [
    './token',
    [
      ...errors,
      ...[
        'TokenInvalidError',
        'createJwksSource',
        'createReplayGuard',
        'decodeJwt',
        'verifyBearer',
        'verifyJwt',
      ],
    ],
  ],
  [
    './oss',
    [
      ...errors,
      ...[
        'postPolicyV1',
        'postPolicyV4',
        'presignV1',
        'presignV4',
        'requestUrl',
        'signHeadersV1',
        'signHeadersV4',
      ],
    ],
  ],
  [
    './sst',
    [
      ...errors,
      ...['createKey', 'expressTokenGuard', 'fastifyTokenGuard', 'memoryRevocations', 'nodeTokenGuard'],
      ...[
        'openTokenService',
        'parseKeyFile',
        'readKeyFile',
        'redisRevocations',
        'sqliteRevocations',
        'tokenHeader',
      ],
    ],
  ],
])('%s exports these names, and declares them', (path, names) => {
  const { default: file, types } = manifest.exports[path]
  const require = createRequire(join(root, 'package.json'))
  expect(Object.keys(require(file)).sort()).toEqual([...names].sort())
  // TypeScript that resolves without `exports` finds the declarations, too.
  if (path !== '.') expect(manifest.typesVersions['*'][path.slice(2)]).toEqual([types])
  else expect(manifest.types).toBe(types)
})

test('what a module of Node that is loaded late makes is not made by `require`', () => {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.cjs')) expect(readFileSync(join(dist, file), 'utf8')).not.toMatch(/\bnew require\(/)
})

test('the cached path knows the members of profiles, and carries no word of the table of settings', () => {
  const cachedPath = readFileSync(join(dist, 'sesame.cjs'), 'utf8')
  for (const known of Object.values(members)) expect(cachedPath).toContain(known)
  for (const { summary } of settingOptions()) expect(cachedPath).not.toContain(shownText(summary))
})
