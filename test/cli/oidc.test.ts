import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  ageTokens,
  configureCorp,
  inOidcWorld,
  must,
  type OidcWorld,
  providerArn,
  roleArn,
} from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const decode = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
const actions = ({ sts }: OidcWorld) => sts.answered()
const grants = ({ oidc }: OidcWorld) => oidc.calls().filter((call) => call === 'POST /token').length

describe('an OIDC profile with a role', () => {
  test(
    'login signs in by device authorization with PKCE and prints credentials of the role; then the store answers',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { oidc, sts, home } = world
      const { code, stdout, stderr } = await home.run(['login', '--profile', 'corp'])
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('Approve only if the page shows')
      const printed = JSON.parse(stdout)
      expect(sts.identityOf(printed.access_key_id)).toMatchObject({
        arn: 'acs:ram::1432949406168187:assumed-role/developer/dev',
        via: 'oidc:dev',
      })
      const asked = oidc.requests.find(({ path }) => path === '/device/auth')
      expect(asked?.body).toMatchObject({ code_challenge_method: 'S256', scope: 'openid offline_access' })

      expect(await must(home.run(['login', '--profile', 'corp']))).toBe(stdout)
      expect(await must(home.run(['credentials']))).toBe(stdout)
      expect(await must(home.run(['exec', '--', 'sh', '-c', 'echo $ALIBABA_CLOUD_ACCESS_KEY_ID']))).toContain(
        printed.access_key_id,
      )
      expect(actions(world)).toEqual(['AssumeRoleWithOIDC'])
      expect([...oidc.violations, ...sts.violations]).toEqual([])
    }),
  )

  test(
    'the token travels to STS in the form body, unsigned',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await must(world.home.run(['login', '--profile', 'corp']))
      const [call] = world.sts.requests
      expect(JSON.stringify(call?.body)).toContain(world.sts.receivedTokens[0])
      expect(`${call?.path}${JSON.stringify(call?.query)}`).not.toContain(world.sts.receivedTokens[0])
      expect(call?.headers.authorization).toBeUndefined()
    }),
  )

  test(
    'expired credentials are renewed with the refresh token, without a person; the new one is in the store',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const before = await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const { code, stdout, stderr } = await world.home.run(['credentials', '--profile', 'corp'])
      expect(code, stderr).toBe(0)
      expect(stdout).not.toBe(before)
      expect(world.oidc.log.filter(({ kind }) => kind === 'refused')).toEqual([])
      expect(grants(world)).toBeGreaterThan(1)
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      await must(world.home.run(['credentials', '--profile', 'corp']))
      expect(actions(world)).toHaveLength(3)
    }),
  )

  test(
    '[case 30] without a refresh token only the user can go on: exit 3 names the command, without a prompt',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { words: ['--scope', 'openid'] })
      await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const { oidc } = world
      const before = oidc.calls().length
      const { code, stdout, stderr } = await world.home.run(['credentials', '--profile', 'corp'])
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain('sesame login --profile corp')
      expect(oidc.calls()).toHaveLength(before)
    }),
  )

  test(
    '[case 22] a refresh token that the provider no longer knows: exit 3, tried once, and never again',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await must(world.home.run(['login', '--profile', 'corp']))
      expect(world.oidc.revokeGrants()).toBeGreaterThan(0)
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const before = grants(world)
      for (let run = 1; run <= 2; run++)
        expect((await world.home.run(['credentials', '--profile', 'corp'])).code).toBe(3)
      expect(grants(world)).toBe(before + 1)
    }),
  )

  test(
    '[case 23] a provider that is down: the credentials that are still valid are used, and the refresh token stays',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const before = await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', 60_000)
      ageTokens(world, 'token', -1000)
      world.oidc.fault('POST /token', { kind: 'status', status: 503 }, { times: 20 })
      const offline = await world.home.run(['credentials', '--profile', 'corp'])
      expect(offline.code, offline.stderr).toBe(0)
      expect(JSON.parse(offline.stdout).access_key_id).toBe(JSON.parse(before).access_key_id)
      expect(offline.stderr).toContain('Renewal failed, using cached credentials')
      ageTokens(world, 'credentials', -1000)
      expect((await world.home.run(['credentials', '--profile', 'corp'])).code).toBe(6)
      world.oidc.clearFaults()
      await must(world.home.run(['credentials', '--profile', 'corp']))
    }),
    30_000,
  )

  test(
    'what STS refuses is reported with its code, RequestId and what to do: exit 1',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      world.sts.refuse('AssumeRoleWithOIDC', 'AuthenticationFail.OIDCToken.AudienceNotMatch')
      const { code, stdout, stderr } = await world.home.run(['login', '--profile', 'corp'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/AuthenticationFail\.OIDCToken\.AudienceNotMatch.*\(.*[0-9A-F-]{8,}/s)
      expect(stderr).toMatch(/client id/i)
      await must(world.home.run(['login', '--profile', 'corp']))
    }),
  )

  test(
    'an ID token that STS finds expired is renewed once',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await must(world.home.run(['login', '--profile', 'corp']))
      ageTokens(world, 'credentials', -1000)
      world.sts.refuse('AssumeRoleWithOIDC', 'AuthenticationFail.OIDCToken.Expired')
      await must(world.home.run(['credentials', '--profile', 'corp']))
      expect(world.sts.calls.map(({ status }) => status)).toEqual([200, 401, 200])
      expect(grants(world)).toBe(2)
    }),
  )

  test(
    '[case 53] [case 54] a confidential client: its secret comes by stdin, is kept in the store, is in no file of the configuration',
    inOidcWorld({}, async (world) => {
      const { oidc, sts, home } = world
      const { clientId, clientSecret } = oidc.clients.basic
      const words = ['configure', '--profile', 'corp', '--issuer', oidc.issuer, '--client-id', clientId]
      const input = `${clientSecret}\n`
      await must(home.run([...words, '--client-secret-stdin'], { input }))
      expect(JSON.stringify(home.config())).not.toContain(clientSecret)
      expect(home.config().profiles.corp).toMatchObject({ confidential: true, store: 'plaintext' })
      expect(home.items().map(({ value }) => value.secret)).toEqual([clientSecret])
      await must(home.run(['login', '--profile', 'corp', '--no-browser']))
      expect(oidc.violations).toEqual([])
      expect(sts.calls).toEqual([])
      await must(home.run(['profile', 'delete', 'corp']))
      expect(home.items()).toEqual([])
    }),
  )
})

describe('an OIDC profile without a role', () => {
  test(
    'login says what it has, with an empty stdout; token get prints the token, renewed',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      const { home, oidc } = world
      const login = await home.run(['login', '--profile', 'corp'])
      expect(login).toMatchObject({ code: 0, stdout: '' })
      expect(login.stderr).toContain('Signed in as dev.')
      const access = (await must(home.run(['token', 'get', '--profile', 'corp']))).trim()
      expect(await must(home.run(['token', 'get', '--access']))).toBe(`${access}\n`)
      expect(oidc.issued.some(({ value }) => value === access)).toBe(true)
      const id = decode(await must(home.run(['token', 'get', '--id'])))
      expect(id).toMatchObject({ iss: oidc.issuer, aud: 'sesame-cli' })
      ageTokens(world, 'token', -1000)
      const renewed = (await must(home.run(['token', 'get']))).trim()
      expect(renewed).not.toBe(access)
      expect(decode(await must(home.run(['token', 'get', '--id']))).sub).toBe(id.sub)
      expect(oidc.violations).toEqual([])
    }),
  )

  test.each([
    ['credentials'],
    ['login', '--env'],
    ['login', '--format', 'aws'],
    ['exec', '--', 'true'],
    ['serve'],
  ])('%s %s %s is exit 2 and says what to do', (...words) =>
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      await must(world.home.run(['login', '--profile', 'corp']))
      const { code, stdout, stderr } = await world.home.run(words)
      expect(code, stderr).toBe(2)
      expect(stderr).toContain('sesame token get --profile corp')
      if (words[1] !== '--env') expect(stdout).toBe('')
    })(),
  )

  test(
    'token get without a sign-in is exit 3; of a CloudSSO profile exit 2',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      const none = await world.home.run(['token', 'get', '--profile', 'corp'])
      expect(none).toMatchObject({ code: 3, stdout: '' })
      expect(none.stderr).toContain('sesame login --profile corp')
      const url = 'https://signin.example.com/acme/login'
      await must(world.home.run(['configure', '--profile', 'sso', '--signin-url', url]))
      expect(await world.home.run(['token', 'get', '--profile', 'sso'])).toMatchObject({
        code: 2,
        stdout: '',
      })
    }),
  )
})

describe('roles built upon other profiles', () => {
  const chain = async ({ home, sts }: OidcWorld) => {
    const role = (name: string, source: string, ...words: string[]) =>
      must(
        home.run([
          ...['configure', '--profile', name, '--source-profile', source, '--role-arn', roleArn(name)],
          ...['--sts-endpoint', sts.url, ...words],
        ]),
      )
    await role('deployer', 'corp')
    await role('auditor', 'deployer', '--external-id', 'audit-2026', '--role-session-name', 'nightly')
  }

  test(
    'login on the last of three signs in at the base; each link is called with the credentials of the one before',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await chain(world)
      const { home, sts } = world
      const printed = JSON.parse(await must(home.run(['login', '--profile', 'auditor'])))
      expect(actions(world)).toEqual(['AssumeRoleWithOIDC', 'AssumeRole', 'AssumeRole'])
      expect(sts.identityOf(printed.access_key_id)?.arn).toBe(
        'acs:ram::1432949406168187:assumed-role/auditor/nightly',
      )
      expect(home.config().currentProfile).toBe('auditor')
      const middle = JSON.parse(await must(home.run(['credentials', '--profile', 'deployer'])))
      expect(sts.identityOf(middle.access_key_id)?.arn).toMatch(/assumed-role\/deployer\/dev$/)
      expect(actions(world)).toHaveLength(3)
      expect(sts.violations).toEqual([])
      const who = JSON.parse(await must(home.run(['whoami'])))
      expect(who).toMatchObject({ IdentityType: 'AssumedRoleUser', AccountId: '1432949406168187' })
      expect(who.Arn).toContain('auditor/nightly')
    }),
  )

  test(
    'a chained credential is renewed at the margin of the shortest link, and says when that is',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { words: ['--duration-seconds', '15m'] })
      await chain(world)
      const { home } = world
      const expiry = async (profile: string) =>
        Date.parse(JSON.parse(await must(home.run(['credentials', '--profile', profile]))).expiration)
      await must(home.run(['login', '--profile', 'auditor']))
      expect(await expiry('auditor')).toBe(await expiry('corp'))
      expect(await expiry('auditor')).toBeLessThan(Date.now() + 901_000)
      // Ten minutes later the base is within its margin, and nothing that was made of it outlives it.
      ageTokens(world, 'credentials', 290_000)
      await must(home.run(['credentials', '--profile', 'auditor']))
      expect(actions(world)).toHaveLength(6)
    }),
  )

  test(
    'a circle is exit 2 at once; a source that is not there yet a warning, and exit 2 in use',
    inOidcWorld({}, async (world) => {
      const { home } = world
      const role = (name: string, source: string) =>
        home.run(['configure', '--profile', name, '--source-profile', source, '--role-arn', roleArn(name)])
      const early = await role('deployer', 'corp')
      expect(early.code, early.stderr).toBe(0)
      expect(early.stderr).toContain('there is no profile corp yet')
      const used = await home.run(['credentials', '--profile', 'deployer'])
      expect(used).toMatchObject({ code: 2, stdout: '' })
      expect(used.stderr).toContain('corp')
      const circle = await role('corp', 'deployer')
      expect(circle).toMatchObject({ code: 2, stdout: '' })
      expect(circle.stderr).toContain('corp -> deployer -> corp')
      expect(Object.keys(home.config().profiles)).toEqual(['deployer'])
      await must(home.run(['profile', 'delete', 'deployer']))
    }),
  )

  test(
    'logout on a chained profile forgets its credentials and leaves the sign-in of the base',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      await chain(world)
      const { home } = world
      await must(home.run(['login', '--profile', 'deployer']))
      const { stderr } = await home.run(['logout', '--profile', 'deployer'])
      expect(stderr).toContain('The sign-in is that of profile corp, and stays.')
      await must(home.run(['credentials', '--profile', 'deployer']))
      expect(actions(world)).toEqual(['AssumeRoleWithOIDC', 'AssumeRole', 'AssumeRole'])
    }),
  )
})

describe('logout', () => {
  test(
    '[case 41] revokes the tokens at the provider and forgets them; a second logout is fine',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { home, oidc } = world
      await must(home.run(['login', '--profile', 'corp']))
      const { code, stdout, stderr } = await home.run(['logout', '--profile', 'corp'])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      expect(stderr).toContain('Its tokens were revoked at the provider.')
      expect(oidc.calls()).toContain('POST /token/revocation')
      expect(home.items()).toEqual([])
      expect((await home.run(['logout', '--profile', 'corp'])).code).toBe(0)
      expect((await home.run(['credentials', '--profile', 'corp'])).code).toBe(3)
      expect(oidc.violations).toEqual([])
    }),
  )

  test(
    '[case 41] says so when revoking failed; everything is forgotten here all the same',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { home, oidc } = world
      await must(home.run(['login', '--profile', 'corp']))
      oidc.fault('POST /token/revocation', { kind: 'status', status: 500 }, { times: 10 })
      const { code, stderr } = await home.run(['logout', '--profile', 'corp'])
      expect(code).toBe(0)
      expect(stderr).toContain('could not be revoked')
      expect(home.items()).toEqual([])
    }),
  )

  test(
    '--everywhere leads to where the session of the browser ends, without a token in the address',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { home, oidc } = world
      await must(home.run(['login', '--profile', 'corp']))
      const { stderr } = await home.run(['logout', '--profile', 'corp', '--everywhere'])
      expect(stderr).toContain(`go to: ${oidc.issuer}/session/end?client_id=sesame-cli`)
      expect(oidc.issued.some(({ value }) => stderr.includes(value))).toBe(false)
    }),
  )
})

describe('the authorization code flow on the loopback', () => {
  test(
    'login --flow code waits for the browser of this machine and goes on with what it brings',
    inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
      await configureCorp(world)
      const { home, oidc, sts } = world
      const running = home.start(['login', '--profile', 'corp', '--flow', 'code'])
      const [url = ''] = await running.stderrMatches(/http:\/\/127\S+\/[\w-]{43}(?=\n)/)
      const page = await oidc.visit(url)
      expect(page.status).toBe(200)
      expect(page.html).toMatch(/close this (page|tab|window)/i)
      const { code, stdout, stderr } = await running.finished
      expect(code, stderr).toBe(0)
      expect(sts.identityOf(JSON.parse(stdout).access_key_id)?.via).toBe('oidc:dev')
      expect(oidc.violations).toEqual([])
    }),
  )

  test(
    '[case 174] --redirect-port: the address is the registered one to the letter; a port in use is reported',
    inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
      const taken = createServer().listen(0, '127.0.0.1')
      await once(taken, 'listening')
      const { port } = taken.address() as AddressInfo
      await configureCorp(world, { words: ['--redirect-port', String(port), '--flow', 'code'] })
      const { home, oidc } = world
      const refused = await home.run(['login', '--profile', 'corp'])
      expect(refused).toMatchObject({ code: 6, stdout: '' })
      expect(refused.stderr).toContain(
        `Cannot listen on 127.0.0.1:${port} for the browser redirect (EADDRINUSE).\nAnother program, or another login, uses the port of --redirect-port.`,
      )
      taken.close()
      const running = home.start(['login', '--profile', 'corp'])
      const [url = ''] = await running.stderrMatches(/http:\/\/127\S+\/[\w-]{43}(?=\n)/)
      await oidc.visit(url)
      const { query } = oidc.requests.find(({ path }) => path === '/auth') ?? {}
      expect(query?.redirect_uri).toBe(`http://127.0.0.1:${port}/callback`)
      expect((await running.finished).code).toBe(0)
    }),
  )

  test(
    'a person who declines there ends the login with exit 4',
    inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
      await configureCorp(world)
      const running = world.home.start(['login', '--profile', 'corp', '--flow', 'code'])
      const [url = ''] = await running.stderrMatches(/http:\/\/127\S+\/[\w-]{43}(?=\n)/)
      await world.oidc.visit(url, { approve: false })
      expect(await running.finished).toMatchObject({ code: 4, stdout: '' })
    }),
  )
})

describe('configure', () => {
  test(
    'merges: what is not named stays; an empty text takes it away',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { words: ['--region', 'cn-hangzhou', '--role-session-name', 'me'] })
      const { home, oidc } = world
      await must(
        home.run(['configure', '--profile', 'corp', '--duration-seconds', '2h', '--role-session-name', '']),
      )
      expect(home.config().profiles.corp).toMatchObject({
        kind: 'oidc',
        issuer: oidc.issuer,
        durationSeconds: 7200,
        region: 'cn-hangzhou',
        oidcProviderArn: providerArn,
      })
      expect(home.config().profiles.corp).not.toHaveProperty('roleSessionName')
    }),
  )

  test.each([
    [['--issuer', 'http://id.example.com', '--client-id', 'a'], 'https://'],
    [['--issuer', 'https://id.example.com'], '--client-id'],
    [
      ['--issuer', 'https://id.example.com', '--client-id', 'a', '--role-arn', roleArn('a')],
      '--oidc-provider-arn',
    ],
    [
      ['--issuer', 'https://id.example.com', '--client-id', 'a', '--external-id', 'abc'],
      'different profiles',
    ],
    [['--source-profile', 'a', '--role-arn', 'role/admin'], '--role-arn'],
    [['--source-profile', 'a', '--role-arn', roleArn('a'), '--duration-seconds', '60'], '900'],
    [
      ['--source-profile', 'a', '--role-arn', roleArn('a'), '--role-session-name', 'a b'],
      '--role-session-name',
    ],
    [['--source-profile', 'a', '--role-arn', roleArn('a'), '--policy', '{'], '--policy'],
    [
      ['--source-profile', 'a', '--role-arn', roleArn('a'), '--sts-endpoint', 'http://sts.example.com'],
      'https',
    ],
    [['--source-profile', 'a', '--role-arn', roleArn('a'), '--scope', 'openid'], 'different profiles'],
    [['--region', 'cn-hangzhou'], '--issuer'],
  ])('refuses %j: exit 2, one clear line, nothing written', (words, expected) =>
    inOidcWorld({}, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['configure', '--profile', 'x', ...words])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(expected)
      expect(home.config().profiles).toEqual({})
    })(),
  )
})
