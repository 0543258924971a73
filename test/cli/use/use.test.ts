import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../support/evaluate.ts'
import { inFourKinds } from '../../support/four-kinds.ts'
import { runCommandsHere } from '../../support/run-here.ts'
import { inWorld, type World } from '../../support/world.ts'

runCommandsHere()

/** Profiles that are configured and were never used. */
function withProfiles({ home }: Pick<World, 'home'>, names: readonly string[]): void {
  const path = join(home.directory, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  const profiles = Object.fromEntries(names.map((name) => [name, { kind: 'cloudsso' }]))
  writeFileSync(path, JSON.stringify({ ...config, profiles }), { mode: 0o600 })
}

/** When each profile was used, as the state has it. */
function usedAt({ home }: Pick<World, 'home'>): Record<string, string> {
  const { configurations } = JSON.parse(readFileSync(join(home.state, 'state.json'), 'utf8'))
  const entries = Object.entries<{ usedAt?: string }>(configurations.default.profiles)
  return Object.fromEntries(entries.flatMap(([name, each]) => (each.usedAt ? [[name, each.usedAt]] : [])))
}

describe('use NAME', () => {
  test(
    'makes it the current profile, and says so on stderr',
    inWorld({}, async (world) => {
      withProfiles(world, ['dev', 'prod 生产'])
      for (const words of [
        ['use', 'prod 生产'],
        ['use', '--profile', 'dev'],
        ['--profile', 'prod 生产', 'use'],
      ]) {
        const name = words.find((word) => /dev|prod/.test(word))
        const { code, stdout, stderr } = await world.home.run(words)
        expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
        expect(stderr).toBe(`The current profile is ${name}.\n`)
        expect(world.home.config().currentProfile).toBe(name)
      }
      const { stderr } = await world.home.run(['use', 'dev'], { env: { SESAME_PROFILE: 'other' } })
      expect(stderr).toContain('In this shell SESAME_PROFILE=other goes before it.')
    }),
  )

  test.each([
    [['use', 'prdo'], /There is no profile prdo\.\nDid you mean prod\?/],
    [['use', '生'], /There is no profile 生\.\n/],
    [['use', '../x'], /There is no profile \.\.\/x\.\n/],
    [['use', '\u001b[2J'], /There is no profile \\u001b\[2J\.\n/],
    [['use', 'toString'], /There is no profile toString\.\n/],
    [['use'], /Name the profile: there is no terminal to choose it on\./],
    [['use', 'a', 'b'], /"b" is not expected here/],
  ])('%j: exit 2, and nothing changes', (words, said) =>
    inWorld({}, async (world) => {
      withProfiles(world, ['dev', 'prod'])
      await world.home.run(['use', 'dev'])
      const { code, stdout, stderr } = await world.home.run(words)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(said)
      expect(world.home.config().currentProfile).toBe('dev')
    })(),
  )
})

describe('use --env', () => {
  const stale = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.old',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'old',
    SESAME_PROFILE: 'x',
  }

  test(
    'a shell gets the credentials that are there, and the current profile stays',
    inWorld({}, async (world) => {
      await world.home.run(['login', '--profile', 'dev'])
      await world.home.run(['login', '--profile', 'prod'])
      const { stdout, stderr } = await world.home.run(['use', 'dev', '--env'])
      expect(stderr).toBe('This shell uses profile dev.\n')
      const after = await evaluate(stdout, stale)
      expect(after.status).toBe(0)
      expect(after.variables).toMatchObject({ SESAME_PROFILE: 'dev' })
      expect(after.variables.ALIBABA_CLOUD_ACCESS_KEY_ID).not.toBe('STS.old')
      expect(world.home.config().currentProfile).toBe('prod')
    }),
  )

  test(
    'credentials that need a sign-in are not waited for: those of another profile are unset',
    inWorld({}, async (world) => {
      withProfiles(world, ['dev', 'prod 生产'])
      const { code, stdout, stderr } = await world.home.run(['use', 'prod 生产', '--env'])
      expect(code).toBe(0)
      expect(stderr).toContain('This shell uses profile prod 生产. Sign in with: sesame login')
      expect(await evaluate(stdout, stale)).toEqual({ status: 0, variables: { SESAME_PROFILE: 'prod 生产' } })
      expect(world.portal.calls()).toEqual([])
    }),
  )

  test(
    'a server that cannot be reached is no reason not to use a profile',
    inWorld({}, async (world) => {
      await world.home.run(['login', '--profile', 'dev'])
      world.home.change(({ value }) => ({
        ...value,
        ...(value.accessKeyId ? { expiresAt: '2020-01-01T00:00:00Z' } : {}),
      }))
      world.portal.fault('POST /cloud-credentials', { kind: 'json', status: 400, body: { ErrorCode: 'No' } })
      const { code, stdout, stderr } = await world.home.run(['use', 'dev', '--format', 'env'])
      expect(code).toBe(0)
      expect(stderr).toMatch(/^This shell uses profile dev/)
      expect((await evaluate(stdout, stale)).variables).toEqual({ SESAME_PROFILE: 'dev' })
    }),
  )

  test(
    'what fails unsets and fails, as in every shell format',
    inWorld({}, async ({ home }) => {
      const { code, stdout } = await home.run(['use', 'nope', '--env'])
      expect(code).toBe(2)
      expect(await evaluate(stdout, stale)).toEqual({ status: 1, variables: {} })
    }),
  )

  test(
    'a profile without a role',
    inFourKinds(async ({ home }) => {
      const { stdout, stderr } = await home.run(['use', 'tokens', '--env'])
      expect(stderr).toBe('This shell uses profile tokens.\n')
      expect((await evaluate(stdout, stale)).variables).toEqual({ SESAME_PROFILE: 'tokens' })
    }),
  )
})

describe('what counts as a use', () => {
  test(
    'a sign-in, and being chosen; not an answer from the store',
    inWorld({}, async (world) => {
      for (const name of ['a', 'b', 'c']) await world.home.run(['login', '--profile', name])
      expect(Object.keys(usedAt(world)).sort()).toEqual(['a', 'b', 'c'])
      const before = readFileSync(join(world.home.state, 'state.json'), 'utf8')
      await world.home.run(['login', '--profile', 'a'])
      await world.home.run(['credentials', '--profile', 'a'])
      expect(readFileSync(join(world.home.state, 'state.json'), 'utf8')).toBe(before)
      for (const words of [
        ['use', 'a'],
        ['use', 'b', '--env'],
        ['profile', 'use', 'c'],
      ]) {
        await world.home.run(words)
        const times = usedAt(world)
        const last = words.find((word) => word.length === 1) ?? ''
        expect(Object.values(times).sort().at(-1)).toBe(times[last])
      }
    }),
  )

  test(
    'the base of a role is not used by itself',
    inFourKinds(async (world) => {
      await world.home.run(['login', '--profile', 'auditor'])
      expect(Object.keys(usedAt(world))).toEqual(['auditor'])
    }),
  )
})
