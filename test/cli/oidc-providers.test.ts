import { describe, expect, test } from 'vitest'
import type { PresetName, QuirkyOptions } from '../../mocks/index.ts'
import { ageTokens, configureCorp, inOidcWorld, must } from '../support/oidc-world.ts'
import { inQuirkyWorld, type QuirkyWorld } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const clientSecret = 'GOCSPX-secret-of-a-television-set'
const apiAudience = 'https://api.example.test'

interface Known {
  preset: PresetName
  options?: QuirkyOptions
  words?: string[]
  input?: string
  userName?: string
}

const known: Known[] = [
  { preset: 'plain' },
  { preset: 'keycloak' },
  { preset: 'entra', userName: 'dev@example.test' },
  { preset: 'okta' },
  { preset: 'auth0', words: ['--audience', apiAudience] },
  {
    preset: 'google',
    options: { clientSecret },
    words: ['--scope', 'openid email profile', '--client-secret-stdin'],
    input: `${clientSecret}\n`,
    userName: 'dev@example.test',
  },
  { preset: 'identityserver' },
  { preset: 'eiam' },
]

const decode = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
const corp = ['--profile', 'corp']

async function configure({ op, home }: QuirkyWorld, words: string[] = [], input = ''): Promise<void> {
  const asked = ['--issuer', op.issuer, '--client-id', op.clientId]
  await must(home.run(['configure', ...corp, ...asked, ...words], { input }))
}

const getToken = ({ home }: QuirkyWorld, which = '--access') =>
  must(home.run(['token', 'get', ...corp, which])).then((text) => text.trim())

describe.concurrent.each(known)('$preset', ({ preset, options, words, input, userName = 'dev' }) => {
  test(
    'configure, login with a code, token get, renewal, logout',
    inQuirkyWorld({ preset, ...options, approve: { afterPolls: 1 }, profile: false }, async (world) => {
      const { op, home } = world
      await configure(world, words, input)
      const { code, stdout, stderr } = await home.run(['login', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
      expect(stderr).toContain(`Signed in as ${userName}.`)
      expect(stderr).not.toContain('Warning: the verification URL')

      const access = await getToken(world)
      expect(op.issued).toContainEqual({ kind: 'access-token', value: access })
      if (preset === 'auth0') expect(decode(access).aud).toBe(apiAudience)
      expect(decode(await getToken(world, '--id'))).toMatchObject({ iss: op.issuer, aud: op.clientId })
      expect(op.calls().filter((call) => call === 'token')).toHaveLength(2)

      for (const run of [1, 2]) {
        ageTokens(world, 'token', -1000)
        expect(await getToken(world)).not.toBe(access)
        const renewals = op.log.filter((event) => event.kind === 'tokens-issued' && event.grant === 'refresh')
        expect(renewals).toHaveLength(run)
      }
      expect((await home.run(['logout', ...corp])).code).toBe(0)
      expect(op.calls().includes('revocation')).toBe(preset !== 'entra')
      expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
      expect(op.violations).toEqual([])
    }),
  )

  test(
    '[case 6] who declines, in whatever words: exit 4, one poll',
    inQuirkyWorld({ preset, ...options, approve: 'deny', profile: false }, async (world) => {
      await configure(world, words, input)
      const { code, stdout, stderr } = await world.home.run(['login', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain('sesame: The sign-in was denied in the browser')
      expect(world.op.calls().filter((call) => call === 'token')).toHaveLength(1)
      if (preset === 'eiam') expect(stderr).toMatch(/\(RequestId [0-9A-F-]{36}\)\.$/m)
    }),
  )
})

describe.concurrent('what only some do', () => {
  test(
    'Google calls it verification_url, and has no address with the code in it',
    inQuirkyWorld({ preset: 'google', clientSecret, profile: false }, async (world) => {
      const words = ['--scope', 'openid email', '--client-secret-stdin']
      await configure(world, words, clientSecret)
      const { stderr } = await world.home.run(['login', ...corp])
      expect(stderr).toMatch(
        /^Sign in with your browser at:\n {2}http:\S+\/device\nand enter the code:\n {2}(\w{4}-\w{4})\nApprove only if the page shows \1 /m,
      )
    }),
  )

  test(
    'Google requires a secret of every client: the error says how to give it',
    inQuirkyWorld(
      { preset: 'google', clientSecret, profile: { scope: 'openid email' } },
      async ({ op, home }) => {
        const { code, stdout, stderr } = await home.run(['login', ...corp])
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain('client_secret is missing')
        expect(stderr).toContain('"sesame configure --profile NAME --client-secret-stdin"')
        await must(home.run(['configure', ...corp, '--client-secret-stdin'], { input: `${clientSecret}\n` }))
        await must(home.run(['login', ...corp]))
        expect(op.violations).toEqual([])
      },
    ),
  )

  test(
    'a scope that the provider does not know: exit 1, and how to choose others',
    inQuirkyWorld({ preset: 'google', clientSecret }, async ({ home }) => {
      const { code, stderr } = await home.run(['login', ...corp])
      expect(code).toBe(1)
      expect(stderr).toMatch(/invalid_scope: unknown scope offline_access/)
      expect(stderr).toContain('sesame configure --profile NAME --scope openid\n')
    }),
  )

  test(
    '[case 25] Entra’s address for any tenant: exit 2, and what to write instead',
    inQuirkyWorld({ preset: 'entra-common', profile: false }, async (world) => {
      await configure(world)
      const { code, stdout, stderr } = await world.home.run(['login', ...corp])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(
        `configured ${world.op.issuer}, discovery document says ${world.op.url}/{tenantid}/v2.0`,
      )
      expect(stderr).toContain("Use the tenant's own id in the issuer")
      expect(world.op.calls()).toEqual(['discovery'])
    }),
  )

  test(
    'numbers that come as texts are numbers',
    inQuirkyWorld(
      {
        wireIntervalSeconds: 1,
        approve: { afterPolls: 1 },
        bends: ['device:expires-in-text', 'device:interval-text', 'token:expires-in-text'],
      },
      async (world) => {
        const { stderr } = await world.home.run(['login', ...corp])
        expect(stderr).toMatch(/Waiting for your approval, (?:10:00|9:59) left/)
        const [item] = world.home.items()
        const [first, second] = world.op.requests.filter(({ path }) => path === '/token')
        const gap = (second?.atMs ?? 0) - (first?.answeredAtMs ?? 0)
        expect(gap).toBeGreaterThanOrEqual(1_000)
        expect(gap).toBeLessThan(4_000)
        const life = Date.parse(String(item?.value.expiresAt)) - Date.now()
        expect(life).toBeGreaterThan(3_500_000)
        expect(life).toBeLessThan(3_601_000)
      },
    ),
  )

  test(
    '[case 3] a slow_down with status 429 counts, too: the next poll comes five seconds later',
    inQuirkyWorld({ preset: 'auth0', profile: { audience: apiAudience } }, async ({ op, home }) => {
      op.fault('token', { kind: 'json', status: 429, body: { error: 'slow_down' } })
      await must(home.run(['login', ...corp]))
      const [first, second] = op.requests.filter(({ path }) => path === '/oauth/token')
      expect((second?.atMs ?? 0) - (first?.answeredAtMs ?? 0)).toBeGreaterThanOrEqual(5_100)
    }),
  )
})

describe.concurrent('PKCE in the device flow', () => {
  test(
    '[case 15] a provider that rejects it: a clear word, and the option named there helps',
    inOidcWorld({ oidc: { devicePkce: 'rejected' } }, async (world) => {
      await configureCorp(world)
      const { home, oidc } = world
      const { code, stdout, stderr } = await home.run(['login', ...corp])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/invalid_request: unknown parameter code_challenge/)
      expect(stderr).toContain('"sesame configure --profile NAME --no-device-pkce"')
      expect(oidc.calls().filter((call) => call.startsWith('POST'))).toEqual(['POST /device/auth'])
      await must(home.run(['configure', ...corp, '--no-device-pkce']))
      expect(JSON.parse(await must(home.run(['login', ...corp])))).toMatchObject({ mode: 'StsToken' })
      const polls = oidc.requests.filter(({ path }) => path === '/token')
      expect(polls).toHaveLength(1)
      expect(polls[0]?.text).not.toContain('code_verifier')
      expect(oidc.violations).toEqual([])
    }),
  )

  test(
    '[case 15] a provider that ignores it is none the worse',
    inOidcWorld({ oidc: { devicePkce: 'ignored' } }, async (world) => {
      await configureCorp(world)
      await must(world.home.run(['login', ...corp]))
      expect(world.oidc.violations).toEqual([])
    }),
  )
})

describe.concurrent('a provider without a device endpoint', () => {
  const bends = ['discovery:no-device-endpoint'] as const

  test(
    'auto takes the browser of this machine',
    inQuirkyWorld({ bends }, async ({ op, home }) => {
      const running = home.start(['login', ...corp])
      const [, url = ''] = await running.stderrMatches(
        /^Sign in with the browser of this machine at:\n {2}(http\S+)\n/m,
      )
      expect(await op.visit(url)).toMatchObject({ status: 200, url: expect.stringMatching(/\/done$/) })
      expect(await running.finished).toMatchObject({ code: 0, stdout: '' })
      expect(op.violations).toEqual([])
    }),
  )

  test(
    '--flow device says so, and names the other way: exit 2',
    inQuirkyWorld({ bends }, async ({ op, home }) => {
      const { code, stdout, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(`The provider ${op.issuer} offers no device sign-in.\n`)
      expect(stderr).toContain('--flow code')
      expect(op.calls()).toEqual(['discovery'])
    }),
  )

  test(
    'without an authorization endpoint, --flow code says so: exit 2',
    inQuirkyWorld({ bends: ['discovery:no-authorization-endpoint'] }, async ({ op, home }) => {
      const { code, stdout, stderr } = await home.run(['login', ...corp, '--flow', 'code'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('--flow device')
      expect(op.calls()).toEqual(['discovery'])
    }),
  )
})
