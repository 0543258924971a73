import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which room may open which other room's door (its index.ts). */
const mayOpen: Record<string, readonly string[]> = {
  http: [],
  store: [],
  profile: [],
  output: [],
  oss: [],
  sst: [],
  token: ['http'],
  sts: ['http'],
  identity: ['http', 'token'],
  session: ['profile', 'identity', 'sts', 'store', 'token'],
  cli: ['session', 'output', 'profile'],
}

/** Beyond the table: stories speak to servers through the fetch they are given, and need its type. */
const typesOnly: Record<string, readonly string[]> = { session: ['http'] }

/** Files that may name every room: they build the program, and the library. */
const roots = [
  'index.ts',
  'create-credentials-provider.ts',
  'compose-reader.ts',
  'compose-session.ts',
  join('cli', 'compose.ts'),
  'token-library.ts',
  'environment-fetch.ts',
]

/** Commands of the rooms that stand alone open their own room. */
const ownRoom = /^cli\/(?:commands\/)?(oss|sst|token)(?:[-/]|\.ts$)/

/** The files outside of cli that read the environment: a library has no command line that could hand it in. */
const environmentReaders = ['create-credentials-provider.ts', 'token-library.ts']

/** Packages that one room keeps to itself. */
const packageHome: Record<string, string> = {
  undici: 'http',
  debug: 'http',
  '@napi-rs/keyring': 'store',
  'openid-client': 'identity',
  jose: 'token',
  libsql: 'sst',
  '@redis/client': 'sst',
  yaml: 'sst',
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

const roomOf = (file: string) => (file.includes(sep) ? file.slice(0, file.indexOf(sep)) : '')

describe.each(files)('src/%s', (file) => {
  const text = readFileSync(join(src, file), 'utf8')
  const room = roomOf(file)
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

  test('imports only what its room may', () => {
    for (const { specifier, typeOnly } of importsOf(text)) {
      if (isBuiltin(specifier)) continue
      if (!specifier.startsWith('.')) {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
        expect(packageHome[name] ?? room, `${specifier} belongs to another room`).toBe(room)
        continue
      }
      const target = relative(src, join(src, dirname(file), specifier))
      expect(target.startsWith('..'), `${specifier} leaves src/`).toBe(false)
      const targetRoom = roomOf(target)
      if (targetRoom === '' || targetRoom === room) continue
      const allowed =
        roots.includes(file) ||
        ownRoom.exec(file.replaceAll(sep, '/'))?.[1] === targetRoom ||
        mayOpen[room]?.includes(targetRoom) ||
        (typeOnly && typesOnly[room]?.includes(targetRoom))
      expect(allowed, `${room || 'a shared word'} may not open ${targetRoom}`).toBe(true)
      expect(target, `${specifier} is not the door of ${targetRoom}`).toBe(join(targetRoom, 'index.ts'))
    }
  })

  test('touches the world only where it may', () => {
    if (room !== 'cli')
      expect(code).not.toMatch(
        /\bconsole\.(log|error|warn|info|debug|table)|\bprocess\.(stdout|stderr|exit|argv)\b/,
      )
    if (room !== 'cli' && !environmentReaders.includes(file)) expect(code).not.toMatch(/\bprocess\.env\b/)
    if (file !== 'clock.ts' && !roots.includes(file)) expect(code).not.toMatch(/\bDate\.now\(|\bnew Date\(\)/)
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
