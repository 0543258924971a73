import { spawn } from 'node:child_process'
import { describe, expect, test, vi } from 'vitest'
import { type Crowd, crowds, type Ready } from '../bench/crowds.ts'
import { age, logIn } from '../support/sdk.ts'
import { type Finished, runSesame } from '../support/sesame.ts'
import { countCalls, inWorld } from '../support/world.ts'

/** A guard against hanging: on a crowded machine everything takes longer, and nothing fails. */
const patience = 300_000

async function renewTogether(count: number, { words, home, env, expire, exchanges, links }: Ready) {
  await expire()
  const before = exchanges()
  const all = await Promise.all(Array.from({ length: count }, () => runSesame(words, { home, env })))
  for (const { code, stdout, stderr } of all) {
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(all[0]?.stdout)
    expect(stderr).not.toContain('kill')
  }
  expect(exchanges() - before).toBe(links)
}

/** Runs something while two other processes compute. */
async function besideOthers(run: () => Promise<void>): Promise<void> {
  const others = [1, 2].map(() => spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }))
  try {
    await run()
  } finally {
    for (const other of others) other.kill('SIGKILL')
  }
}

/** So many as the cases name; beside other work twelve show the same. */
const wanted = {
  'encrypted file, with a key': ['[case 160]', 12],
  'plain file': ['[case 160]', 50],
  'chain of three roles': ['[case 161]', 30],
  'OIDC rotation': ['[case 161]', 20],
} as const
const all = crowds({})
const chosen = Object.entries(wanted).map(([what, [numbers, count]]): [string, number, Crowd] => {
  const crowd = all.find((each) => each.what === what)
  if (crowd === undefined) throw new Error(`there is no crowd "${what}"`)
  return [`${numbers} ${what}`, count, crowd]
})

test.each(chosen)(
  '%s: %i at once, all succeed by one exchange a link; [case 162] beside other work, too',
  { timeout: patience },
  async (_what, count, crowd) => {
    await crowd.run(async (ready) => {
      await renewTogether(count, ready)
      await besideOthers(() => renewTogether(12, ready))
    })
  },
)

describe('[case 45] [case 46] a holder that is killed while twelve wait', () => {
  test(
    'at the server: one goes on, and all have its result',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { portal, home } = world
      await logIn(world)
      age(world, -1)
      portal.fault('POST /cloud-credentials', { kind: 'hang' })
      const holder = home.start(['credentials', '--profile', 'dev'])
      await vi.waitFor(() => expect(countCalls(world, 'POST /cloud-credentials')).toBe(2), 60_000)
      const waiting = Array.from({ length: 12 }, () => home.start(['credentials', '--profile', 'dev']))
      await Promise.all(waiting.slice(0, 5).map((each) => each.stderrMatches(/Waiting for another sesame/)))
      holder.child.kill('SIGKILL')
      const all: Finished[] = await Promise.all(waiting.map(({ finished }) => finished))
      for (const { code, stdout, stderr } of all) {
        expect(code, stderr).toBe(0)
        expect(stdout).toBe(all[0]?.stdout)
      }
      expect(countCalls(world, 'POST /cloud-credentials')).toBe(3)
      expect(home.locks()).toEqual([])
    }),
  )

  test(
    'at any moment: the others never notice',
    { timeout: patience },
    inWorld({ latencyMs: 100 }, async (world) => {
      const { home } = world
      await logIn(world)
      for (const afterMs of [30, 60, 90, 120, 160, 200, 260]) {
        age(world, -1)
        const victim = home.start(['credentials', '--profile', 'dev'])
        setTimeout(() => victim.child.kill('SIGKILL'), afterMs)
        const others = Array.from({ length: 3 }, () => home.run(['credentials', '--profile', 'dev']))
        for (const { code, stderr } of await Promise.all(others)) expect(code, stderr).toBe(0)
        await victim.finished
        expect(home.locks()).toEqual([])
      }
    }),
  )
})

test(
  'a holder that fails: the ten that wait report its failure in their own words, and the portal is asked once',
  { timeout: patience },
  inWorld({}, async (world) => {
    const { portal, home } = world
    await logIn(world)
    age(world, -1)
    const refusal = {
      kind: 'json',
      status: 403,
      body: { ErrorCode: 'NoPermission', ErrorMessage: 'not assigned', RequestId: '7F6D0C1E-0403' },
    } as const
    // Held for a while by a first that hangs, then refused for good.
    portal.fault('POST /cloud-credentials', { kind: 'hang' })
    const first = home.start(['credentials', '--profile', 'dev'])
    await vi.waitFor(() => expect(countCalls(world, 'POST /cloud-credentials')).toBe(2), 60_000)
    portal.fault('POST /cloud-credentials', refusal, { times: Number.POSITIVE_INFINITY })
    const waiting = Array.from({ length: 10 }, () => home.start(['credentials', '--profile', 'dev']))
    await Promise.all(waiting.map((each) => each.stderrMatches(/Waiting for another sesame/)))
    first.child.kill('SIGKILL')
    for (const { finished } of waiting) {
      const { code, stdout, stderr } = await finished
      expect(code, stderr).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toContain('7F6D0C1E-0403')
    }
    expect(countCalls(world, 'POST /cloud-credentials')).toBe(3)
    // One that comes later asks for itself, and a person's login as well.
    portal.clearFaults()
    expect(await home.run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 0 })
  }),
)
