import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Fault, faults, type IdaasOptions } from '../../mocks/index.ts'
import { type Sts, startSts } from '../../mocks/sts.ts'
import { startTestIdaas, type TestIdaas } from '../support/idaas.ts'
import { recordSecrets } from '../support/record.ts'
import { runCommandsHere } from '../support/run-here.ts'
import type { Finished } from '../support/sesame.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

runCommandsHere()

const patience = 120_000
const always = { times: Number.POSITIVE_INFINITY }
const tokenGet = ['token', 'get', '--profile', 'api']

interface World {
  idaas: TestIdaas
  home: TestHome
}

/** A test with an IDaaS instance and a HOME in which `api` is its application, unless `configured` is false. */
function inIdaas(
  options: IdaasOptions,
  run: (world: World) => Promise<void>,
  { configured = true } = {},
): () => Promise<void> {
  return async () => {
    const idaas = await startTestIdaas(options)
    const home = makeTestHome({ signInUrl: 'https://signin.example.com/acme/login' })
    const world = { idaas, home }
    try {
      if (configured) expect((await configure(world)).code).toBe(0)
      await run(world)
    } finally {
      await idaas.stop()
      home.remove()
    }
  }
}

function configure({ idaas, home }: World, words: string[] = [], secret = idaas.settings.appSecret) {
  const { url, applicationUuid, appKey } = idaas.application
  const application = ['--idaas-url', url, '--application-uuid', applicationUuid, '--app-key', appKey]
  return home.run(['configure', '--profile', 'api', ...application, '--app-secret-stdin', ...words], {
    input: `${secret}\n`,
  })
}

/** Makes the stored id_token, or the refresh token, look as if it ended in so many milliseconds. */
function age({ home }: World, member: 'idToken' | 'refreshToken', leftMs: number): void {
  const expiresAt = new Date(Date.now() + leftMs).toISOString()
  const obtainedAt = new Date(Date.now() + leftMs - 7_200_000).toISOString()
  home.change(({ key, value }) => {
    const token = value[member]
    if (!key.startsWith('token') || typeof token !== 'object') return value
    return { ...value, [member]: { ...token, expiresAt, obtainedAt } }
  })
}

const secretFree = ({ stderr }: Finished, { idaas }: World) =>
  idaas.issued.every(({ value }) => !stderr.includes(value))

describe.concurrent('an application’s profile', () => {
  test(
    'keeps its secret in the store only',
    inIdaas({}, async (world) => {
      const { idaas, home } = world
      expect(idaas.requests).toEqual([])
      const { applicationUuid, appKey, appSecret } = idaas.settings
      const config = readFileSync(join(home.directory, 'config.json'), 'utf8')
      expect(config).toContain(applicationUuid)
      expect(config).toContain(appKey)
      expect(config).not.toContain(appSecret)
      expect(home.items().map(({ key }) => key.split(':')[0])).toEqual(['secret'])
    }),
  )

  test(
    'a secret on the command line is wrong usage',
    inIdaas({}, async ({ home, idaas }) => {
      const { code, stdout } = await home.run([
        'configure',
        '--profile',
        'api',
        '--app-secret',
        'x'.repeat(20),
      ])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(idaas.requests).toEqual([])
    }),
  )

  test.each([
    ['--idaas-url', 'http://idaas.example.com'],
    ['--application-uuid', '../x'],
    ['--app-key', 'a b'],
    ['--api-version', 'latest'],
  ])('%s %s is wrong usage, and nothing is written', (option, value) =>
    inIdaas({}, async ({ home }) => {
      const before = home.config()
      const { code, stdout } = await home.run(['configure', '--profile', 'api', option, value])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(home.config()).toEqual(before)
    })(),
  )
})

describe.concurrent('token get', () => {
  test(
    'fetches once; the token then comes from the store and holds against the public key',
    inIdaas({}, async (world) => {
      const { idaas, home } = world
      const first = await home.run(tokenGet)
      expect(first).toMatchObject({ code: 0 })
      expect(first.stdout).toBe(`${idaas.issued.at(-1)?.value}\n`)
      expect(await home.run(tokenGet)).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' })
      expect(idaas.calls()).toEqual(['retrieve'])
      const keyFile = join(home.home, 'key.json')
      writeFileSync(keyFile, idaas.publicKey.jwk)
      const verified = await home.run(['token', 'verify', '--profile', 'api', '--public-key', keyFile], {
        input: first.stdout,
      })
      expect(JSON.parse(verified.stdout)).toMatchObject({ sub: 'api-client' })
      expect(idaas.violations).toEqual([])
    }),
  )

  test(
    'knows no access token of IDaaS',
    inIdaas({}, async ({ home }) => {
      expect(await home.run([...tokenGet, '--access'])).toMatchObject({ code: 2, stdout: '' })
      expect(await home.run([...tokenGet, '--id'])).toMatchObject({ code: 0 })
    }),
  )

  test(
    'another version of the interface',
    inIdaas(
      { apiVersion: 'v2.5' },
      async (world) => {
        expect((await configure(world, ['--api-version', 'v2.5'])).code).toBe(0)
        expect(await world.home.run(tokenGet)).toMatchObject({ code: 0 })
      },
      { configured: false },
    ),
  )

  test(
    '[case 21] refreshes an expired one, and a rotated refresh token takes the place of the old',
    inIdaas({ refresh: 'rotating' }, async (world) => {
      const { idaas, home } = world
      const printed = new Set<string>()
      for (let round = 0; round < 3; round++) {
        const { code, stdout } = await home.run(tokenGet)
        expect(code).toBe(0)
        printed.add(stdout)
        age(world, 'idToken', -1)
      }
      expect(printed.size).toBe(3)
      expect(idaas.calls()).toEqual(['retrieve', 'refresh', 'refresh'])
      expect(idaas.violations).toEqual([])
    }),
  )

  test.each<[string, (world: World) => void, string[]]>([
    ['revoked', ({ idaas }) => idaas.revokeRefreshTokens(), ['retrieve', 'refresh', 'retrieve']],
    [
      'switched off',
      ({ idaas }) => Object.assign(idaas.settings, { refresh: 'off' }),
      ['retrieve', 'refresh', 'retrieve'],
    ],
    ['older than thirty days', (world) => age(world, 'refreshToken', -1), ['retrieve', 'retrieve']],
  ])('a refresh token %s is replaced with the secret', (_, spoil, calls) =>
    inIdaas({}, async (world) => {
      await world.home.run(tokenGet)
      age(world, 'idToken', -1)
      spoil(world)
      expect(await world.home.run(tokenGet)).toMatchObject({ code: 0 })
      expect(world.idaas.calls()).toEqual(calls)
      expect(world.idaas.violations).toEqual([])
    })(),
  )

  test.each([600, -600, 86_400, -86_400])('[case 29] with a server whose clock is %i s ahead', (offset) =>
    inIdaas({ dateOffsetSeconds: offset }, async ({ idaas, home }) => {
      const { stdout } = await home.run(tokenGet)
      expect(await home.run(tokenGet)).toMatchObject({ code: 0, stdout })
      expect(idaas.calls()).toEqual(['retrieve'])
    })(),
  )

  test(
    '[case 24] another application’s tokens are never used or sent',
    inIdaas({}, async (world) => {
      const other = await startTestIdaas()
      try {
        await world.home.run(tokenGet)
        expect((await configure({ ...world, idaas: other })).code).toBe(0)
        const { stdout } = await world.home.run(tokenGet)
        expect(stdout).toBe(`${other.issued.at(-1)?.value}\n`)
        expect(other.calls()).toEqual(['retrieve'])
        expect(world.idaas.calls()).toEqual(['retrieve'])
      } finally {
        await other.stop()
      }
    }),
  )
})

describe.concurrent('refusals', () => {
  test.each<[string, Required<IdaasOptions>['failureStyle'], (world: World) => void, RegExp]>([
    [
      'a wrong secret',
      'http-400',
      ({ idaas }) => Object.assign(idaas.settings, { appSecret: 'n'.repeat(42) }),
      /appSecret/,
    ],
    [
      'a wrong secret',
      'http-200',
      ({ idaas }) => Object.assign(idaas.settings, { appSecret: 'n'.repeat(42) }),
      /appSecret/,
    ],
    [
      'a disabled application',
      'http-400',
      ({ idaas }) => Object.assign(idaas.settings, { enabled: false }),
      /disabled/,
    ],
    [
      'a disabled application',
      'http-200',
      ({ idaas }) => Object.assign(idaas.settings, { enabled: false }),
      /disabled/,
    ],
  ])('%s with %s: exit 1 with the server’s words', (_, failureStyle, spoil, words) =>
    inIdaas({ failureStyle }, async (world) => {
      spoil(world)
      const finished = await world.home.run(tokenGet)
      expect(finished).toMatchObject({ code: 1, stdout: '' })
      expect(finished.stderr).toMatch(words)
      expect(finished.stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
      expect(secretFree(finished, world)).toBe(true)
      expect(world.idaas.calls()).toEqual(['retrieve'])
      expect(world.home.items().filter(({ key }) => key.startsWith('token'))).toEqual([])
    })(),
  )

  test(
    'no secret in the store: reported at once, nothing is sent',
    inIdaas(
      {},
      async ({ idaas, home }) => {
        const { url, applicationUuid, appKey } = idaas.application
        await home.run([
          ...['configure', '--profile', 'api', '--idaas-url', url],
          ...['--application-uuid', applicationUuid, '--app-key', appKey],
        ])
        const { code, stdout, stderr } = await home.run(tokenGet)
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toMatch(/sesame configure .*--app-secret-stdin/)
        expect(idaas.requests).toEqual([])
      },
      { configured: false },
    ),
  )
})

describe.concurrent('[case 23] faults of server and network', () => {
  test.each<[string, Fault]>([
    ['500 with HTML', faults.internalErrorHtml],
    ['502 without a body', faults.badGatewayEmpty],
    ['200 with HTML', { kind: 'status', status: 200, body: '<html>log in</html>' }],
    ['reset', { kind: 'reset' }],
    ['success false with code 500', { kind: 'json', body: { success: false, code: '500', message: 'x' } }],
  ])('%s: exit 6, and the refresh token survives', (_, fault) =>
    inIdaas({}, async (world) => {
      const { idaas, home } = world
      await home.run(tokenGet)
      age(world, 'idToken', -1)
      idaas.fault('refresh', fault, always)
      const finished = await home.run(tokenGet)
      expect(finished).toMatchObject({ code: 6, stdout: '' })
      expect(finished.stderr).not.toMatch(/undefined|NaN|\[object|<html/)
      expect(secretFree(finished, world)).toBe(true)
      expect(new Set(idaas.calls())).toEqual(new Set(['retrieve', 'refresh']))
      idaas.clearFaults()
      const before = idaas.calls().length
      expect(await home.run(tokenGet)).toMatchObject({ code: 0 })
      expect(idaas.calls().slice(before)).toEqual(['refresh'])
    })(),
  )

  test(
    'hang: exit 6 within ten seconds',
    { timeout: patience },
    inIdaas({}, async ({ idaas, home }) => {
      idaas.fault('retrieve', { kind: 'hang' }, always)
      const started = performance.now()
      expect(await home.run(tokenGet)).toMatchObject({ code: 6, stdout: '' })
      // Ten seconds are the contract; the rest is this machine's.
      expect(performance.now() - started).toBeLessThan(60_000)
    }),
  )
})

describe('[case 43] many at once', () => {
  test.each<[string, (world: World) => Promise<void>, string[]]>([
    ['nothing in the store', async () => {}, ['retrieve']],
    [
      'an expired token and a rotating refresh token',
      async (world) => {
        await world.home.run(tokenGet)
        age(world, 'idToken', -1)
      },
      ['retrieve', 'refresh'],
    ],
  ])('20 processes with %s: one request, one token', { timeout: patience }, (_, prepare, calls) =>
    inIdaas({ refresh: 'rotating', latencyMs: 100 }, async (world) => {
      await prepare(world)
      const all = await Promise.all(Array.from({ length: 20 }, () => world.home.run(tokenGet)))
      for (const { code, stderr } of all) expect(code, stderr).toBe(0)
      expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(1)
      expect(world.idaas.calls()).toEqual(calls)
      expect(world.idaas.violations).toEqual([])
      expect(world.home.locks()).toEqual([])
    })(),
  )
})

describe.concurrent('the pinned public key', () => {
  test.each(['jwk', 'jwks', 'pem', 'certificate'] as const)('as %s, from the profile', (spelling) =>
    inIdaas({}, async (world) => {
      const { idaas, home } = world
      const keyFile = join(home.home, 'key')
      writeFileSync(keyFile, idaas.publicKey[spelling])
      expect(await home.run(['configure', '--profile', 'api', '--public-key', keyFile])).toMatchObject({
        code: 0,
      })
      const { stdout } = await home.run(tokenGet)
      const verify = ['token', 'verify', '--profile', 'api']
      const verified = await home.run(verify, { input: stdout })
      expect(verified).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(verified.stdout)).toMatchObject({ sub: 'api-client', iss: idaas.url })

      await idaas.replaceKeyPair()
      age(world, 'idToken', -1)
      const later = await home.run(tokenGet)
      const refused = await home.run(verify, { input: later.stdout })
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(/key|signature/)
      expect(secretFree(refused, world)).toBe(true)
    })(),
  )
})

test(
  '[case 76] DEBUG=* shows requests and no secret',
  inIdaas({ refresh: 'rotating' }, async (world) => {
    const env = { DEBUG: '*' }
    const first = await world.home.run(tokenGet, { env })
    age(world, 'idToken', -1)
    const second = await world.home.run(tokenGet, { env })
    for (const finished of [first, second]) {
      expect(finished.code).toBe(0)
      expect(finished.stderr).toContain('plugin_jwt_sts')
      expect(secretFree(finished, world)).toBe(true)
    }
  }),
)

describe('a role for the application, without a person', () => {
  const account = '1234567890123456'
  const roleArn = `acs:ram::${account}:role/robot`
  const providerArn = `acs:ram::${account}:oidc-provider/idaas`

  /** STS trusts the application's tokens, and `api` names the role. */
  const withRole = (run: (world: World & { sts: Sts }) => Promise<void>) =>
    inIdaas({ refresh: 'rotating' }, async (world) => {
      const { idaas, home } = world
      const sts = await startSts({
        roles: [{ arn: roleArn, trust: [providerArn] }],
        oidcProviders: [
          {
            arn: providerArn,
            issuer: idaas.url,
            clientIds: [idaas.settings.applicationUuid],
            keys: JSON.parse(idaas.publicKey.jwks),
          },
        ],
      })
      try {
        const role = ['--role-arn', roleArn, '--oidc-provider-arn', providerArn, '--sts-endpoint', sts.url]
        expect((await home.run(['configure', '--profile', 'api', ...role])).code).toBe(0)
        await run({ ...world, sts })
      } finally {
        recordSecrets(sts.issued)
        await sts.close()
      }
    })

  test(
    'credentials, login and exec share one token and one exchange',
    withRole(async ({ idaas, home, sts }) => {
      const first = await home.run(['credentials', '--profile', 'api'])
      expect(first.code, first.stderr).toBe(0)
      const { access_key_id } = JSON.parse(first.stdout)
      expect(sts.identityOf(access_key_id)?.arn).toMatch(/robot\/api-client$/)
      expect(await home.run(['login', '--profile', 'api'])).toMatchObject({ code: 0, stdout: first.stdout })
      const print = 'process.stdout.write(process.env.ALIBABA_CLOUD_ACCESS_KEY_ID)'
      const child = await home.run(['exec', '--profile', 'api', '--', process.execPath, '-e', print])
      expect(child).toMatchObject({ code: 0, stdout: access_key_id })
      expect(idaas.calls()).toEqual(['retrieve'])
      expect(sts.calls).toHaveLength(1)
      expect([...sts.violations, ...idaas.violations]).toEqual([])
    }),
  )

  test(
    'a key pair that STS does not know: its code and RequestId, exit 1, no endless repetition',
    withRole(async (world) => {
      const { idaas, home, sts } = world
      await idaas.replaceKeyPair()
      const refused = await home.run(['credentials', '--profile', 'api'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(/OIDC.*RequestId [0-9A-F-]{36}/i)
      expect(secretFree(refused, world)).toBe(true)
      expect(sts.calls.length).toBeLessThanOrEqual(2)
      expect(idaas.calls().length).toBeLessThanOrEqual(2)
    }),
  )

  test(
    'a disabled application: exit 1, and no person is asked for',
    withRole(async ({ idaas, home, sts }) => {
      idaas.settings.enabled = false
      const refused = await home.run(['credentials', '--profile', 'api'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(/disabled/)
      expect(sts.calls).toEqual([])
    }),
  )
})
