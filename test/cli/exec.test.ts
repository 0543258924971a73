import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { execCommand } from '../../src/cli/commands/exec.ts'
import { parseInput } from '../../src/cli/parse-input.ts'
import type { Program } from '../../src/compose/index.ts'
import { silentLog } from '../../src/kit/log.ts'
import { login } from '../../src/session/index.ts'
import { serveIdaas } from '../support/peers/idaas.ts'
import { servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

/*
 * `sesame exec` in this process, with a child that is a real one: its streams are those of the tests, so it says what it has to
 * say by its exit code.
 */

let world: SessionWorld
let events: string[]
let said: string[]
beforeEach(async () => {
  world = sessionWorld()
  const portal = servePortal(world)
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  await login('dev', { wanted: {}, force: false }, world.context(), scriptPerson())
  events = []
  said = []
})
afterEach(() => {
  vi.restoreAllMocks()
})

function program(env: Record<string, string> = {}, interactive = false) {
  const person = scriptPerson()
  const made = {
    edges: { env: { PATH: process.env.PATH, ...env }, platform: process.platform },
    interactive,
    place: () => ({ state: '/state' }),
    loadRest: () => undefined,
    session: { ...world.context(), log: silentLog },
    person: async () => {
      events.push('asks the user')
      return person
    },
    releaseSignals: () => void events.push(`releases signals, ${process.listenerCount('SIGTERM')} listeners`),
    notify: (line: string) => void said.push(line),
  }
  return made as unknown as Program
}

const exec = (words: string[], on: Program = program()) =>
  execCommand.run(parseInput(execCommand, 'exec', words), on)

const child = (code: string) => ['--', process.execPath, '-e', code]

test('the child gets the credentials in its environment, and its exit code is the result', async () => {
  const check = `const { env } = process
    process.exitCode = env.ALIBABA_CLOUD_ACCESS_KEY_ID === 'STS.key-1'
      && env.ALIBABA_CLOUD_ACCESS_KEY_SECRET === 'secret-1'
      && env.ALIBABA_CLOUD_SECURITY_TOKEN === 'token-1' && env.SESAME_EXEC === 'dev' ? 7 : 1`
  expect(await exec(['--profile', 'dev', ...child(check)])).toBe(7)
  expect(said).toEqual([])
})

test('[case 53] signals are left to the child before it begins, and are ours again afterwards', async () => {
  const before = process.listenerCount('SIGTERM')
  const on = vi.spyOn(process, 'on').mockImplementation((name) => {
    events.push(`listens for ${String(name)}`)
    return process
  })
  expect(await exec(child('process.exitCode = 3'))).toBe(3)
  on.mockRestore()
  expect(events.indexOf(`releases signals, ${before} listeners`)).toBe(0)
  expect(events).toContain('listens for SIGTERM')
  expect(events).toContain('listens for SIGINT')
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

test('a child that a signal ended gives 128 and its number', async () => {
  expect(await exec(child("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60000)"))).toBe(143)
})

test('a program that is not there is 127 and said, one that cannot be run 126', async () => {
  expect(await exec(['--', '/nowhere/at-all'])).toBe(127)
  expect(await exec(['--', '/etc/passwd'])).toBe(126)
  expect(said).toEqual([
    'sesame: There is no program /nowhere/at-all.',
    expect.stringMatching(/^sesame: \/etc\/passwd cannot be run: \S+\.$/),
  ])
})

test('inside of another exec it is refused without --force, and nothing runs', async () => {
  const nested = () => program({ SESAME_EXEC: 'dev' })
  await expect(exec(child('process.exitCode = 7'), nested())).rejects.toMatchObject({ code: 'ERR_USAGE' })
  expect(events).toEqual([])
  expect(await exec(['--force', ...child('process.exitCode = 7')], nested())).toBe(7)
})

test('without credentials no child runs: ERR_LOGIN_REQUIRED, at a terminal a sign-in first', async () => {
  world.stores.keychain.items.clear()
  await expect(exec(child('process.exitCode = 7'))).rejects.toMatchObject({ code: 'ERR_LOGIN_REQUIRED' })
  expect(events).toEqual([])
  expect(await exec(child('process.exitCode = 7'), program({}, true))).toBe(7)
  expect(events[0]).toBe('asks the user')
})

test('a profile without a role has nothing for a child', async () => {
  const { idaasUrl, applicationUuid, appKey } = serveIdaas(world)
  world.profile('app', { kind: 'idaas', idaasUrl, applicationUuid, appKey, store: 'keychain' })
  const running = exec(['--profile', 'app', ...child('process.exitCode = 7')])
  await expect(running).rejects.toMatchObject({ code: 'ERR_CONFIG' })
})

test('--server gives the child an address instead of keys, which answers while it runs', async () => {
  const check = `const { env } = process
    const keys = Object.keys(env).filter((name) => /ACCESS_KEY|SECURITY_TOKEN/.test(name))
    fetch(env.ALIBABA_CLOUD_CREDENTIALS_URI).then((answer) => answer.json()).then(({ AccessKeyId }) => {
      process.exitCode = AccessKeyId === 'STS.key-1' && keys.length === 0 ? 7 : 1
    })`
  expect(await exec(['--server', ...child(check)])).toBe(7)
})

/** A program of this name on the PATH, which fails unless `check`, an expression over `env`, is true. */
function named(name: string, check: string): Record<string, string> {
  const bin = mkdtempSync(join(tmpdir(), 'exec-'))
  onTestFinished(() => rmSync(bin, { recursive: true }))
  const code = `const { env } = process; process.exitCode = ${check} ? 7 : 1`
  writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' -e "${code}"\n`, { mode: 0o755 })
  return { PATH: `${bin}:${process.env.PATH}` }
}

describe('[case 215] the aliyun CLI and the region', () => {
  const region = (id = 'OSS-cn-Shanghai') => {
    const profile = world.config.profiles.get('dev')
    if (profile !== undefined) world.profile('dev', { ...profile, region: id })
  }
  const check = "env.ALIBABA_CLOUD_REGION_ID === 'cn-shanghai' && env.OSS_REGION === 'cn-shanghai'"
  const line =
    'The aliyun CLI takes no region from its environment, but cn-hangzhou; for cn-shanghai add: --region cn-shanghai'

  test('[case 154] a region that it would ignore is said in one line, in its normal form', async () => {
    region()
    expect(await exec(['--', 'aliyun', 'ecs', 'DescribeInstances'], program(named('aliyun', check)))).toBe(7)
    expect(said).toEqual([line])
  })

  test('also one of this shell', async () => {
    const env = { ...named('aliyun', 'true'), ALICLOUD_REGION: 'cn-shanghai' }
    expect(await exec(['--', 'aliyun', 'version'], program(env))).toBe(7)
    expect(said).toEqual([line])
  })

  test.each([
    [['aliyun', '--region', 'cn-beijing']],
    [['aliyun', 'ecs', '--region=cn-beijing']],
    [['other', 'ecs']],
  ])('not with %j', async (words) => {
    region()
    expect(await exec(['--', ...words], program(named(words[0] ?? '', check)))).toBe(7)
    expect(said).toEqual([])
  })

  test('not for cn-hangzhou, which it takes by itself, and not without a region', async () => {
    expect(await exec(['--', 'aliyun'], program(named('aliyun', "!('OSS_REGION' in env)")))).toBe(7)
    region('cn-hangzhou')
    expect(await exec(['--', 'aliyun'], program(named('aliyun', 'true')))).toBe(7)
    expect(said).toEqual([])
  })
})

describe('--server', () => {
  const noKeys = '!env.ALIBABA_CLOUD_ACCESS_KEY_ID && env.ALIBABA_CLOUD_CREDENTIALS_URI'

  test('[case 192] proxies for http are kept from the child, and that is said once', async () => {
    const proxies = {
      HTTP_PROXY: 'http://user:pass-word@p:1',
      http_proxy: 'http://p:1',
      NO_PROXY: 'a.example',
    }
    const check = `${noKeys} && !env.HTTP_PROXY && !env.http_proxy && env.NO_PROXY.includes('127.0.0.1') && env.no_proxy`
    expect(await exec(['--server', '--', 'app'], program({ ...named('app', check), ...proxies }))).toBe(7)
    expect(said).toEqual([expect.stringMatching(/^Not passed on: HTTP_PROXY and http_proxy, as /)])
    expect(said.join()).not.toContain('pass-word')
    said.length = 0
    const others = { HTTPS_PROXY: 'http://p:1' }
    expect(await exec(['--server', '--', 'app'], program({ ...named('app', noKeys), ...others }))).toBe(7)
    expect(await exec(['--', 'app'], program({ ...named('app', 'env.HTTP_PROXY'), ...proxies }))).toBe(7)
    expect(said).toEqual([])
  })

  test('[case 190] the file that SDKs ask before the URI is named, and is not there', async () => {
    const check = `${noKeys} && !require('fs').existsSync(env.ALIBABA_CLOUD_CREDENTIALS_FILE)`
    const stale = { ALIBABA_CLOUD_CREDENTIALS_FILE: '/etc/passwd' }
    expect(await exec(['--server', '--', 'app'], program({ ...named('app', check), ...stale }))).toBe(7)
  })

  test.each(['aliyun', 'ossutil'])(
    '[case 225] %s, which reads no URI, gets keys, and that is said',
    async (name) => {
      const check = 'env.ALIBABA_CLOUD_ACCESS_KEY_ID && !env.ALIBABA_CLOUD_CREDENTIALS_URI'
      expect(await exec(['--server', '--', name], program(named(name, check)))).toBe(7)
      expect(said).toEqual([`${name} reads no credentials URI; it gets keys, as without --server.`])
    },
  )
})
