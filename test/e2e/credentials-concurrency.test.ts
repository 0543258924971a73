import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { age, logIn } from '../support/sdk.ts'
import type { Finished, Running } from '../support/sesame.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

const patience = 120_000
/** A guard against hanging. The contract is 10 s for a machine that has nothing else to do; the fake clock holds it to that. */
const inTimeMs = 60_000

const renew = ['credentials', '--profile', 'dev']
const exchanges = (world: World) => countCalls(world, 'POST /cloud-credentials')

/** A world in which `dev` is signed in and its credentials have expired. */
async function expired(world: World): Promise<void> {
  await logIn(world)
  age(world, -1)
}

/** Starts a renewal and waits until it is at the portal, holding the lock. */
async function startHolder(world: World): Promise<Running> {
  world.portal.fault('POST /cloud-credentials', { kind: 'hang' })
  const before = exchanges(world)
  const holder = world.home.start(renew)
  await vi.waitFor(() => expect(exchanges(world)).toBe(before + 1), inTimeMs)
  return holder
}

async function timed(run: Promise<Finished>): Promise<Finished & { ms: number }> {
  const startedMs = performance.now()
  const finished = await run
  return { ...finished, ms: performance.now() - startedMs }
}

const accessKeyId = ({ stdout }: Finished) => JSON.parse(stdout).access_key_id

describe('[case 43] renewals at once', () => {
  test(
    '12 processes with expired credentials and a good bearer token: one exchange, all succeed',
    { timeout: patience },
    inWorld({}, async (world) => {
      await expired(world)
      const all = await Promise.all(Array.from({ length: 12 }, () => world.home.run(renew)))
      for (const { code, stderr } of all) expect(code, stderr).toBe(0)
      expect(new Set(all.map(accessKeyId)).size).toBe(1)
      expect(exchanges(world)).toBe(2)
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
      expect(world.portal.violations).toEqual([])
      expect(world.home.locks()).toEqual([])
    }),
  )
})

describe('[case 45] [case 46] a holder that is killed', () => {
  test(
    'by SIGKILL in the middle of its exchange: who waits for it takes over',
    { timeout: patience },
    inWorld({}, async (world) => {
      await expired(world)
      const holder = await startHolder(world)
      const next = world.home.start(renew)
      await next.stderrMatches(new RegExp(`Waiting for another sesame \\(process ${holder.child.pid}\\)`))
      holder.child.kill('SIGKILL')
      const { code, ms, stderr } = await timed(next.finished)
      expect(code, stderr).toBe(0)
      expect(ms).toBeLessThan(inTimeMs)
      expect(world.home.locks()).toEqual([])
    }),
  )

  test(
    'at any moment of a renewal: the next one succeeds and finds whole entries',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      for (const afterMs of [40, 70, 100, 130, 160, 200, 250]) {
        age(world, -1)
        const victim = world.home.start(renew)
        setTimeout(() => victim.child.kill('SIGKILL'), afterMs)
        await victim.finished
        const { code, ms, stderr } = await timed(world.home.run(renew))
        expect(code, stderr).toBe(0)
        expect(ms).toBeLessThan(inTimeMs)
        expect(stderr).not.toMatch(/[Mm]alformed|cannot be read/)
      }
      // Who was killed after it had written leaves its lock to the next renewal: a run that finds fresh credentials takes none.
      age(world, -1)
      expect((await world.home.run(renew)).code).toBe(0)
      expect(world.home.locks()).toEqual([])
    }),
  )
})

// Mostly waiting: side by side.
describe.concurrent('[case 46] a holder that is stopped', () => {
  test(
    'by SIGSTOP: the others say what they wait for, and give up in time; afterwards all is well',
    { timeout: patience },
    inWorld({}, async (world) => {
      await expired(world)
      const holder = await startHolder(world)
      holder.child.kill('SIGSTOP')
      try {
        const all = await Promise.all([1, 2, 3].map(() => timed(world.home.run(renew))))
        for (const { code, ms, stdout, stderr } of all) {
          expect(code, stderr).toBe(1)
          expect(ms).toBeLessThan(inTimeMs)
          expect(stdout).toBe('')
          expect(stderr).toContain(`Waiting for another sesame (process ${holder.child.pid})`)
          expect(stderr).toContain(`kill -9 ${holder.child.pid}`)
        }
      } finally {
        holder.child.kill('SIGKILL')
        await holder.finished
      }
      expect(await world.home.run(renew)).toMatchObject({ code: 0 })
      expect(world.home.locks()).toEqual([])
    }),
  )

  test(
    'credentials that are still valid are handed out meanwhile, with a warning',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { access_key_id: id } = JSON.parse(await logIn(world))
      age(world, 120_000)
      const holder = await startHolder(world)
      holder.child.kill('SIGSTOP')
      try {
        const finished = await timed(world.home.run(renew))
        expect(finished.code, finished.stderr).toBe(0)
        expect(finished.ms).toBeLessThan(inTimeMs)
        expect(finished.stderr).toMatch(/^Renewal failed, using cached credentials: /m)
        expect(accessKeyId(finished)).toBe(id)
      } finally {
        holder.child.kill('SIGKILL')
        await holder.finished
      }
    }),
  )

  test(
    'with a sign-in under way and nothing to renew with, it is the sign-in that is needed',
    { timeout: patience },
    inWorld({ approve: 'manual' }, async (world) => {
      const login = world.home.start(['login', '--profile', 'dev'])
      try {
        await login.stderrMatches(/user_code=/)
        await world.home.prepare(['configure', '--profile', 'dev', '--signin-url', world.portal.signInUrl])
        const { code, ms, stderr } = await timed(world.home.run(renew))
        expect(code, stderr).toBe(3)
        expect(ms).toBeLessThan(inTimeMs)
      } finally {
        login.child.kill()
        await login.finished
      }
    }),
  )
})

describe('[case 47] logout beside a renewal', () => {
  test(
    'waits for it, and then nothing is left',
    { timeout: patience },
    inWorld({ latencyMs: 300 }, async (world) => {
      await expired(world)
      const before = exchanges(world)
      const renewal = world.home.start(renew)
      await vi.waitFor(() => expect(exchanges(world)).toBe(before + 1), inTimeMs)
      const logout = await world.home.run(['logout', '--profile', 'dev'])
      expect(logout.code, logout.stderr).toBe(0)
      expect(await renewal.finished).toMatchObject({ code: 0 })
      expect(world.home.items()).toEqual([])
      expect(await world.home.run(renew)).toMatchObject({ code: 3, stdout: '' })
    }),
  )
})

// Mostly waiting: side by side.
describe.concurrent('a portal that does not answer', () => {
  const faults = [
    ['hangs', { kind: 'hang' }],
    ['sends a byte each second', { kind: 'slow-body' }],
    ['drops the connection', { kind: 'reset' }],
    ['fails', { kind: 'status', status: 503, body: 'busy' }],
  ] as const

  test.each(faults)('that %s: exit 6, one line or two', (_what, fault) =>
    inWorld({}, async (world) => {
      await expired(world)
      world.portal.fault('POST /cloud-credentials', fault, { times: Number.POSITIVE_INFINITY })
      const { code, ms, stdout, stderr } = await timed(world.home.run(renew))
      expect(code, stderr).toBe(6)
      expect(ms).toBeLessThan(inTimeMs)
      expect(stdout).toBe('')
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
      expect(world.home.locks()).toEqual([])
    })(),
  )

  test.each(faults)('that %s: what is still valid is handed out with a warning', (_what, fault) =>
    inWorld({}, async (world) => {
      const { access_key_id: id } = JSON.parse(await logIn(world))
      age(world, 120_000)
      world.portal.fault('POST /cloud-credentials', fault, { times: Number.POSITIVE_INFINITY })
      const finished = await timed(world.home.run(renew))
      expect(finished.code, finished.stderr).toBe(0)
      expect(finished.ms).toBeLessThan(inTimeMs)
      expect(accessKeyId(finished)).toBe(id)
      expect(finished.stderr).toMatch(/^Renewal failed, using cached credentials: /)
      // Not when more is insisted on than is there.
      const insisting = await world.home.run([...renew, '--min-ttl', '5m'])
      expect(insisting).toMatchObject({ code: 6, stdout: '' })
    })(),
  )

  test(
    'with no server at its address: exit 6 at once',
    inWorld({}, async (world) => {
      await expired(world)
      await world.portal.close()
      const { code, ms } = await timed(world.home.run(renew))
      expect(code).toBe(6)
      expect(ms).toBeLessThan(inTimeMs)
    }),
  )
})

describe('--min-ttl', () => {
  test(
    'renews exactly when less is left, up to the whole life that a renewal gives',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      age(world, 1_800_000)
      const before = exchanges(world)
      expect(await world.home.run([...renew, '--min-ttl', '29m'])).toMatchObject({ code: 0, stderr: '' })
      expect(exchanges(world)).toBe(before)
      expect(await world.home.run([...renew, '--min-ttl', '31m'])).toMatchObject({ code: 0, stderr: '' })
      expect(exchanges(world)).toBe(before + 1)
      expect(await world.home.run([...renew, '--min-ttl', '1h'])).toMatchObject({ code: 0, stderr: '' })
    }),
  )

  test(
    'longer than any renewal can give: exit 2, naming the longest',
    inWorld({ sessionSeconds: 1800 }, async (world) => {
      await logIn(world)
      const { code, stdout, stderr } = await world.home.run([...renew, '--min-ttl', '1h'])
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/30m|1800 s/)
    }),
  )

  test(
    'only a sign-in would help: exit 3 in one line that names the command',
    inWorld({}, async (world) => {
      await logIn(world)
      world.portal.revokeTokens()
      const { code, stdout, stderr } = await world.home.run([...renew, '--min-ttl', '2h'])
      expect({ code, stdout, stderr }).toEqual({
        code: 3,
        stdout: '',
        stderr: 'sesame: Sign in first: sesame login --profile dev\n',
      })
    }),
  )
})

test(
  'no secret is in any file but the store, whatever was interrupted',
  { timeout: patience },
  inWorld({}, async (world) => {
    await expired(world)
    const holder = await startHolder(world)
    holder.child.kill('SIGKILL')
    await holder.finished
    const files = readdirSync(world.home.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('plaintext-secrets'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    for (const { value } of world.portal.issued)
      expect(files.filter((text) => text.includes(value))).toEqual([])
  }),
)
