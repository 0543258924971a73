import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { answerFromStore } from '../../src/cli/fast-path.ts'
import { main } from '../../src/cli/main.ts'
import { release } from '../../src/files/index.ts'
import { formats } from '../../src/output/index.ts'
import { type FourKinds, inFourKinds } from '../support/four-kinds.ts'
import { edgesHere, partHere, runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const profiles = ['sso', 'corp', 'api', 'deployer', 'auditor']

/** A command line, its environment, and which of its streams are a terminal. */
interface Run {
  words: readonly string[]
  env?: Record<string, string | undefined> | undefined
  terminals?: readonly number[]
}

function edgesOf({ home }: FourKinds, { words, env = {}, terminals = [] }: Run) {
  const { edges, texts } = edgesHere(words, { HOME: home.home, SESAME_STORE: 'plaintext', ...env })
  return { edges: { ...edges, isTerminal: (stream: number) => terminals.includes(stream) }, texts }
}

/** What the cached path answers; undefined when it leaves the command to the whole program. */
async function fastAnswer(world: FourKinds, run: Run) {
  const { edges, texts } = edgesOf(world, run)
  const end = await partHere(() => answerFromStore(edges))
  if (typeof end === 'number') return { code: end, ...texts }
  const held = end.claimed?.take()
  if (held !== undefined) release(held)
  expect(texts).toEqual({ out: '', err: '' })
  return undefined
}

async function fullAnswer(world: FourKinds, run: Run) {
  const { edges, texts } = edgesOf(world, run)
  return { code: await partHere(() => main(edges)), ...texts }
}

/** Signs every profile in that gives credentials. */
async function signInAll({ home }: FourKinds): Promise<void> {
  for (const profile of profiles) {
    const { code, stderr } = await home.run(['login', '--profile', profile])
    expect(`${code} ${stderr}`).toMatch(/^0 /)
  }
}

const name = fc.constantFrom(...profiles, 'tokens', 'nowhere', '../x', '', '-x', 'login', '--env')
const format = fc.constantFrom(
  ...formats,
  'FISH',
  'nonsense',
  'Json',
  ' json',
  '',
  '__proto__',
  '--env',
  'toString',
)
const group = fc.oneof(
  { weight: 4, arbitrary: name.map((value) => ['--profile', value]) },
  { weight: 1, arbitrary: name.map((value) => [`--profile=${value}`]) },
  { weight: 4, arbitrary: format.map((value) => ['--format', value]) },
  { weight: 1, arbitrary: format.map((value) => [`--format=${value}`]) },
  { weight: 2, arbitrary: fc.constantFrom('--env', '--id', '--access').map((word) => [word]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...[
          '--help',
          '-h',
          '--',
          '-',
          '',
          '--profile',
          '--format',
          '--env=',
          '--environment',
          '--prof',
          'sso',
          '--json',
        ],
      )
      .map((word) => [word]),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map((word) => [word]) },
)
const groups = (maxLength: number) => fc.array(group, { maxLength }).map((all) => all.flat())
const command = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('login', 'credentials', 'token get') },
  { weight: 1, arbitrary: fc.constantFrom('Login', 'logins', 'version', '__proto__', '') },
)
const commandLine = fc.record({
  words: fc
    .tuple(fc.oneof(fc.constant<string[]>([]), groups(2)), command, groups(3))
    .map(([before, word, behind]) => [...before, ...word.split(' '), ...behind]),
  env: fc.record({
    SESAME_PROFILE: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...profiles, 'nowhere', '$(id)', '') },
    ),
    SESAME_STORE: fc.oneof(
      { weight: 6, arbitrary: fc.constant('plaintext') },
      { weight: 1, arbitrary: fc.constantFrom('vault', 'memory', '') },
    ),
  }),
  terminals: fc.constantFrom<number[]>([], [1], [1, 2]),
})

test(
  '[case 231] what the cached path answers is what the whole program answers, byte for byte',
  inFourKinds(async (world) => {
    await signInAll(world)
    let answered = 0
    await fc.assert(
      fc.asyncProperty(commandLine, async (run) => {
        const fast = await fastAnswer(world, run)
        if (fast === undefined) return
        answered++
        expect(fast).toEqual(await fullAnswer(world, run))
      }),
      { numRuns: 600 },
    )
    expect(answered).toBeGreaterThan(60)
    // The spellings of every day are answered by it, before and behind the command.
    for (const word of ['login', 'credentials'])
      for (const value of formats)
        for (const words of [
          ['--profile', 'corp', word, '--format', value],
          [word, '--format', value, '--profile', 'corp'],
        ])
          expect(await fastAnswer(world, { words })).toEqual(await fullAnswer(world, { words }))
    for (const words of [
      ['token', 'get', '--profile', 'corp'],
      ['--profile', 'corp', 'token', 'get', '--id'],
      ['token', 'get', '--profile', 'api'],
    ])
      expect(await fastAnswer(world, { words })).toEqual(await fullAnswer(world, { words }))
  }),
)

describe('exec', () => {
  /** Runs one in both ways; also what environment the child wrote into a file, if it did. */
  async function inBothWays(world: FourKinds, { words, env = {} }: Run) {
    const file = join(world.home.home, 'environment-of-child')
    const run = { words, env: { PATH: process.env.PATH, FILE: file, OSS_SESSION_TOKEN: 'stale', ...env } }
    const written = () => {
      if (!existsSync(file)) return undefined
      const lines = readFileSync(file, 'utf8').split('\n').sort()
      rmSync(file)
      return lines
    }
    const fast = await fastAnswer(world, run)
    const fastChild = written()
    return {
      fast: fast && { ...fast, child: fastChild },
      full: { ...(await fullAnswer(world, run)), child: written() },
    }
  }
  const behindDashes = [
    '--',
    'sh',
    '-c',
    'env >"$FILE"; test "$1" = --profile || exit 9; kill -TERM $$',
    'sh',
  ]

  test('what the cached path does is what the whole program does', async () => {
    await inFourKinds(async (world) => {
      await signInAll(world)
      const bin = join(world.home.home, 'bin-of-exec')
      mkdirSync(bin)
      writeFileSync(join(bin, 'aliyun'), '#!/bin/sh\nexit 5\n', { mode: 0o755 })
      const PATH = `${bin}:${process.env.PATH}`
      const cases: readonly [Run, number, RegExp?][] = [
        [{ words: ['exec', '--profile', 'corp', ...behindDashes, '--profile'] }, 143],
        [{ words: ['--profile', 'sso', 'exec', ...behindDashes, '--env'] }, 9],
        [{ words: ['exec', ...behindDashes, ''], env: { SESAME_PROFILE: 'deployer' } }, 9],
        [{ words: ['exec', '--profile', 'sso'], env: { SHELL: '/bin/true' } }, 0],
        [{ words: ['exec', '--profile', 'sso', '--'], env: { SHELL: '/bin/false' } }, 1],
        [{ words: ['exec', '--profile', 'sso', '--', 'no-such-program'] }, 127, /no-such-program/],
        [{ words: ['exec', '--profile', 'sso', '--', '/etc/passwd'] }, 126, /EACCES/],
        [{ words: ['exec', '--profile', 'sso', '--', ''] }, 127, /./],
        [{ words: ['exec', '--', 'aliyun'], env: { PATH, ALICLOUD_REGION: 'cn-wulanchabu' } }, 5, /wulan/],
      ]
      for (const LANG of ['C.UTF-8', 'zh_CN.UTF-8'])
        for (const [{ words, env }, code, said = /^$/] of cases) {
          const { fast, full } = await inBothWays(world, {
            words,
            env: { SESAME_PROFILE: 'sso', ...env, LANG },
          })
          expect({ words, ...fast }).toEqual({ words, ...full })
          expect(full).toMatchObject({ code, out: '', err: expect.stringMatching(said) })
        }
    })()
  })

  test('it leaves to the whole program what needs more than fresh credentials', async () => {
    await inFourKinds(async (world) => {
      await signInAll(world)
      const run = ['--', 'sh', '-c', 'env >"$FILE"']
      for (const { words, env } of [
        { words: ['exec', '--server', '--profile', 'sso', ...run] },
        { words: ['exec', '--profile', 'sso', ...run], env: { SESAME_EXEC: 'corp' } },
        { words: ['exec', '--profile', 'nowhere', ...run] },
        { words: ['exec', '--help', '--profile', 'sso', ...run] },
        { words: ['exec', '--profile', 'sso', 'sh', ...run] },
        { words: ['exec', '--profile', ...run] },
        { words: ['exec', '--profile', 'sso', ...run], env: { DEBUG: 'sesame:none' } },
        { words: ['exec', '--profile', 'sso', ...run], env: { NODE_DEBUG: 'child_process' } },
      ] satisfies Run[])
        expect({ words, ...(await inBothWays(world, { words, env })) }).toMatchObject({ fast: undefined })
    })()
  })
})

test(
  '[case 231] a shell that asks for completion is not answered with secrets',
  inFourKinds(async (world) => {
    await signInAll(world)
    const words = ['login', '--profile', 'sso']
    const env = { COMP_LINE: 'login sso --profile ', COMP_POINT: '20' }
    expect(await fastAnswer(world, { words })).toBeDefined()
    expect(await fastAnswer(world, { words, env })).toBeUndefined()
  }),
)

test(
  '[case 230] a value outside the list of any option is refused with the list, with fresh credentials, too',
  inFourKinds(async (world) => {
    await signInAll(world)
    const commands = (await loadAllCommands()).flatMap((each) => [
      { path: [each.name], options: each.options },
      ...(each.subcommands ?? []).map((sub) => ({ path: [each.name, sub.name], options: sub.options })),
    ])
    let tried = 0
    for (const { path, options } of commands)
      for (const { name, aliases = [], values } of options)
        for (const spelling of values === undefined ? [] : [name, ...aliases])
          for (const value of [
            'FISH',
            'nonsense',
            `${values?.[0]} `,
            (values?.[0] ?? '').toUpperCase(),
            'toString',
          ])
            for (const words of [
              [...path, `--${spelling}`, value],
              [...path, `--${spelling}=${value}`],
            ]) {
              tried++
              const { code, stdout, stderr } = await world.home.run(words, { env: { SESAME_PROFILE: 'sso' } })
              expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' })
              expect(stderr).toMatch(new RegExp(`^sesame: --${name} cannot be "[^\n]*"\\.\n[^\n]*\n$`))
              expect(stderr).toContain(`It can be ${values?.join(', ')}.`)
            }
    expect(tried).toBeGreaterThan(80)
  }),
)
