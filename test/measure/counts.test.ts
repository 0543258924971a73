import { expect, test } from 'vitest'
import { parseSource } from '../support/source-files.ts'
import { functionsOf } from './functions.ts'
import { foldersOf, kindComparisonsOf } from './kind-names.ts'
import { passThroughsOf } from './pass-through.ts'
import { filesNaming } from './settings.ts'

const parse = (text: string) => parseSource('session/a.ts', text)

test.each([
  ["async function f(a, b) { return (await import('./x.ts')).f(a, b) }"],
  ["async function f(a) { const { f } = await import('./x.ts'); return f(a) }"],
  ["async function f(a) { const loaded = await import('./x.ts'); await loaded.f(a) }"],
  ["const f = async (...all) => (await import('./x.ts')).f(...all)"],
  ["const f = (a) => import('./x.ts').then(({ f }) => f(a))"],
  ["const f = (a) => import('./x.ts').then((loaded) => loaded.f(a))"],
  ["function f(a) { return { g: async (b) => (await import('./x.ts')).g(a, b) } }"],
])('%s only passes on', (text) => {
  expect(passThroughsOf(parse(text))).toHaveLength(1)
})

test.each([
  ["const f = () => import('./x.ts')"],
  ["const f = async () => (await import('./x.ts')).f"],
  ["const f = async (a) => (await import('./x.ts')).f(a.b)"],
  ["const f = async (a) => (await import('./x.ts')).f('text', a)"],
  ["const f = async (a) => (await import('undici')).f(a)"],
  ["async function f(a) { const { f } = await import('./x.ts'); return g(f(a)) }"],
  ["async function f(a) { const { f } = await import('./x.ts'); if (a) return f(a) }"],
  ["async function f(a) { const { f, g } = await import('./x.ts'); g(); return f(a) }"],
])('%s does something', (text) => {
  expect(passThroughsOf(parse(text))).toEqual([])
})

test('finds what asks for a kind by its name', () => {
  const file = parse(`
    if (kind === 'oidc' || 'role' !== kind) f()
    switch (kind) {
      case 'idaas':
      case 'other':
    }
    ['cloudsso', 'oidc'].includes(kind)
    new Set(['oidc']).has(kind)
    if ('role' in kinds) f()
    const names = { oidc: 'an OIDC provider', kind: 'role' }
    f('oidc')`)
  expect(kindComparisonsOf(file)).toEqual([2, 2, 4, 7, 8, 9].map((line) => `session/a.ts:${line}`))
  expect(foldersOf(['session/a.ts:1', 'session/b.ts:1', 'cli/commands/c.ts:1'])).toEqual([
    'cli/commands',
    'session',
  ])
})

test('finds the files that name a setting', () => {
  const files = Object.entries({
    'type.ts': 'interface Profile { redirectPort?: number }',
    'key.ts': "const keys = ['scope', 'redirectPort!']",
    'option.ts': "const option = '--redirect-port'",
    'message.ts': `const text = \`Give --redirect-port \${port}.\``,
    'other.ts': "const redirectPorts = 1; f('redirect-port-range')",
  }).map(([path, text]) => parseSource(path, text))
  expect(filesNaming('redirectPort', files)).toEqual(['type.ts', 'key.ts', 'option.ts', 'message.ts'])
})

test('measures functions', () => {
  const file = parse(`
    function f(this: Window, a, b, ...c) {
      return (d) =>
        d
    }
    class A { m(a, b) {} }`)
  expect(functionsOf(file)).toEqual([
    { where: 'session/a.ts:2', parameters: 3, lines: 4 },
    { where: 'session/a.ts:3', parameters: 1, lines: 2 },
    { where: 'session/a.ts:6', parameters: 2, lines: 1 },
  ])
})
