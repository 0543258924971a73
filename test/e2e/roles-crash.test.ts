import { describe, expect, test, vi } from 'vitest'
import {
  ageTokens,
  configureCorp,
  inOidcWorld,
  must,
  type OidcWorld,
  roleArn,
} from '../support/oidc-world.ts'

const patience = 120_000
const credentials = ['credentials', '--profile', 'corp']

async function signedIn(world: OidcWorld): Promise<void> {
  await configureCorp(world)
  await must(world.home.prepare(['login', '--profile', 'corp', '--no-browser']))
  ageTokens(world, 'credentials', -1000)
  ageTokens(world, 'token', -1000)
}

/** Starts a renewal and kills it, so long after the provider has answered; negative: it never gets the answer. */
async function killAtAnswer({ oidc, home }: OidcWorld, afterMs: number): Promise<void> {
  const running = home.start(credentials)
  let timer: NodeJS.Timeout | undefined
  const answered = new Promise<void>((resolve) => {
    oidc.transform('POST /token', (body) => {
      const kill = () => running.child.kill('SIGKILL')
      if (afterMs < 0) kill()
      else timer = setTimeout(kill, afterMs)
      resolve()
      return body
    })
  })
  await answered
  const { signal, code } = await running.finished
  clearTimeout(timer)
  expect(code === 0 || signal === 'SIGKILL', `exit ${code}`).toBe(true)
}

// Mostly waiting: side by side.
describe.concurrent('[case 45] [case 46] kill -9 in the middle of a renewal', () => {
  test.each([-1, 0, 5, 15, 30, 60])(
    '%i ms after the answer: the next run recovers or asks for a sign-in; the store is whole, the lock is taken over',
    { timeout: patience },
    (afterMs) =>
      inOidcWorld({}, async (world) => {
        const { home, oidc, sts } = world
        await signedIn(world)
        await killAtAnswer(world, afterMs)
        // Every item is the old one or a new one, readable as a whole.
        for (const { value } of home.items()) expect(value).toMatchObject({ v: expect.any(Number) })
        const { code, stdout, stderr } = await home.run(credentials)
        expect([0, 3], stderr).toContain(code)
        if (code === 0) expect(sts.identityOf(JSON.parse(stdout).access_key_id)?.via).toBe('oidc:dev')
        else expect(stderr).toContain('sesame login --profile corp')
        // A refresh token is never presented twice to find that out, but for the one whose answer was lost.
        expect(oidc.log.filter(({ kind }) => kind === 'refused').length).toBeLessThanOrEqual(1)
        await must(home.prepare(['login', '--profile', 'corp', '--no-browser']))
        // Who was killed after it had written leaves its locks to the next renewal: a run that finds fresh credentials takes none.
        ageTokens(world, 'credentials', -1000)
        ageTokens(world, 'token', -1000)
        await must(home.prepare(credentials))
        expect(home.locks()).toEqual([])
      })(),
  )

  test(
    'of those who waited behind the killed one, one goes on and the others take its result',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await signedIn(world)
      // The first never gets past the provider.
      oidc.fault('POST /token', { kind: 'hang' })
      const first = home.start(credentials)
      const asked = () => oidc.calls().filter((call) => call === 'POST /token').length
      await vi.waitFor(() => expect(asked()).toBeGreaterThan(1), 20_000)
      const waiting = Array.from({ length: 5 }, () => home.start(credentials))
      await Promise.all(waiting.map((each) => each.stderrMatches(/Waiting for another sesame/)))
      first.child.kill('SIGKILL')
      const done = await Promise.all(waiting.map(({ finished }) => finished))
      for (const { code, stderr } of done) expect(code, stderr).toBe(0)
      expect(new Set(done.map(({ stdout }) => stdout)).size).toBe(1)
      expect(oidc.log.filter(({ kind }) => kind === 'refresh-rotated')).toHaveLength(1)
      expect(home.locks()).toEqual([])
      await first.finished
    }),
  )

  test(
    'an answer that was lost on the way: the refresh token is spent, exit 3 or 6, and a sign-in fixes it',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await signedIn(world)
      oidc.fault('POST /token', { kind: 'lost-answer' })
      const { code, stdout, stderr } = await home.run(credentials)
      expect([3, 6], stderr).toContain(code)
      expect(stdout).toBe('')
      expect((await home.run(credentials)).code).toBe(3)
      await must(home.prepare(['login', '--profile', 'corp', '--no-browser']))
      await must(home.prepare(credentials))
    }),
  )
})

describe.concurrent('[case 23] servers that hang: every process answers in the end', () => {
  /** `corp`, and the roles `deployer` and `auditor` on top of it, whose credentials have all expired. */
  async function expiredChain(world: OidcWorld): Promise<void> {
    const { home, sts } = world
    await configureCorp(world)
    for (const [name, source] of [
      ['deployer', 'corp'],
      ['auditor', 'deployer'],
    ] as const) {
      const words = ['--source-profile', source, '--role-arn', roleArn(name), '--sts-endpoint', sts.url]
      await must(home.prepare(['configure', '--profile', name, ...words, '--external-id', 'audit-2026']))
    }
    await must(home.prepare(['login', '--profile', 'auditor', '--no-browser']))
    ageTokens(world, 'credentials', -1000)
  }

  const always = { times: Number.POSITIVE_INFINITY }

  test(
    'STS, at the first link and at the last: exit 6, and no word of signing in',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, sts } = world
      await expiredChain(world)
      sts.fault('POST /', { kind: 'hang' }, always)
      const first = await world.home.run(['credentials', '--profile', 'auditor'])
      expect(first, first.stderr).toMatchObject({ code: 6, stdout: '' })
      expect(first.stderr).not.toMatch(/login|\n {4}at /)
      sts.clearFaults()
      // The links that were reached are kept: only the last one is still to be asked for.
      await must(home.run(['credentials', '--profile', 'deployer']))
      sts.fault('POST /', { kind: 'hang' }, always)
      const last = await world.home.run(['exec', '--profile', 'auditor', '--', 'true'])
      expect(last, last.stderr).toMatchObject({ code: 6, stdout: '' })
      sts.clearFaults()
      await must(home.prepare(['credentials', '--profile', 'auditor']))
      expect(home.locks()).toEqual([])
    }),
  )

  test.each(['GET /.well-known/openid-configuration', 'POST /token'] as const)(
    'the OIDC provider at %s: exit 6, and the refresh token stays',
    { timeout: patience },
    (route) =>
      inOidcWorld({}, async (world) => {
        const { home, oidc } = world
        await expiredChain(world)
        ageTokens(world, 'token', -1000)
        oidc.fault(route, { kind: 'hang' }, always)
        for (const words of [
          ['credentials', '--profile', 'auditor'],
          ['token', 'get', '--profile', 'corp'],
        ]) {
          const done = await world.home.run(words)
          expect(done, done.stderr).toMatchObject({ code: 6, stdout: '' })
        }
        oidc.clearFaults()
        await must(home.prepare(['credentials', '--profile', 'auditor']))
      })(),
  )

  test(
    'another process holds a link of the chain and hangs: no process waits longer for three than for one',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await expiredChain(world)
      ageTokens(world, 'token', -1000)
      oidc.fault('POST /token', { kind: 'hang' }, always)
      const before = oidc.calls().length
      const holder = home.start(['login', '--profile', 'corp', '--no-browser'])
      await vi.waitFor(() => expect(oidc.calls().length).toBeGreaterThan(before), 20_000)
      const done = await world.home.run(['credentials', '--profile', 'auditor'])
      expect([3, 6], done.stderr).toContain(done.code)
      expect(done.stdout).toBe('')
      holder.child.kill('SIGINT')
      expect((await holder.finished).code).toBe(130)
      oidc.clearFaults()
      await must(home.prepare(['credentials', '--profile', 'auditor']))
    }),
  )
})
