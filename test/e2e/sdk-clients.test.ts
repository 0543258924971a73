import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type HttpServer,
  readAcs3,
  readOssSignature,
  type SignedRequest,
  startHttpServer,
} from '../../mocks/index.ts'
import { age, asSdk, logIn, runProgram, sdkProgram } from '../support/sdk.ts'
import { sesameCommand, sesameInShell } from '../support/sesame.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

const patience = 60_000
const node = process.execPath

/** Runs a program under `sesame exec`. */
function exec(world: World, options: readonly string[], command: readonly string[], env = {}) {
  const [program, ...script] = sesameCommand
  const words = [...script, 'exec', '--profile', 'dev', ...options, '--', ...command]
  return runProgram(program, words, world, env)
}

/** The switches that take out the links of the chain before the credentials URI. */
const switches = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' }

describe('@alicloud/credentials, the default chain', () => {
  test(
    'by environment: exec, past keys and addresses that the shell had before',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const stale = {
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'other',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other',
        ALIBABA_CLOUD_PROFILE: 'other',
        ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:9/other',
      }
      const { stdout } = await exec(world, [], [node, '-e', sdkProgram], stale)
      expect(JSON.parse(stdout)).toEqual(asSdk(login, 'default/env'))
    }),
  )

  test(
    'by URI: exec --server renews what has expired, for many at once, with one exchange',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      age(world, -1)
      const many = `
        const { default: Credential } = require('@alicloud/credentials')
        Promise.all(Array.from({ length: 20 }, () => new Credential().getCredential())).then((all) =>
          console.log(JSON.stringify([...new Set(all.map((each) => each.accessKeyId))])))`
      const { stdout, stderr } = await exec(world, ['--server'], [node, '-e', many])
      expect(stderr).toBe('')
      const { stdout: now } = await world.home.run(['credentials', '--profile', 'dev'])
      expect(JSON.parse(stdout)).toEqual([JSON.parse(now).access_key_id])
      expect(countCalls(world, 'POST /cloud-credentials')).toBe(2)
    }),
  )

  test(
    'by URI: serve, in another process',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const server = world.home.start(['serve', '--profile', 'dev', '--json'])
      try {
        const [line] = await once(server.child.stdout ?? server.child, 'data')
        const env = { ALIBABA_CLOUD_CREDENTIALS_URI: JSON.parse(String(line)).url, ...switches }
        const { stdout } = await runProgram(node, ['-e', sdkProgram], world, env)
        expect(JSON.parse(stdout)).toEqual(asSdk(login, 'default/credential_uri'))
      } finally {
        server.child.kill()
        await server.finished
      }
    }),
  )
})

describe('shell scripts', () => {
  test.each([
    ['bash', 'eval "$(sesame credentials --profile dev --env)"', '"$1"'],
    ['zsh', 'eval "$(sesame credentials --profile dev --env)"', '"$1"'],
    ['fish', 'sesame credentials --profile dev --format fish | source', '$argv[1]'],
  ])('%s: credentials, evaluated, and an SDK', (shell, line, argument) =>
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const call = sesameInShell
      const script = `${line.replace('sesame', call)}\n'${node}' -e ${argument}`
      const words = shell === 'fish' ? ['-c', script, sdkProgram] : ['-c', script, shell, sdkProgram]
      const { stdout, stderr } = await runProgram(shell, words, world)
      expect(JSON.parse(stdout), stderr).toEqual(asSdk(login, 'default/env'))
    })(),
  )

  test(
    'a script that fails to get credentials keeps none of an earlier profile',
    inWorld({}, async (world) => {
      const script = `export ALIBABA_CLOUD_ACCESS_KEY_ID=old
        eval "$(${sesameInShell} credentials --profile dev --env)" || echo "failed [$ALIBABA_CLOUD_ACCESS_KEY_ID]"`
      const { stdout } = await runProgram('bash', ['-c', script], world)
      expect(stdout).toBe('failed []\n')
    }),
  )
})

describe('signed calls, with the signature computed again', () => {
  let server: HttpServer<string>
  const signed: (SignedRequest | undefined)[] = []
  beforeAll(async () => {
    server = await startHttpServer<string>({
      routes: {},
      fallback: (request) => {
        signed.push(readAcs3(request) ?? readOssSignature(request))
        return { status: 200, body: { AccountId: '1', RequestId: 'R' } }
      },
    })
  })
  afterAll(() => server.close())

  const sts = `
    const { default: Credential } = require('@alicloud/credentials')
    const { default: Sts } = require('@alicloud/sts20150401')
    const { $OpenApiUtil: { Config } } = require('@alicloud/openapi-core')
    const config = { credential: new Credential(), endpoint: '127.0.0.1:' + process.argv[1], protocol: 'http' }
    new Sts(new Config(config)).getCallerIdentity()`
  const oss = `
    const OSS = require('ali-oss')
    const { OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, OSS_SESSION_TOKEN } = process.env
    const keys = { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET, stsToken: OSS_SESSION_TOKEN }
    const place = { endpoint: 'http://127.0.0.1:' + process.argv[1], region: 'oss-cn-hangzhou', bucket: 'reports' }
    new OSS({ ...keys, ...place, refreshSTSToken: async () => keys, authorizationV4: process.argv[2] === 'v4' })
      .put('a folder/ü.txt', Buffer.from('text'))`

  test.each([
    ['@alicloud/sts20150401 by environment', [], sts, ''],
    ['@alicloud/sts20150401 by URI', ['--server'], sts, ''],
    ['ali-oss, signature V1', [], oss, 'v1'],
    ['ali-oss, signature V4', [], oss, 'v4'],
  ])('%s', (_name, options, program, version) =>
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stderr } = await exec(world, options, [node, '-e', program, String(server.port), version])
      expect(stderr).toBe('')
      const [request, ...more] = signed.splice(0)
      expect(more).toEqual([])
      expect(request?.accessKeyId).toBe(login.access_key_id)
      expect(request?.securityToken).toBe(login.sts_token)
      expect(request?.isSignedWith(login.access_key_secret)).toBe(true)
      expect(request?.isSignedWith('another')).toBe(false)
    })(),
  )
})
