import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, test } from 'vitest'
import { runtimeCheck } from '../packaging/runtime-check.ts'
import { checkVersions } from '../src/doctor/versions.ts'
import { spawnSync } from './support/run-sync.ts'

const root = join(import.meta.dirname, '..')
const entry = join(root, 'dist', 'sesame.cjs')
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

interface Outcome {
  said: string
  code: number | undefined
}

/** Runs the check as this runtime would. */
function startOn(versions: Record<string, string>, execPath = '/usr/bin/node'): Outcome {
  const outcome: Outcome = { said: '', code: undefined }
  const fs = {
    writeSync: (descriptor: number, text: string) => {
      expect(descriptor).toBe(2)
      outcome.said += text
    },
  }
  const exit = (code: number) => {
    outcome.code ??= code
  }
  new Function('process', 'require', runtimeCheck)({ versions, execPath, exit }, () => fs)
  return outcome
}

const accepted = ['20.18.1', '20.20.2', '22.3.0', '22.22.0', '23.0.0', '24.1.0', '26.0.0', '100.0.0']
const refused = ['12.22.12', '14.21.3', '18.20.8', '20.11.1', '20.18.0', '21.7.3', '22.0.0', '22.2.0']

describe('[case 149] the Node.js that comes first in the PATH', () => {
  test.each(accepted)('%s is taken', (node) => {
    expect(startOn({ node })).toEqual({ said: '', code: undefined })
    expect(checkVersions({ sesame: '1.0.0', node, platform: 'linux x64' }).status).toBe('ok')
  })

  test.each(refused)('%s: one line with the floor, the version and its path, and exit code 2', (node) => {
    expect(startOn({ node }, '/opt/old\n/bin/node')).toEqual({
      said: `sesame: needs Node.js 20.18.1 or newer (not 21, not 22.0 to 22.2); found Node.js ${node} at /opt/old?/bin/node.\n`,
      code: 2,
    })
    expect(checkVersions({ sesame: '1.0.0', node, platform: 'linux x64' }).status).toBe('problem')
  })

  test('Deno is refused, whichever Node.js it claims to be; Bun is not', () => {
    expect(startOn({ node: '24.1.0', deno: '2.5.0' }, '/usr/bin/deno')).toEqual({
      said: 'sesame: needs Node.js 20.18.1 or newer (not 21, not 22.0 to 22.2); found Deno 2.5.0 at /usr/bin/deno.\n',
      code: 2,
    })
    expect(startOn({ node: '20.0.0', bun: '1.3.0' })).toEqual({ said: '', code: undefined })
  })

  test('engines says the same', () => {
    const ranges = String(engines.node).split(' || ')
    const numbers = (version: string) => version.split('.').map(Number)
    const compare = (a: string, b: string) => {
      const [x, y] = [numbers(a), numbers(b)]
      return [0, 1, 2].map((i) => (x[i] ?? 0) - (y[i] ?? 0)).find((difference) => difference !== 0) ?? 0
    }
    const allows = (node: string) =>
      ranges.some((range) =>
        range.split(' ').every((part) => {
          const [, operator = '', version = ''] = /^(>=|<)(.+)$/.exec(part) ?? []
          return operator === '<' ? compare(node, version) < 0 : compare(node, version) >= 0
        }),
      )
    expect(accepted.filter((node) => !allows(node))).toEqual([])
    expect(refused.filter(allows)).toEqual([])
  })
})

describe('[case 149] the file that starts first', () => {
  const source = readFileSync(entry, 'utf8')

  test('begins with the check, in front of everything that an old Node.js does not have', () => {
    expect(source.indexOf('needs Node.js')).toBeGreaterThan(0)
    expect(source.indexOf('needs Node.js')).toBeLessThan(source.indexOf('require("node:'))
  })

  test('has no syntax that is newer than ES2019, which Node.js 12 parses', () => {
    expect(newSyntaxOf(source)).toEqual([])
    const newer = [
      'a?.b',
      'a??b',
      'a??=b',
      'class A{b=1}',
      'class A{#c(){}}',
      '1_000',
      '/a/d',
      'import.meta.url',
      'class A{static{}}',
    ]
    for (const sample of newer) expect(newSyntaxOf(sample), sample).toHaveLength(1)
    for (const sample of ['try{}catch{}', '({...a})', 'async()=>{for await(const a of b);}', '10n'])
      expect(newSyntaxOf(sample), sample).toEqual([])
  })

  test('runs where it may', () => {
    const { status, stdout } = spawnSync(process.execPath, [entry, 'version'], { encoding: 'utf8' })
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })
})

interface Node {
  type: string
  operator?: string
  raw?: string
  regex?: { flags: string }
  [member: string]: unknown
}

const newTypes = new Set([
  'ChainExpression',
  'PropertyDefinition',
  'PrivateIdentifier',
  'StaticBlock',
  'MetaProperty',
  'AccessorProperty',
])
const newOperators = new Set(['??', '??=', '||=', '&&='])

/** What of a program stands in no edition of ECMAScript up to 2019. */
function newSyntaxOf(source: string): string[] {
  const found: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    const isMeta = node.type === 'MetaProperty' && JSON.stringify(node).includes('"target"')
    if (newTypes.has(node.type) && !isMeta) found.push(node.type)
    else if (newOperators.has(node.operator ?? '')) found.push(node.operator ?? '')
    else if (node.type === 'Literal' && /^\d[\d.]*_/.test(node.raw ?? '')) found.push('1_000')
    else if (/[dv]/.test(node.regex?.flags ?? '')) found.push(`/${node.regex?.flags}`)
    else for (const member of Object.values(node)) visit(member)
  }
  visit(parseAst(source.replace(/^#!.*/, '')))
  return found
}
