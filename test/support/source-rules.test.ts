import { describe, expect, test } from 'vitest'
import { parseSource, type SourceFile } from './source-files.ts'
import {
  consoleUses,
  currentTimeUses,
  defaultExports,
  predictableRandomUses,
  processUses,
  swallowedErrors,
} from './source-rules.ts'

/** What a rule finds in a made-up file, without the places. */
const found = (rule: (file: SourceFile) => string[], text: string) =>
  rule(parseSource('a.ts', text)).map((line) => line.replace(/^a\.ts:\d+: /, ''))

describe('process', () => {
  test.each([
    ['process.env.HOME', 'process.env'],
    ["process['argv']", 'process.argv'],
    ['process?.stdout', 'process.stdout'],
    ['process!.exit(1)', 'process.exit'],
    ['(process as Anything).stdin', 'process.stdin'],
    ["process.on('exit', f)", 'process.on'],
    ['process.exitCode = 1', 'process.exitCode'],
    ['const { env } = process', 'process.env'],
    ['const { env: { HOME } } = process', 'process.env'],
    ["const { 'env': e } = process", 'process.env'],
    ['let argv; ({ argv } = process)', 'process.argv'],
    ['function f({ env } = process) {}', 'process.env'],
    ['globalThis.process.env', 'process.env'],
    ["globalThis['process'].env", 'process.env'],
    ['global.process.stderr', 'process.stderr'],
    ['const { process: { env } } = globalThis', 'process.env'],
    ["import process from 'node:process'\nprocess.env", 'process.env'],
    ["import p from 'process'\np.env", 'process.env'],
    ["import * as p from 'node:process'\nconst { env } = p", 'process.env'],
    ["import { default as p } from 'node:process'\np.env", 'process.env'],
    ["import { env } from 'node:process'", 'process.env'],
    ["import { env as e, platform } from 'node:process'", 'process.env'],
  ])('finds %j', (text, use) => {
    expect(found(processUses, text)).toEqual([use])
  })

  test.each([
    ['const p = process'],
    ['f(process)'],
    ['const { platform, ...rest } = process'],
    ['process[name]'],
    ['const { [name]: a } = process'],
    ['export { process as p }'],
    ['const world = { process }'],
    ['const { process } = globalThis'],
    ['const g = globalThis'],
    ['const { ...g } = globalThis'],
    ['globalThis[name].env'],
    ["export { env } from 'node:process'"],
    ["export * from 'node:process'"],
    ["const p = await import('node:process')"],
    ["const { env } = process.getBuiltinModule('node:process')"],
    ["const p = require('process')"],
    ['class Process { constructor(private process: Anything) {} }'],
  ])('takes %j for a use of the whole', (text) => {
    expect(found(processUses, text)).toContain('process as a value')
  })

  test.each([
    ["if (process.platform === 'win32') f(process.pid, process.getuid?.())"],
    ["const { randomBytes } = process.getBuiltinModule('node:crypto')"],
    ['const { platform, arch: machine } = process'],
    ["import { platform } from 'node:process'"],
    ["import type process from 'node:process'"],
    ["import { spawn } from 'node:child_process'"],
    ["typeof process === 'undefined'"],
    ['const options = { process: 1, env }; options.process.env'],
    ['interface Holder { process: string; env(process: string): void }'],
    ['type P = typeof process.env'],
    ['globalThis.fetch(url)'],
    ['// process.env\nconst text = "process.env"'],
  ])('allows %j', (text) => {
    expect(found(processUses, text)).toEqual([])
  })

  test('names file and line', () => {
    const file = parseSource('kit/log.ts', '\n\nconst { env } = process')
    expect(processUses(file)).toEqual(['kit/log.ts:3: process.env'])
  })
})

test.each([
  ["console.log('a')", 'console.log'],
  ['const { error } = console', 'console.error'],
  ['const log = console', 'console as a value'],
  ["import { warn } from 'node:console'", 'console.warn'],
  ['globalThis.console.info()', 'console.info'],
])('finds the console in %j', (text, use) => {
  expect(found(consoleUses, text)).toEqual([use])
})

test.each([
  ['Date.now()', 'Date.now'],
  ['const { now } = Date', 'Date.now'],
  ['new Date()', 'Date as a value'],
  ['new Date', 'Date as a value'],
  ['Date()', 'Date as a value'],
  ['const D = Date', 'Date as a value'],
  ['globalThis.Date.now()', 'Date.now'],
  ['Reflect.construct(Date, [])', 'Date as a value'],
])('finds the current time in %j', (text, use) => {
  expect(found(currentTimeUses, text)).toEqual([use])
})

test('times that are given are not the current one', () => {
  const text = 'const at: Date = new Date(ms); at instanceof Date; Date.parse(a); Date.UTC(1, 1)'
  expect(found(currentTimeUses, text)).toEqual([])
})

test('finds predictable random numbers', () => {
  expect(found(predictableRandomUses, 'Math.random()')).toEqual(['Math.random'])
  expect(found(predictableRandomUses, 'const { random } = Math')).toEqual(['Math.random'])
  expect(found(predictableRandomUses, 'Math.max(1, crypto.random())')).toEqual([])
})

test.each([
  ['export default 1'],
  ['export default function f() {}'],
  ['const a = 1; export { a as default }'],
  ["export { a as default } from './a.ts'"],
  ["export * as default from './a.ts'"],
])('finds the default export of %j', (text) => {
  expect(found(defaultExports, text)).toHaveLength(1)
})

test.each([
  ['try { f() } catch {}'],
  ['try { f() } catch (error) {\n  // no reason is enough\n}'],
  ['p.catch(() => {})'],
  ['p.catch(() => undefined)'],
  ['p.catch((error) => null)'],
  ['p.catch(() => void 0)'],
  ['p?.catch(function () {})'],
  ['p.catch(() => { return undefined })'],
])('finds the swallowed error of %j', (text) => {
  expect(found(swallowedErrors, text)).toHaveLength(1)
})

test.each([
  ['try { f() } catch (error) { if (error instanceof TypeError) return; throw error }'],
  ['p.catch(log)'],
  ['p.catch((error) => log(error))'],
  ['p.catch(() => false)'],
])('finds nothing swallowed in %j', (text) => {
  expect(found(swallowedErrors, `async function f() { ${text} }`)).toEqual([])
})
