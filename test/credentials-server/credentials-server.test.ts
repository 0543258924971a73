import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type ProvidedCredentials, startCredentialsServer } from '../../src/credentials-server/index.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { SesameError } from '../../src/kit/errors.ts'
import { Secret } from '../../src/kit/secret.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { bodyOf, requestText, sendRaw, statusOf } from './support/raw-request.ts'
import {
  freshCredentials,
  hourMs,
  patientClock,
  servedBody,
  servedSecrets,
  startTestServer,
  type TestServer,
} from './support/test-server.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(options?: Parameters<typeof startTestServer>[0]): Promise<TestServer> {
  const server = await startTestServer(options)
  running.push(server)
  return server
}

const minutes = (count: number) => count * 60_000
const never = () => new Promise<ProvidedCredentials>(() => undefined)

describe('the answer', () => {
  test('[case 62] is the five members that clients read, as strings, with an expiry of whole seconds', async () => {
    const server = await start({ clock: patientClock(new Date('2026-11-21T07:00:00.678Z')) })
    const answer = await sendRaw(server.port, requestText(server.path, [`Host: 127.0.0.1:${server.port}`]))
    expect(statusOf(answer)).toBe(200)
    expect(bodyOf(answer)).toBe(
      '{"Code":"Success","AccessKeyId":"STS.ServedSampleId1","AccessKeySecret":"servedSampleSecret1",' +
        '"SecurityToken":"servedSampleToken1","Expiration":"2026-11-21T08:00:00Z"}',
    )
  })

  test('[case 66] says no-store and nothing of the server; the log has no path', async () => {
    const server = await start()
    const headers = `Host: 127.0.0.1:${server.port}`
    const answers = await Promise.all([
      sendRaw(server.port, requestText(server.path, [headers])),
      sendRaw(server.port, requestText('/unknown', [headers])),
      sendRaw(server.port, requestText(server.path, [headers], { method: 'POST' })),
    ])
    expect(answers.map(statusOf)).toEqual([200, 404, 405])
    for (const answer of answers) {
      expect(answer).toMatch(/\r\ncache-control: no-store\r\n/i)
      expect(answer).toMatch(/\r\ncontent-type: application\/json\r\n/i)
      expect(answer).not.toMatch(/\r\n(?:server|x-powered-by|access-control-[a-z-]+|location|set-cookie):/i)
    }
    expect(server.logged).toContain('serve: 404')
    expect(server.logged.join('\n')).not.toContain(server.path.slice(1, 12))
    expect(server.logged.join('\n')).not.toContain('unknown')
  })

  test('[case 60] the path has 256 bits and is new at each start', async () => {
    const [one, two] = await Promise.all([start(), start()])
    expect(one.path).toMatch(/^\/[A-Za-z0-9_-]{43}$/)
    expect(two.path).not.toBe(one.path)
    // The path of one server means nothing to another.
    const answer = await sendRaw(two.port, requestText(one.path, [`Host: 127.0.0.1:${two.port}`]))
    expect(statusOf(answer)).toBe(404)
  })

  test('several requests on one connection are answered one after the other', async () => {
    const server = await start()
    const line = requestText(server.path, [`Host: localhost:${server.port}`])
    const last = requestText(server.path, [`Host: localhost:${server.port}`, 'Connection: close'])
    const socket = connect(server.port, '127.0.0.1').setEncoding('latin1')
    socket.end(line + line + last)
    let received = ''
    for await (const text of socket) received += text
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
    expect(server.calls).toBe(1)
  })
})

describe('how often credentials are asked for', () => {
  test('[case 63] 100 GETs at once make one call, and later ones none while enough is left', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const clock = patientClock()
    const server = await start({
      clock,
      provide: async (call) => {
        await gate
        return freshCredentials(clock, { number: call })
      },
    })
    const expected = servedBody(1, new Date(clock.now().getTime() + hourMs))
    const answers = Array.from({ length: 100 }, () => server.get())
    await sendRaw(server.port, requestText('/elsewhere', [`Host: 127.0.0.1:${server.port}`]))
    release()
    for (const answer of await Promise.all(answers)) expect(answer).toEqual({ status: 200, body: expected })
    clock.advance(hourMs - minutes(20))
    expect((await server.get()).body).toEqual(expected)
    expect(server.calls).toBe(1)
  })

  test.each([
    { life: 60, left: 20 },
    { life: 720, left: 20 },
    { life: 30, left: 15 },
    { life: 15, left: 7.5 },
    { life: 0.1, left: 0.05 },
  ])(
    '[case 63] of a life of $life min, they are renewed first when less than $left min are left',
    async ({ life, left }) => {
      const clock = patientClock()
      const server = await start({
        clock,
        provide: async (number) => freshCredentials(clock, { number, lifeMs: minutes(life) }),
      })
      await server.get()
      clock.advance(minutes(life - left))
      expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId1')
      clock.advance(1)
      const { body } = await server.get()
      expect(body).toEqual(servedBody(2, new Date(clock.now().getTime() + minutes(life))))
      expect(server.calls).toBe(2)
    },
  )

  test('clients that hammer cost nothing when the credentials cannot be made younger', async () => {
    const clock = patientClock()
    const old = freshCredentials(clock, { lifeMs: hourMs })
    clock.advance(minutes(50))
    const server = await start({ clock, provide: async () => old })
    for (let i = 0; i < 20; i++) expect((await server.get()).status).toBe(200)
    expect(server.calls).toBe(1)
    clock.advance(30_000)
    await server.get()
    expect(server.calls).toBe(2)
  })

  test('a refusal is repeated for three seconds, then asked for again', async () => {
    const clock = patientClock()
    const server = await start({
      clock,
      provide: async (call) =>
        call === 1 ? { kind: 'login-required', hint: 'Run: sesame login' } : freshCredentials(clock),
    })
    for (let i = 0; i < 20; i++) expect((await server.get()).status).toBe(503)
    expect(server.calls).toBe(1)
    clock.advance(3_000)
    expect((await server.get()).status).toBe(200)
  })
})

describe('when there is nothing new to hand out', () => {
  test('[case 64] a person is needed: 503 with the command to run', async () => {
    const server = await start({
      provide: async () => ({ kind: 'login-required', hint: 'Run: sesame login --profile dev' }),
    })
    expect(await server.get()).toEqual({
      status: 503,
      body: { Code: 'LoginRequired', Message: 'Run: sesame login --profile dev' },
    })
  })

  test('[case 64] credentials that are still valid are served until their last second, expired ones never', async () => {
    const clock = patientClock()
    const server = await start({
      clock,
      provide: async (call) =>
        call === 1 ? freshCredentials(clock) : { kind: 'login-required', hint: 'Run: sesame login' },
    })
    await server.get()
    clock.advance(hourMs - 1)
    expect(await server.get()).toEqual({
      status: 200,
      body: servedBody(1, new Date(clock.now().getTime() + 1)),
    })
    clock.advance(1)
    const { status, body } = await server.get()
    expect(status).toBe(503)
    expect(JSON.stringify(body)).not.toMatch(servedSecrets)
  })

  test('[case 64] credentials that come expired are not served', async () => {
    const clock = patientClock()
    const server = await start({ clock, provide: async () => freshCredentials(clock, { lifeMs: 0 }) })
    const { status, body } = await server.get()
    expect(status).toBe(503)
    expect(JSON.stringify(body)).not.toMatch(servedSecrets)
  })

  test.each([
    [
      'an error of ours',
      new SesameError('ERR_NETWORK', 'The portal cannot be reached.'),
      'The portal cannot',
    ],
    ['any error', new Error('leaks servedSampleSecret9'), 'The credentials could not be obtained.'],
  ])('%s becomes 503 without a secret, and the next renewal may succeed', async (_name, error, message) => {
    const clock = patientClock()
    const server = await start({
      clock,
      provide: async (call) => {
        if (call === 1) throw error
        return freshCredentials(clock)
      },
    })
    const { status, body } = await server.get()
    expect(status).toBe(503)
    expect(body).toEqual({ Code: 'ServiceUnavailable', Message: expect.stringContaining(message) })
    expect(JSON.stringify(body)).not.toMatch(servedSecrets)
    clock.advance(3_000)
    expect((await server.get()).status).toBe(200)
  })

  test('credentials that no reader could take are refused whole [case 62]', async () => {
    const clock = patientClock()
    const provided = freshCredentials(clock)
    const server = await start({
      clock,
      provide: async () =>
        provided.kind === 'credentials'
          ? { ...provided, credentials: { ...provided.credentials, securityToken: new Secret('') } }
          : provided,
    })
    const { status, body } = await server.get()
    expect(status).toBe(503)
    expect(JSON.stringify(body)).not.toMatch(servedSecrets)
  })

  test('a renewal that is late: what is still valid is served, by a clock that jumps to the deadline', async () => {
    const clock = fakeClock()
    const server = await start({
      clock,
      provide: async (call) => (call === 1 ? freshCredentials(clock) : never()),
    })
    expect((await server.get()).status).toBe(200)
    clock.advance(minutes(50))
    expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId1')
    expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId1')
    // Those who come while it still hangs neither start another one nor wait again.
    expect(server.calls).toBe(2)
    expect(clock.sleeps.filter((ms) => ms === 4_000)).toHaveLength(2)
  })

  test('a renewal that arrives after the deadline is used by the next request', async () => {
    const clock = patientClock()
    let arrive = (_provided: ProvidedCredentials) => {}
    const server = await start({
      clock: { ...clock, sleep: async () => undefined },
      provide: () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
    })
    expect((await server.get()).status).toBe(503)
    arrive(freshCredentials(clock))
    expect((await server.get()).status).toBe(200)
    expect(server.calls).toBe(1)
  })

  test('[case 163] what there was at the start is served while the first renewal hangs', async () => {
    const clock = fakeClock()
    const initial = freshCredentials(clock)
    clock.advance(minutes(50))
    const server = await start({ clock, initial, provide: never })
    expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId1')
    expect(server.calls).toBe(1)
  })

  test('[case 163] what is still valid in the store is served while a renewal hangs, though the server had nothing', async () => {
    const clock = fakeClock()
    const valid = freshCredentials(clock, { number: 7 })
    const server = await start({
      clock,
      provide: (_call, meanwhile) => {
        meanwhile?.(valid)
        return never()
      },
    })
    expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId7')
  })

  test('[case 163] what expires sooner, or has expired, does not replace what is valid longer', async () => {
    const clock = fakeClock()
    const initial = freshCredentials(clock, { lifeMs: minutes(15), number: 1 })
    clock.advance(minutes(10))
    const server = await start({
      clock,
      initial,
      provide: (_call, meanwhile) => {
        meanwhile?.(freshCredentials(clock, { lifeMs: minutes(1), number: 2 }))
        meanwhile?.(freshCredentials(clock, { lifeMs: 0, number: 3 }))
        return never()
      },
    })
    expect((await server.get()).body.AccessKeyId).toBe('STS.ServedSampleId1')
  })

  test('[case 220] without valid credentials each request waits for the renewal anew, and none starts another', async () => {
    const clock = patientClock()
    let arrive = (_provided: ProvidedCredentials) => {}
    let expire = () => {}
    const server = await start({
      clock: {
        ...clock,
        sleep: () =>
          new Promise<void>((resolve) => {
            expire = resolve
          }),
      },
      provide: () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
    })
    const first = server.get()
    await expect.poll(() => server.calls).toBe(1)
    expire()
    expect((await first).status).toBe(503)
    expire = () => {}
    const before = expire
    const second = server.get()
    await expect.poll(() => expire !== before).toBe(true)
    arrive(freshCredentials(clock))
    expect((await second).status).toBe(200)
    expect(server.calls).toBe(1)
  })

  test('a provider that never answers: 503 all the same, by a real clock', async () => {
    const server = await startCredentialsServer({ provide: never, clock: systemClock, log: () => {} })
    running.push(server)
    const response = await fetch(server.url)
    expect(response.status).toBe(503)
  })
})

describe('start and end', () => {
  test('[case 66] close ends at once, with idle connections and waiting requests, and frees the port', async () => {
    const server = await startTestServer({ provide: never })
    const idle = connect(server.port, '127.0.0.1')
    await new Promise((resolve) => idle.once('connect', resolve))
    const waiting = sendRaw(server.port, requestText(server.path, [`Host: 127.0.0.1:${server.port}`]))
    await expect.poll(() => server.calls).toBe(1)
    const closed = new Promise((resolve) => idle.once('close', resolve))
    await server.close()
    expect(await waiting).toBe('')
    await closed
    await server.close()
    // [case 65] no server answers there any more, until another process takes the port on purpose.
    await expect(sendRaw(server.port, 'x')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const next = await start({ port: server.port })
    expect(next.port).toBe(server.port)
    expect((await next.get()).status).toBe(200)
  })

  test('a port that is taken is an error that names it', async () => {
    const server = await start()
    await expect(startTestServer({ port: server.port })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: `Port ${server.port} cannot be used (EADDRINUSE).`,
    })
  })
})
