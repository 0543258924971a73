import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startReplay } from '../../mocks/index.ts'
import { makeHome } from '../support/sesame.ts'

const step = { method: 'POST', origin: 'https://portal.example', path: '/token', atMs: 0, tookMs: 1 }
const bundleOf = (steps: object[]) => JSON.stringify({ schema: 'sesame-bundle/1', failure: { steps } })

async function played(steps: object[]) {
  const replay = await startReplay(bundleOf(steps))
  onTestFinished(() => replay.close())
  const post = async (path: string) => {
    const answer = await fetch(`${replay.url}${path}`, { method: 'POST' })
    return { status: answer.status, body: (await answer.json()) as Record<string, never> }
  }
  return { replay, post }
}

test('each request gets what it got then, in that order, and the last answer stays', async () => {
  const { post } = await played([
    { ...step, status: 400, body: { error: 'authorization_pending' }, times: 900 },
    { ...step, path: '/*/x', status: 201, body: {} },
    { ...step, status: 403, body: { error: 'access_denied' } },
  ])
  const errors = []
  for (let i = 0; i < 4; i++) errors.push((await post('/token')).body.error)
  expect(errors).toEqual(['authorization_pending', 'authorization_pending', 'access_denied', 'access_denied'])
  expect((await post('/tenant-1/x')).status).toBe(201)
  expect((await post('/tenant-1/y')).status).toBe(404)
})

test('what was left out is made up: addresses lead here, instants are as far away, texts are no placeholders', async () => {
  const body = {
    verification_uri: '(url) https://portal.example/*/device',
    device_code: '(text)',
    expiration: '(instant 3600 s)',
    expire: '(epoch 60 s)',
    expireMs: '(epoch-ms -60 s)',
    id_token: '(jwt)',
    token_type: 'Bearer',
    list: ['(text)'],
    interval: 5,
  }
  const { replay, post } = await played([{ ...step, status: 200, body }])
  const { body: got } = await post('/token')
  expect(got).toEqual({
    verification_uri: `${replay.url}/x/device`,
    device_code: expect.stringMatching(/^replayed-\d+$/),
    expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    expire: expect.any(Number),
    expireMs: expect.any(Number),
    id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: 'Bearer',
    list: [expect.stringMatching(/^replayed-\d+$/)],
    interval: 5,
  })
  expect(Math.abs(Date.parse(got.expiration ?? '') - Date.now() - 3_600_000)).toBeLessThan(60_000)
  expect(Math.abs(Number(got.expire) * 1000 - Date.now() - 60_000)).toBeLessThan(60_000)
  expect(Math.abs(Number(got.expireMs) - Date.now() + 60_000)).toBeLessThan(60_000)
})

test('a failure of the network is one again', async () => {
  const { post } = await played([{ ...step, failure: 'ERR_NETWORK' }])
  await expect(post('/token')).rejects.toThrow('fetch failed')
})

test.each(['{"schema":"other"}', '{"schema":"sesame-bundle/1","failure":{"steps":[{}]}}'])(
  'what is no bundle is refused: %s',
  async (text) => {
    await expect(startReplay(text)).rejects.toThrow(TypeError)
  },
)

test('by hand: npm run mocks -- --replay FILE says what to configure', { timeout: 60_000 }, async () => {
  const { home, remove } = makeHome()
  onTestFinished(remove)
  const file = join(home, 'bundle.json')
  const steps = [{ ...step, path: '/device-authorization', status: 403, body: {} }]
  writeFileSync(file, bundleOf(steps))
  const child = spawn('npm', ['run', '--silent', 'mocks', '--', '--replay', file], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGTERM'))
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`it ended: ${printed}`)))
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text
      if (printed.includes('Ctrl-C ends it.')) resolve()
    })
  })
  const url = /address +(\S+)/.exec(printed)?.[1] ?? ''
  expect(printed).toContain(`sesame configure --profile replay --signin-url ${url}/start/login\n`)
  expect((await fetch(`${url}/device-authorization`, { method: 'POST' })).status).toBe(403)
})
