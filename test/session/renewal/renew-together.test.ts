import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { outcomePath, readOutcome } from '../../../src/session/renewal/outcome.ts'
import { type Answer, answering, type CrowdWorld, crowdWorld, refusing } from './crowd.ts'

let world: CrowdWorld
beforeEach(() => {
  world = crowdWorld()
})
afterEach(() => world.remove())

/** Starts so many processes one after the other, and lets the time pass until all have ended. */
function crowd(count: number, options?: Parameters<CrowdWorld['start']>[0]) {
  return world.clock.until(Promise.allSettled(Array.from({ length: count }, () => world.start(options))))
}

const reasons = (all: PromiseSettledResult<unknown>[]) =>
  all.map((each) => (each.status === 'rejected' ? each.reason : 'succeeded'))

describe('one result', () => {
  test.each([0, 300, 4_500, 9_000])(
    '[case 203] [case 220] a server that takes %i ms: one exchange, the lock taken once, all succeed',
    async (ms) => {
      world.answers = [answering(world.clock, ms)]
      const all = await crowd(30)
      expect(new Set(all.map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify({ status: 'fulfilled', value: { number: 1, fresh: true } })]),
      )
      expect(world.exchanges).toBe(1)
      expect(world.taken).toBe(1)
      expect(world.files('locks')).toEqual([])
    },
  )

  test('[case 160] the store is opened twice by those who wait, however long they do', async () => {
    world.answers = [answering(world.clock, 8_000)]
    await crowd(50)
    // Three times by the one who works: at first, under the lock, and never again.
    expect(world.store.reads).toBeLessThanOrEqual(2 * 50)
  })

  test('nothing is looked at but the store while what it holds is good', async () => {
    world.store.kept = { number: 7, fresh: true }
    await crowd(3)
    expect(world.exchanges).toBe(0)
    expect(readdirSync(world.directory)).toEqual([])
  })

  test('an outcome that is not good enough for all: the next one works in its turn', async () => {
    world.answers = [answering(world.clock, 100)]
    await world.clock.until(world.start())
    world.store.kept = { number: 1, fresh: false }
    expect((await world.clock.until(world.start())).number).toBe(2)
  })
})

describe('one failure', () => {
  test('is reported by all who waited, with all its particulars, and the server is asked once', async () => {
    world.answers = [refusing(world.clock, 2_000)]
    const all = reasons(await crowd(30))
    expect(world.exchanges).toBe(1)
    for (const reason of all) {
      expect(reason).toMatchObject({
        code: 'ERR_SERVER',
        hint: 'Try again in a while.',
        serverCode: 'InternalError',
        requestId: '4C467B38-3910',
        status: 503,
      })
    }
    expect(world.files('locks')).toEqual([])
  })

  test('is none of the business of one that started when the attempt had ended', async () => {
    world.answers = [refusing(world.clock, 2_000), answering(world.clock, 100)]
    await crowd(3)
    await world.clock.until(world.clock.sleep(1))
    expect(await world.clock.until(world.start())).toEqual({ number: 2, fresh: true })
  })

  test('of a program is not taken over by a person, nor a person’s by a program', async () => {
    world.answers = [refusing(world.clock, 2_000), answering(world.clock, 100)]
    const program = world.start()
    await world.clock.until(world.clock.sleep(100))
    const person = world.start({ by: 'person', unhurried: true })
    const [first, second] = await world.clock.until(Promise.allSettled([program, person]))
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])

    world.store.kept = undefined
    world.answers = [
      answering(world.clock, 0),
      answering(world.clock, 0),
      refusing(world.clock, 2_000),
      answering(world.clock, 0),
    ]
    const login = world.start({ by: 'person', unhurried: true })
    await world.clock.until(world.clock.sleep(100))
    const ended = await world.clock.until(Promise.allSettled([login, world.start()]))
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  test('at another item or store is another one’s own', async () => {
    world.answers = [refusing(world.clock, 2_000), answering(world.clock, 100)]
    const one = world.start()
    await world.clock.until(world.clock.sleep(100))
    const ended = await world.clock.until(Promise.allSettled([one, world.start({ of: 'another' })]))
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  test.each(['ERR_STORE_PASSPHRASE', 'ERR_USAGE', 'ERR_INTERRUPTED'] as const)(
    '%s is of one process: the next one tries for itself',
    async (code) => {
      world.answers = [refusing(world.clock, 1_000, code), answering(world.clock, 100)]
      const all = await crowd(5)
      expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1)
      expect(world.exchanges).toBe(2)
    },
  )

  test('of one whose own time was nearly over says nothing to those who have more', async () => {
    world.answers = [answering(world.clock, 3_000)]
    const late = world.start({ spentMs: 8_000 })
    await world.clock.until(world.clock.sleep(100))
    const all = await world.clock.until(Promise.allSettled([late, ...[1, 2, 3].map(() => world.start())]))
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(world.exchanges).toBe(2)
  })
})

describe('the end of patience', () => {
  const never: Answer = (signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  test('[case 203] [case 220] a server that never answers: all report it within ten seconds, and no message says to kill a process', async () => {
    world.answers = [never]
    const startedMs = world.clock.monotonicMs()
    const all = reasons(await crowd(10))
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(10_000)
    for (const reason of all) {
      expect(reason).toMatchObject({ code: 'ERR_TIMEOUT' })
      expect(`${reason.message} ${reason.hint}`).not.toContain('kill')
    }
    expect(world.exchanges).toBe(1)
  })

  test('[case 204] a rotation on the wire is waited for and written; the others answer in time, later ones find it', async () => {
    world.answers = [answering(world.clock, 12_000)]
    const startedMs = world.clock.monotonicMs()
    const holder = world.start({ onTheWire: true })
    await world.clock.until(world.clock.sleep(50))
    const waiters = await crowd(9)
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(10_000)
    for (const reason of reasons(waiters)) expect(reason).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(await world.clock.until(holder)).toEqual({ number: 1, fresh: true })
    expect(await world.clock.until(world.start())).toEqual({ number: 1, fresh: true })
    expect(world.held).toBe(0)
  })

  test('[case 204] an interruption does not reach a rotation on the wire, and holds afterwards', async () => {
    world.answers = [answering(world.clock, 12_000)]
    const holder = world.start({ onTheWire: true })
    await world.clock.until(world.clock.sleep(100))
    world.interruption.abort(new Error('Ctrl-C'))
    expect(world.held).toBe(1)
    await expect(world.clock.until(holder)).rejects.toThrow('Ctrl-C')
    expect(world.store.kept).toEqual({ number: 1, fresh: true })
  })

  test('[case 204] but thirty seconds are the end of it', async () => {
    world.answers = [never]
    const startedMs = world.clock.monotonicMs()
    const holder = world.start({ onTheWire: true })
    await expect(world.clock.until(holder)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(world.clock.monotonicMs() - startedMs).toBe(30_000)
    expect(world.held).toBe(0)
    expect(world.files('locks')).toEqual([])
  })

  test('[case 162] a result that is there when the limit is over is used', async () => {
    world.answers = [answering(world.clock, 5_000)]
    const holder = world.start()
    await world.clock.until(world.clock.sleep(100))
    const waiter = world.start({ spentMs: 9_400 })
    // Put there by a sesame that leaves no outcome.
    world.store.kept = { number: 9, fresh: true }
    expect((await world.clock.until(waiter)).number).toBe(9)
    await world.clock.until(holder)
  })

  test('[case 162] time without a core is no waiting', async () => {
    world.answers = [
      async (signal) => {
        world.clock.starve(20_000)
        await world.clock.sleep(1_000, signal)
      },
    ]
    expect(await world.clock.until(world.start())).toEqual({ number: 1, fresh: true })
  })

  test('a login waits as long as the other one takes', async () => {
    world.answers = [answering(world.clock, 300_000)]
    const login = world.start({ by: 'person', unhurried: true })
    await world.clock.until(world.clock.sleep(100))
    const second = world.start({ by: 'person', unhurried: true })
    expect(await world.clock.until(Promise.all([login, second]))).toEqual([
      { number: 1, fresh: true },
      { number: 1, fresh: true },
    ])
    expect(world.said).toEqual([`Waiting for another sesame (process ${process.pid}) …`])
  })

  test('an interruption ends a wait at once, and leaves no file', async () => {
    world.answers = [never]
    const all = Promise.allSettled([world.start(), world.start(), world.start()])
    await world.clock.until(world.clock.sleep(700))
    world.interruption.abort(new Error('Ctrl-C'))
    for (const reason of reasons(await world.clock.until(all))) expect(reason.message).toBe('Ctrl-C')
    expect(world.files('locks')).toEqual([])
    expect(world.files('outcomes')).toEqual([])
  })
})

describe('the record of an outcome', () => {
  const path = () => outcomePath(world.lock)

  async function failOnce(): Promise<void> {
    world.answers = [refusing(world.clock, 1_000)]
    await world.clock.until(world.clock.sleep(1))
    await crowd(1)
  }

  test('is 0600, small, without secrets, and one for each lock', async () => {
    await failOnce()
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path())).mode & 0o777).toBe(0o700)
    const text = readFileSync(path(), 'utf8')
    expect(text.length).toBeLessThan(1_500)
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('item')
    await failOnce()
    expect(world.files('outcomes')).toHaveLength(1)
  })

  test('older ones of other locks are removed', async () => {
    await failOnce()
    const old = join(dirname(path()), 'f'.repeat(32).concat('.json'))
    writeFileSync(old, '{}')
    const then = world.clock.now().getTime() / 1000 - 3_700
    utimesSync(old, then, then)
    await failOnce()
    expect(world.files('outcomes')).toHaveLength(1)
  })

  const record = {
    v: 1,
    instance: '00112233445566aa',
    host: 'here',
    by: 'program',
    of: 'aa',
    startedMs: 1,
    endedMs: 2,
    failure: { code: 'ERR_SERVER', message: 'Down.' },
  }

  test('what is well-formed is read', () => {
    mkdirSync(dirname(path()), { mode: 0o700 })
    writeFileSync(path(), JSON.stringify(record), { mode: 0o600 })
    expect(readOutcome(path())).toMatchObject({
      by: 'program',
      failure: { code: 'ERR_SERVER', message: 'Down.' },
    })
  })

  test.each([
    ['nothing', ''],
    ['a torn one', JSON.stringify(record).slice(0, 60)],
    ['another kind of JSON', '[1]'],
    ['another version', JSON.stringify({ ...record, v: 2 })],
    ['an unknown attempter', JSON.stringify({ ...record, by: 'nobody' })],
    ['instants in the wrong order', JSON.stringify({ ...record, startedMs: 3 })],
    ['no instants', JSON.stringify({ ...record, endedMs: '2' })],
    ['an unknown code', JSON.stringify({ ...record, failure: { code: 'ERR_USAGE', message: 'x' } })],
    ['a member of Object', JSON.stringify({ ...record, failure: { code: 'constructor', message: 'x' } })],
    ['no message', JSON.stringify({ ...record, failure: { code: 'ERR_SERVER' } })],
    ['a status that is none', JSON.stringify({ ...record, failure: { ...record.failure, status: 7 } })],
    ['too much', JSON.stringify({ ...record, failure: { ...record.failure, message: 'x'.repeat(9_000) } })],
  ])('%s is none', (_what, text) => {
    mkdirSync(dirname(path()), { mode: 0o700 })
    writeFileSync(path(), text, { mode: 0o600 })
    expect(readOutcome(path())).toBeUndefined()
  })

  test('what it says is made harmless for the terminal', () => {
    mkdirSync(dirname(path()), { mode: 0o700 })
    const hostile = { ...record, failure: { code: 'ERR_SERVER', message: 'a\u001b]0;x\u0007\nb' } }
    writeFileSync(path(), JSON.stringify(hostile), { mode: 0o600 })
    expect(readOutcome(path())?.failure?.message).not.toMatch(/[\u0000-\u001f]/)
  })

  test('a symbolic link is none, and is replaced, not followed', async () => {
    mkdirSync(dirname(path()), { mode: 0o700 })
    const elsewhere = join(world.directory, 'elsewhere')
    writeFileSync(elsewhere, JSON.stringify(record))
    symlinkSync(elsewhere, path())
    expect(readOutcome(path())).toBeUndefined()
    await failOnce()
    expect(readFileSync(elsewhere, 'utf8')).toBe(JSON.stringify(record))
    expect(readOutcome(path())?.failure?.code).toBe('ERR_SERVER')
  })

  test('where none can be left, each tries for itself and nothing else goes wrong', async () => {
    writeFileSync(join(world.directory, 'outcomes'), 'in the way')
    world.answers = [answering(world.clock, 100)]
    const all = await crowd(5)
    expect(reasons(all)).toEqual(Array(5).fill('succeeded'))
    expect(world.exchanges).toBe(1)
  })
})
