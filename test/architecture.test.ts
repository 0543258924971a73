import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which module may open which others, through their index.ts. */
const mayOpen: Record<string, readonly string[]> = {
  kit: [],
  files: ['kit'],
  loopback: ['kit'],
  http: ['kit', 'files'],
  jwt: ['kit', 'http'],
  oss: ['kit'],
  sst: ['kit', 'files', 'http'],
  identity: ['kit', 'http', 'loopback', 'jwt'],
  sts: ['kit', 'http'],
  store: ['kit', 'files'],
  profiles: ['kit', 'files'],
  output: ['kit'],
  'credentials-server': ['kit', 'loopback'],
  terminal: ['kit'],
  session: ['kit', 'files', 'http', 'jwt', 'identity', 'sts', 'store', 'profiles', 'terminal'],
  doctor: ['kit', 'files', 'jwt', 'identity', 'store', 'profiles', 'session'],
  integrations: ['kit', 'files', 'terminal'],
  cli: [
    ...['kit', 'files', 'http', 'jwt', 'oss', 'sst', 'profiles', 'output', 'credentials-server', 'terminal'],
    ...['session', 'doctor', 'integrations', 'compose'],
  ],
}

/** Composition roots, and the package's entry points: the only files that may open every module. */
const isRoot = (file: string) => module(file) === 'compose' || module(file) === ''

/** Packages that one module keeps to itself. */
const packageHome: Record<string, string> = {
  undici: 'http',
  debug: 'http',
  '@napi-rs/keyring': 'store',
  'openid-client': 'identity',
  jose: 'jwt',
  libsql: 'sst',
  '@redis/client': 'sst',
  yaml: 'sst',
  'jsonc-parser': 'integrations',
}

/** What mocks may stand on beside Node: a real provider, and real keys. */
const mockPackages = ['oidc-provider', 'jose']

const src = join(import.meta.dirname, '..', 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
const importClause =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"\n;]*?(?:\n[^'";]*?)?from\s*['"]([^'"]+)['"]/g
const lazyImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

interface Import {
  specifier: string
  typeOnly: boolean
}

function importsOf(text: string): Import[] {
  const clauses = [...text.matchAll(importClause)].map(([, type, specifier = '']) => ({
    specifier,
    typeOnly: Boolean(type),
  }))
  return [
    ...clauses,
    ...[...text.matchAll(lazyImport)].map(([, specifier = '']) => ({ specifier, typeOnly: false })),
  ]
}

const module = (file: string) => (file.includes(sep) ? file.slice(0, file.indexOf(sep)) : '')

describe.each(files)('src/%s', (file) => {
  const text = readFileSync(join(src, file), 'utf8')
  const own = module(file)
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

  test('imports only what its module may', () => {
    for (const { specifier } of importsOf(text)) {
      if (isBuiltin(specifier)) continue
      if (!specifier.startsWith('.')) {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
        expect(packageHome[name] ?? own, `${specifier} belongs to another module`).toBe(own)
        continue
      }
      const target = relative(src, join(src, dirname(file), specifier))
      expect(target.startsWith('..'), `${specifier} leaves src/`).toBe(false)
      const opened = module(target)
      if (opened === own) continue
      expect(isRoot(file) || mayOpen[own]?.includes(opened), `${own} may not open ${opened}`).toBe(true)
      expect(target, `${specifier} is not the index of ${opened}`).toBe(join(opened, 'index.ts'))
    }
  })

  test('touches the world only where it may', () => {
    if (!['cli', 'terminal', 'compose'].includes(own)) {
      expect(code).not.toMatch(
        /\bconsole\.(log|error|warn|info|debug|table)|\bprocess\.(stdout|stderr|exit|argv|env)\b/,
      )
    }
    if (file !== join('kit', 'clock.ts') && own !== 'compose')
      expect(code).not.toMatch(/\bDate\.now\(|\bnew Date\(\)/)
    expect(code).not.toMatch(/\bMath\.random\b/)
    expect(code).not.toMatch(/\bexport default\b/)
    expect(code, 'a catch that swallows').not.toMatch(/catch\s*(\([^)]*\))?\s*\{\s*\}/)
    expect(code).not.toMatch(/\.catch\(\(\)\s*=>\s*(\{\s*\}|undefined|null)\)/)
  })
})

test('every import of mocks/ is its own, Node’s or a real counterpart’s', () => {
  const mocks = join(src, '..', 'mocks')
  for (const file of readdirSync(mocks, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    for (const { specifier } of importsOf(readFileSync(join(mocks, file), 'utf8'))) {
      const inside =
        specifier.startsWith('.') && !relative(mocks, join(mocks, dirname(file), specifier)).startsWith('..')
      const real = mockPackages.includes(specifier)
      expect(isBuiltin(specifier) || inside || real, `mocks/${file} imports ${specifier}`).toBe(true)
    }
  }
})
