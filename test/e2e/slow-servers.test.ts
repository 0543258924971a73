import { describe, expect, test, vi } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { ageTokens, configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'
import { age, logIn } from '../support/sdk.ts'
import type { Running } from '../support/sesame.ts'
import { countCalls, inWorld } from '../support/world.ts'

const patience = 120_000
const corp = ['credentials', '--profile', 'corp']
const rotations = ({ oidc }: OidcWorld) => oidc.log.filter(({ kind }) => kind === 'refresh-rotated').length
const accessKeyId = (text: string) => JSON.parse(text).access_key_id

/** A world in which `corp` is signed in, and tokens and credentials have expired. */
async function expired(world: OidcWorld): Promise<void> {
  await configureCorp(world)
  await must(world.home.prepare(['login', '--profile', 'corp', '--no-browser']))
  ageTokens(world, 'credentials', -1000)
  ageTokens(world, 'token', -1000)
}

/** Starts a renewal whose rotation the provider answers so much later, and waits until it is on the wire. */
async function startRotation(world: OidcWorld, afterMs: number): Promise<Running> {
  world.oidc.fault('POST /token', { kind: 'late-answer', afterMs })
  const before = rotations(world)
  const running = world.home.start(corp)
  await vi.waitFor(() => expect(rotations(world)).toBe(before + 1), 60_000)
  return running
}

describe.concurrent('[case 203] a refresh that takes long', () => {
  test.each([4_500, 7_000])(
    '%i ms: ten programs wait for it, and all have its result',
    { timeout: patience },
    (ms) =>
      inOidcWorld({}, async (world) => {
        await expired(world)
        const holder = await startRotation(world, ms)
        const others = await Promise.all(Array.from({ length: 9 }, () => world.home.run(corp)))
        const first = await holder.finished
        for (const { code, stdout, stderr } of [first, ...others]) {
          expect(code, stderr).toBe(0)
          expect(stdout).toBe(first.stdout)
          expect(stderr).not.toContain('kill')
        }
        expect(rotations(world)).toBe(1)
        expect(world.home.locks()).toEqual([])
      })(),
  )
})

describe.concurrent('[case 204] a refresh that takes longer than a program waits', () => {
  test(
    'the one whose rotation it is waits and goes on with it; the others answer in time, and no message says to kill it',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await expired(world)
      const holder = await startRotation(world, 20_000)
      const others = await Promise.all(Array.from({ length: 3 }, () => world.home.run(corp)))
      // They ended before the answer was there.
      expect(holder.child.exitCode).toBe(null)
      for (const { code, stdout, stderr } of others) {
        expect(code, stderr).toBe(6)
        expect(stdout).toBe('')
        expect(stderr).not.toContain('kill')
      }
      const { code, stdout, stderr } = await holder.finished
      expect(code, stderr).toBe(0)
      expect(await must(world.home.run(corp))).toBe(stdout)
      expect(rotations(world)).toBe(1)
    }),
  )

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)(
    '%s meanwhile: the new refresh token is kept, and serves',
    { timeout: patience },
    (signal, exitCode) =>
      inOidcWorld({}, async (world) => {
        await expired(world)
        const holder = await startRotation(world, 6_000)
        holder.child.kill(signal)
        const { code, stdout, stderr } = await holder.finished
        expect(code, stderr).toBe(exitCode)
        expect(stdout).toBe('')
        expect(stderr).toContain('interrupt again to end at once')
        expect(world.home.locks()).toEqual([])
        ageTokens(world, 'token', -1000)
        await must(world.home.run(corp))
        expect(world.oidc.log.filter(({ kind }) => kind === 'refused')).toEqual([])
        expect(rotations(world)).toBe(2)
      })(),
  )

  test(
    'a closed pipe meanwhile: the same',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await expired(world)
      const holder = await startRotation(world, 3_000)
      holder.child.stdout?.destroy()
      holder.child.stderr?.destroy()
      await holder.finished
      ageTokens(world, 'token', -1000)
      await must(world.home.run(corp))
      expect(world.oidc.log.filter(({ kind }) => kind === 'refused')).toEqual([])
    }),
  )

  test(
    'token get, login and serve are that process as well',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await expired(world)
      for (const words of [
        ['token', 'get'],
        ['login', '--no-browser'],
      ]) {
        ageTokens(world, 'credentials', -1000)
        ageTokens(world, 'token', -1000)
        oidc.fault('POST /token', { kind: 'late-answer', afterMs: 2_000 })
        const before = rotations(world)
        const running = home.start([...words, '--profile', 'corp'])
        await vi.waitFor(() => expect(rotations(world)).toBe(before + 1), 60_000)
        running.child.kill('SIGTERM')
        expect((await running.finished).code).toBe(143)
      }
      ageTokens(world, 'credentials', 900_000)
      const serving = home.start(['serve', '--profile', 'corp'])
      const url = await firstLine(serving)
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      oidc.fault('POST /token', { kind: 'late-answer', afterMs: 2_000 })
      const before = rotations(world)
      const asked = fetch(url).catch(() => undefined)
      await vi.waitFor(() => expect(rotations(world)).toBe(before + 1), 60_000)
      serving.child.kill('SIGTERM')
      await asked
      expect((await serving.finished).code).toBe(143)
      ageTokens(world, 'token', -1000)
      await must(home.run(corp))
      expect(oidc.log.filter(({ kind }) => kind === 'refused')).toEqual([])
    }),
  )

  test(
    'a user who insists ends it all the same',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await expired(world)
      const holder = await startRotation(world, 25_000)
      holder.child.kill('SIGINT')
      await holder.stderrMatches(/interrupt again/)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      holder.child.kill('SIGINT')
      expect((await holder.finished).signal).toBe('SIGINT')
    }),
  )
})

describe.concurrent('[case 220] a portal that is slow', () => {
  test.each([5_200, 8_500])(
    '%i ms: credentials and exec have what it gives',
    { timeout: patience },
    (afterMs) =>
      inWorld({}, async (world) => {
        await logIn(world)
        for (const words of [
          ['credentials', '--profile', 'dev'],
          [
            'exec',
            '--profile',
            'dev',
            '--',
            process.execPath,
            '-p',
            'process.env.ALIBABA_CLOUD_ACCESS_KEY_ID',
          ],
        ]) {
          age(world, -1)
          world.portal.fault('POST /cloud-credentials', { kind: 'late-answer', afterMs })
          const { code, stdout, stderr } = await world.home.run(words)
          expect(code, stderr).toBe(0)
          expect(stdout).toContain('STS.')
        }
        expect(countCalls(world, 'POST /cloud-credentials')).toBe(3)
      })(),
  )

  test(
    'serve answers in time, lets the renewal go on, and keeps what it gives',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      // Fresh for a program, and due for a server.
      age(world, 900_000)
      const running = world.home.start(['serve', '--profile', 'dev', '--json'])
      const { url } = JSON.parse(await firstLine(running))
      world.portal.fault('POST /cloud-credentials', { kind: 'late-answer', afterMs: 7_000 })
      const before = countCalls(world, 'POST /cloud-credentials')
      const first = await fetch(url)
      expect(first.status).toBe(200)
      const old = (await first.json()) as { AccessKeyId: string }
      await vi.waitFor(
        async () => {
          const next = (await (await fetch(url)).json()) as { AccessKeyId: string }
          expect(next.AccessKeyId).not.toBe(old.AccessKeyId)
        },
        { timeout: 30_000, interval: 200 },
      )
      expect(countCalls(world, 'POST /cloud-credentials')).toBe(before + 1)
      running.child.kill('SIGTERM')
      await running.finished
    }),
  )
})

test(
  '[case 163] serve with credentials in the second half of their life and a portal that hangs: the first GET has them',
  { timeout: patience },
  inWorld({}, async (world) => {
    const id = accessKeyId(await logIn(world))
    age(world, 600_000)
    world.portal.fault('POST /cloud-credentials', { kind: 'hang' }, { times: Number.POSITIVE_INFINITY })
    for (const words of [['serve'], ['exec', '--server', '--', process.execPath, '-e', serverProbe]]) {
      const running = world.home.start([words[0] ?? '', '--profile', 'dev', ...words.slice(1)])
      const line = await firstLine(running)
      if (words[0] === 'serve') {
        const answer = await fetch(line)
        expect(answer.status).toBe(200)
        expect(await answer.json()).toMatchObject({ AccessKeyId: id })
        running.child.kill('SIGTERM')
      } else expect(JSON.parse(line)).toEqual({ status: 200, id })
      await running.finished
    }
  }),
)

/** A child of `exec --server` that asks once, prints what it got, and ends. */
const serverProbe = `fetch(process.env.ALIBABA_CLOUD_CREDENTIALS_URI).then(async (answer) => {
  console.log(JSON.stringify({ status: answer.status, id: (await answer.json()).AccessKeyId }))
})`
