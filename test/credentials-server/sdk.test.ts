import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  freshCredentials,
  hourMs,
  patientClock,
  servedSecrets,
  startTestServer,
  type TestServer,
} from './support/test-server.ts'

const root = join(import.meta.dirname, '..', '..')

/** Asks the official SDK several times, as a program does that signs several requests. */
const program = `
  const { default: Credential, Config } = require('@alicloud/credentials')
  const uri = process.argv[1]
  const credential = uri ? new Credential(new Config({ type: 'credentials_uri', credentialsURI: uri })) : new Credential()
  async function main() {
    let last
    for (let i = 0; i < 10; i++) last = await credential.getCredential()
    console.log(JSON.stringify({ id: last.accessKeyId, secret: last.accessKeySecret, token: last.securityToken }))
  }
  main().catch((error) => { console.log(String(error.stack)); process.exit(1) })
`

let home: string
let server: TestServer
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sesame-sdk-'))
})
afterEach(async () => {
  rmSync(home, { recursive: true, force: true })
  await server.close()
})

/** Asynchronous: the server runs in this process. */
function runSdk(words: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', program, ...words], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home, ...env },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => {
        text += part
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, text }))
  })
}

const switches = {
  ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
}
const served = { id: 'STS.ServedSampleId1', secret: 'servedSampleSecret1', token: 'servedSampleToken1' }

/** The SDK judges expiry by its own clock, so the credentials must be valid by the real time. */
const realClock = () => patientClock(new Date(Date.now()))

describe('[case 62] the official SDK', () => {
  test('by environment, past a profile that would win without the switches', async () => {
    mkdirSync(join(home, '.aliyun'))
    const profile = {
      name: 'x',
      mode: 'AK',
      access_key_id: 'other',
      access_key_secret: 'other',
      region_id: 'r',
    }
    writeFileSync(join(home, '.aliyun', 'config.json'), JSON.stringify({ current: 'x', profiles: [profile] }))
    server = await startTestServer({ clock: realClock() })
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: server.url }
    const [ours, theirs] = await Promise.all([runSdk([], { ...env, ...switches }), runSdk([], env)])
    expect(ours.code).toBe(0)
    expect(JSON.parse(ours.text)).toEqual(served)
    expect(JSON.parse(theirs.text).id).toBe('other')
  })

  test('by configuration; ten uses, one request', async () => {
    server = await startTestServer({ clock: realClock() })
    const { code, text } = await runSdk([server.url])
    expect(JSON.parse(text)).toEqual(served)
    expect(code).toBe(0)
    expect(server.logged.filter((line) => line === 'serve: 200')).toHaveLength(1)
  })

  test('[case 63] with less than 15 min left it asks at every use, which costs one call', async () => {
    const clock = realClock()
    const old = freshCredentials(clock, { lifeMs: hourMs })
    clock.advance(50 * 60_000)
    // Their expiry must be near by the SDK's clock as well.
    const near =
      old.kind === 'credentials'
        ? { ...old.credentials, expiresAt: new Date(Date.now() + 600_000) }
        : undefined
    server = await startTestServer({
      clock,
      provide: async () => (near && old.kind === 'credentials' ? { ...old, credentials: near } : old),
    })
    const { text } = await runSdk([server.url])
    expect(JSON.parse(text)).toEqual(served)
    expect(server.logged.filter((line) => line === 'serve: 200')).toHaveLength(10)
    expect(server.calls).toBe(1)
  })

  test('on trouble it fails with the hint and without any part of credentials', async () => {
    const clock = realClock()
    server = await startTestServer({
      clock,
      provide: async (call) =>
        call === 1
          ? freshCredentials(clock)
          : { kind: 'login-required', hint: 'Run: sesame login --profile dev' },
    })
    expect((await server.get()).status).toBe(200)
    clock.advance(hourMs)
    const { code, text } = await runSdk([server.url])
    expect(code).toBe(1)
    expect(text).toContain('httpStatus: 503')
    expect(text).toContain('Run: sesame login --profile dev')
    expect(text).not.toMatch(servedSecrets)
    const wrong = await runSdk([`${server.url}x`])
    expect(wrong.text).toContain('httpStatus: 404')
    expect(wrong.text).not.toMatch(servedSecrets)
  })
})
