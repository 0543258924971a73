import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type HttpServer,
  readAcs3,
  readOssSignature,
  type SignedRequest,
  startHttpServer,
} from '../../mocks/index.ts'
import { startKeyring } from '../support/keyring.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'
import { type InstalledProject, installProject } from './support/installed-project.ts'

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
}, 120_000)
afterAll(() => project.remove())

const environment = ({ home }: World) => ({ HOME: home.home, SESAME_STORE: 'plaintext' })

/** Makes the stored credentials look as if they were about to expire (`leftMs`), or had. */
function age({ home }: World, leftMs: number): void {
  const expiresAt = new Date(Date.now() + leftMs).toISOString()
  const obtainedAt = new Date(Date.now() + leftMs - 3_600_000).toISOString()
  home.change(({ key, value }) =>
    key.startsWith('credentials') ? { ...value, obtainedAt, expiresAt } : value,
  )
}

async function loggedIn({ home }: World): Promise<Record<string, string>> {
  const { stdout, code } = await home.prepare(['login', '--profile', 'dev'])
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

const print = 'const print = (value) => console.log(JSON.stringify(value))\n'
const load = {
  'import.mjs': `import { createCredentialsProvider, SesameError } from 'sesame-sso'\n${print}`,
  'require.cjs': `const { createCredentialsProvider, SesameError } = require('sesame-sso')\n${print}`,
}

describe('the packed package', () => {
  test('holds what is needed and no source', () => {
    expect(project.files).toEqual(
      expect.arrayContaining([
        'dist/index.cjs',
        'dist/sesame.cjs',
        'dist/types/index.d.ts',
        'README.md',
        'LICENSE',
      ]),
    )
    expect(
      project.files.filter((path) => !/^(?:dist\/|[A-Z]+(?:\.zh-CN)?(?:\.md)?$|package\.json$)/.test(path)),
    ).toEqual([])
  })

  test('is one module however it is loaded, and loading it does nothing', async () => {
    const script = `
      import * as imported from 'sesame-sso'
      import { createRequire } from 'node:module'
      const required = createRequire(import.meta.url)('sesame-sso')
      const names = Object.keys(required).sort()
      imported.createCredentialsProvider()
      console.log(JSON.stringify({
        names,
        same: names.every((name) => imported[name] === required[name]),
        listeners: process.eventNames().filter((name) => typeof name === 'string' && name.startsWith('SIG')),
        open: process.getActiveResourcesInfo().filter((name) => /TCP|UDP|Timeout|Server|Process/.test(name)),
      }))`
    project.write('loading.mjs', script)
    const { stdout, stderr } = await project.node(['loading.mjs'], {
      HOME: '/nonexistent',
      SESAME_STORE: 'no-such',
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      names: [
        'SesameError',
        'aliOssOptions',
        'alibabaCloudCredential',
        'createCredentialsProvider',
        'isSesameError',
      ],
      same: true,
      listeners: [],
      open: [],
    })
  })

  test('its types hold in ES modules and in CommonJS, with the SDKs beside them', async () => {
    const use = `
      const options: CredentialsProviderOptions = { profile: 'dev', minTtlSeconds: 900, onWarning: (line: string) => void line }
      const provider: CredentialsProvider = createCredentialsProvider(options)
      export async function main(): Promise<number> {
        try {
          const { accessKeyId, expiration } = await provider.getCredentials()
          const model = await alibabaCloudCredential(provider).getCredential()
          const { stsToken } = await (await aliOssOptions(provider)).refreshSTSToken()
          return expiration.getTime() + accessKeyId.length + stsToken.length + model.securityToken.length
        } catch (error) {
          if (isSesameError(error, 'ERR_LOGIN_REQUIRED')) return 0
          const code: ErrorCode | undefined = error instanceof SesameError ? error.code : undefined
          // @ts-expect-error no such code
          if (code === 'ERR_NO_SUCH') return 1
          throw error
        }
      }
      // @ts-expect-error a number of seconds
      createCredentialsProvider({ minTtlSeconds: '15m' })`
    const names =
      'aliOssOptions, alibabaCloudCredential, createCredentialsProvider, isSesameError, SesameError, type CredentialsProvider, type CredentialsProviderOptions, type ErrorCode'
    const credential = (module: string) => `
      import CredentialModule from '@alicloud/credentials'
      import { $OpenApiUtil } from '@alicloud/openapi-core'
      const Credential = CredentialModule${module}
      const { Config } = $OpenApiUtil\n`
    const sdk = `
      export const credential = new Credential(null, provider)
      export const config = new Config({ credential: alibabaCloudCredential(provider) })`
    const head = `import { ${names} } from 'sesame-sso'`
    for (const [type, suffix] of [
      ['mts', '.default'],
      ['cts', ''],
    ] as const) {
      project.write(`alone.${type}`, `${head}${use}`)
      project.write(`with-sdk.${type}`, `${head}${credential(suffix)}${use}${sdk}`)
    }
    expect(await project.typeCheck('alone.mts', 'alone.cts')).toBe('')
    // The SDKs' own declarations do not stand a strict check.
    expect(await project.typeCheck('--skipLibCheck', 'with-sdk.mts', 'with-sdk.cts')).toBe('')
  })
})

describe.each(Object.entries(load))('createCredentialsProvider by %s', (file, head) => {
  const runs = (name: string, body: string, world: World, env: Record<string, string> = {}) => {
    project.write(`${name}-${file}`, `${head}${body}`)
    return project.node([`${name}-${file}`], { ...environment(world), ...env })
  }

  test(
    'gives what the store holds, without a request',
    inWorld({}, async (world) => {
      const cli = await loggedIn(world)
      const before = world.portal.calls().length
      const body = `createCredentialsProvider({ profile: 'dev' }).getCredentials().then((credentials) =>
        print({ ...credentials, isDate: credentials.expiration instanceof Date }))`
      const { stdout, stderr } = await runs('fresh', body, world)
      expect(stderr).toBe('')
      const { expiration, ...rest } = JSON.parse(stdout)
      expect(rest).toEqual({
        accessKeyId: cli.access_key_id,
        accessKeySecret: cli.access_key_secret,
        securityToken: cli.sts_token,
        isDate: true,
      })
      expect(new Date(expiration)).toEqual(new Date(cli.expiration ?? ''))
      expect(world.portal.calls()).toHaveLength(before)
    }),
  )

  test(
    'renews once for a hundred calls at the same time, and ends by itself',
    inWorld({}, async (world) => {
      await loggedIn(world)
      age(world, -1)
      const body = `const provider = createCredentialsProvider()
        Promise.all(Array.from({ length: 100 }, () => provider.getCredentials())).then(async (all) => {
          all.push(await provider.getCredentials())
          print([...new Set(all.map(({ accessKeyId }) => accessKeyId))])
        })`
      const { stdout, code } = await runs('many', body, world)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toHaveLength(1)
      expect(countCalls(world, 'POST /cloud-credentials')).toBe(2)
      const { stdout: later } = await world.home.run(['credentials'])
      expect(JSON.parse(later).access_key_id).toBe(JSON.parse(stdout)[0])
    }),
  )

  test(
    'is never interactive: a typed error names the command',
    inWorld({}, async (world) => {
      const body = `createCredentialsProvider({ profile: 'dev' }).getCredentials().catch((error) =>
        print({ code: error.code, message: error.message, own: error instanceof SesameError }))`
      const { stdout, stderr } = await runs('login', body, world)
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toEqual({
        code: 'ERR_LOGIN_REQUIRED',
        message: 'Sign in first: sesame login --profile dev',
        own: true,
      })
      expect(world.portal.calls()).toEqual([])
    }),
  )
})

describe('createCredentialsProvider', () => {
  const script = (name: string, body: string) => project.write(name, `${load['import.mjs']}${body}`)

  test(
    'options are stronger than the environment, and the environment counts',
    inWorld({}, async (world) => {
      const { access_key_id: id } = await loggedIn(world)
      script(
        'options.mjs',
        'print((await createCredentialsProvider(JSON.parse(process.argv[2])).getCredentials()).accessKeyId)',
      )
      const right = {
        SESAME_PROFILE: 'dev',
        SESAME_CONFIG_DIR: world.home.directory,
        SESAME_STORE: 'plaintext',
      }
      const fromEnvironment = await project.node(['options.mjs', '{}'], { HOME: '/nonexistent', ...right })
      expect(JSON.parse(fromEnvironment.stdout)).toBe(id)
      const wrong = { SESAME_PROFILE: 'other', SESAME_CONFIG_DIR: '/nonexistent', SESAME_STORE: 'memory' }
      const options = { profile: 'dev', configDirectory: world.home.directory, store: 'plaintext' }
      const overridden = await project.node(['options.mjs', JSON.stringify(options)], wrong)
      expect(JSON.parse(overridden.stdout)).toBe(id)
    }),
  )

  test('reads and writes a real keychain, and leaves nothing open', { timeout: 60_000 }, async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    const run = async (world: World) => {
      const { access_key_id: before } = await loggedIn(world)
      script(
        'keychain.mjs',
        `const ids = []
        for (const minTtlSeconds of [0, 3600]) ids.push((await createCredentialsProvider({ minTtlSeconds }).getCredentials()).accessKeyId)
        print(ids)`,
      )
      const env = { HOME: world.home.home, DBUS_SESSION_BUS_ADDRESS }
      const { stdout, stderr, code } = await project.node(['keychain.mjs'], env)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const [stored, renewed] = JSON.parse(stdout)
      expect(stored).toBe(before)
      const { stdout: now } = await world.home.run(['credentials', '--profile', 'dev'])
      expect(JSON.parse(now).access_key_id).toBe(renewed)
      expect(renewed).not.toBe(before)
    }
    try {
      await inWorld({}, run, { DBUS_SESSION_BUS_ADDRESS })()
    } finally {
      await keyring.stop()
    }
  })

  test('impossible options are errors at once', async () => {
    script(
      'impossible.mjs',
      `print([{ minTtlSeconds: -1 }, { minTtlSeconds: NaN }, { configDirectory: 'relative' }, { profile: '../x' }].map((options) => {
        try { createCredentialsProvider(options) } catch (error) { return error.code }
      }))`,
    )
    const { stdout } = await project.node(['impossible.mjs'], {})
    expect(JSON.parse(stdout)).toEqual(Array(4).fill('ERR_USAGE'))
  })

  test(
    'minTtlSeconds renews what would die too soon; more than there is to have is an error',
    inWorld({}, async (world) => {
      await loggedIn(world)
      age(world, 1_800_000)
      script(
        'ttl.mjs',
        `const left = async (minTtlSeconds) => {
          const { expiration } = await createCredentialsProvider({ minTtlSeconds }).getCredentials()
          return Math.round((expiration - Date.now()) / 60_000)
        }
        print([await left(60), await left(2000), await left(9999).catch(({ code }) => code)])`,
      )
      const { stdout } = await project.node(['ttl.mjs'], environment(world))
      expect(JSON.parse(stdout)).toEqual([30, 60, 'ERR_USAGE'])
    }),
  )

  test(
    'a failing renewal is a warning while the credentials are valid, and is not repeated for each call',
    inWorld({}, async (world) => {
      await loggedIn(world)
      age(world, 200_000)
      world.portal.fault('POST /cloud-credentials', { kind: 'reset' }, { times: Infinity })
      script(
        'failing.mjs',
        `const warnings = []
        const provider = createCredentialsProvider({ onWarning: (line) => warnings.push(line) })
        const ids = []
        for (let i = 0; i < 5; i++) ids.push((await provider.getCredentials()).accessKeyId)
        print({ ids: new Set(ids).size, warnings })`,
      )
      const before = countCalls(world, 'POST /cloud-credentials')
      const { stdout, stderr } = await project.node(['failing.mjs'], environment(world))
      expect(stderr).toBe('')
      const { ids, warnings } = JSON.parse(stdout)
      expect(ids).toBe(1)
      expect(warnings).toEqual([expect.stringMatching(/^Renewal failed, using cached credentials: /)])
      // One renewal, with its retries.
      expect(countCalls(world, 'POST /cloud-credentials') - before).toBeLessThanOrEqual(4)
    }),
  )
})

describe('real SDK clients with the library', () => {
  let server: HttpServer<string>
  let signed: (SignedRequest | undefined)[]
  beforeAll(async () => {
    signed = []
    server = await startHttpServer({
      routes: {},
      fallback: (request) => {
        signed.push(readAcs3(request) ?? readOssSignature(request))
        return { status: 200, body: { AccountId: '1', RequestId: 'R' } }
      },
    })
  })
  afterAll(() => server.close())

  /** The credentials that signed each request, checked by computing the signature again. */
  async function signers(script: string, world: World): Promise<(string | undefined)[]> {
    const { access_key_secret: secret = '', sts_token: token } = await loggedIn(world)
    project.write('sdk.cjs', script)
    const { stderr } = await project.node(['sdk.cjs', String(server.port)], environment(world))
    expect(stderr).toBe('')
    const requests = signed.splice(0)
    for (const each of requests) {
      expect(each?.isSignedWith(secret)).toBe(true)
      expect(each?.securityToken).toBe(token)
    }
    return requests.map((each) => each?.accessKeyId)
  }

  test.each([
    ['the adapter', 'alibabaCloudCredential(provider)'],
    ['the provider in a Credential', 'new Credential(null, provider)'],
  ])('@alicloud/sts20150401 by %s', (_name, credential) =>
    inWorld({}, async (world) => {
      const script = `
          const { createCredentialsProvider, alibabaCloudCredential } = require('sesame-sso')
          const { default: Credential } = require('@alicloud/credentials')
          const { default: Sts } = require('@alicloud/sts20150401')
          const { $OpenApiUtil: { Config } } = require('@alicloud/openapi-core')
          const provider = createCredentialsProvider({ profile: 'dev' })
          const credential = ${credential}
          const client = new Sts(new Config({ credential, endpoint: '127.0.0.1:' + process.argv[2], protocol: 'http' }))
          client.getCallerIdentity().then(() => client.getCallerIdentity())`
      const ids = await signers(script, world)
      expect(ids).toHaveLength(2)
      expect(ids[0]).toMatch(/^STS\./)
    })(),
  )

  test.each([['V1', false] as const, ['V4', true] as const])(
    'ali-oss, signature %s',
    (_version, authorizationV4) =>
      inWorld({}, async (world) => {
        const script = `
          const { createCredentialsProvider, aliOssOptions } = require('sesame-sso')
          const OSS = require('ali-oss')
          async function main() {
            const options = await aliOssOptions(createCredentialsProvider({ profile: 'dev' }))
            const client = new OSS({ ...options, endpoint: 'http://127.0.0.1:' + process.argv[2],
              region: 'oss-cn-hangzhou', bucket: 'reports', authorizationV4: ${authorizationV4} })
            await client.put('a folder/ü.txt', Buffer.from('text'))
            await client.head('a folder/ü.txt')
          }
          main()`
        const ids = await signers(script, world)
        expect(ids).toHaveLength(2)
        expect(ids[0]).toMatch(/^STS\./)
      })(),
  )
})
