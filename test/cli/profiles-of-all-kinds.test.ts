import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

const patience = 120_000

/** Starts a login and approves it on the provider's page. */
async function signIn({ home, oidc }: OidcWorld, name: string): Promise<void> {
  const login = home.start(['login', '--profile', name, '--flow', 'device'])
  const [, code = ''] = await login.stderrMatches(/enter the code:\n {2}(\S+)\n/)
  await oidc.approve(code)
  await must(login.finished)
}

async function configureRole({ home, sts }: OidcWorld, name: string, source: string, role = name) {
  const words = ['--source-profile', source, '--role-arn', roleArn(role), '--sts-endpoint', sts.url]
  await must(home.run(['configure', '--profile', name, ...words]))
}

/** A configuration as a user may have edited it. */
function edit({ home, oidc, sts }: OidcWorld, corp: Record<string, unknown>): void {
  const profile = {
    kind: 'oidc',
    issuer: oidc.issuer,
    clientId: oidc.clients.public.clientId,
    roleArn: roleArn('developer'),
    oidcProviderArn: providerArn,
    stsEndpoint: sts.url,
    ...corp,
  }
  const config = { version: 1, profiles: { corp: profile } }
  writeFileSync(join(home.directory, 'config.json'), JSON.stringify(config), { mode: 0o600 })
}

describe('answers in time', () => {
  test(
    '[case 46] a sign-in to one profile that takes its time does not hold up the others of its provider for long',
    { timeout: patience },
    inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
      const { home } = world
      await configureCorp(world)
      await configureCorp(world, { name: 'other', words: ['--duration-seconds', '1h'] })
      await configureRole(world, 'deployer', 'other')
      await signIn(world, 'corp')
      await must(home.run(['login', '--profile', 'deployer']))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const pending = home.start(['login', '--profile', 'corp', '--force', '--flow', 'device'], {
        ownProcess: true,
      })
      await pending.stderrMatches(/enter the code/)
      const startMs = performance.now()
      const waiting = ['other', 'deployer'].map((name) => home.run(['credentials', '--profile', name]))
      for (const { code, stdout, stderr } of await Promise.all(waiting)) {
        expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
        expect(stderr).toContain('is still at work on it')
        expect(stderr).not.toContain('kill')
      }
      expect(performance.now() - startMs).toBeLessThan(60_000)
      pending.child.kill('SIGTERM')
      await pending.finished
      await must(home.run(['credentials', '--profile', 'deployer']))
    }),
  )
})

describe('one sign-in for all profiles of a provider', () => {
  const byItself = { SESAME_STORE: 'auto', SESAME_PASSPHRASE: 'open, please' }

  test(
    'a new profile renews the sign-in of another one, wherever the store was found by itself',
    { timeout: patience },
    inOidcWorld({ env: byItself, oidc: { accessTokenSeconds: 3, idTokenSeconds: 3 } }, async (world) => {
      const { home, oidc } = world
      await configureCorp(world)
      await must(home.run(['login', '--profile', 'corp']))
      await configureCorp(world, { name: 'second' })
      await configureCorp(world, { name: 'tokens', role: false })
      for (const name of ['second', 'tokens']) {
        await new Promise((resolve) => setTimeout(resolve, 3100))
        const { code, stderr } = await home.run(['login', '--profile', name])
        expect(code, stderr).toBe(0)
        expect(stderr).not.toContain('enter the code')
      }
      expect(oidc.calls().filter((call) => call === 'POST /device/auth')).toHaveLength(1)
    }),
  )

  test(
    'deleting one of them leaves the others signed in; deleting the last one revokes',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, oidc } = world
      await configureCorp(world)
      await configureCorp(world, { name: 'tokens', role: false })
      await must(home.run(['login', '--profile', 'corp']))
      await must(home.run(['profile', 'delete', 'corp']))
      expect(home.items().map(({ key }) => key.split(':')[0])).toEqual(['token'])
      await must(home.run(['token', 'get', '--profile', 'tokens']))
      expect(oidc.calls()).not.toContain('POST /token/revocation')
      await must(home.run(['profile', 'delete', 'tokens']))
      expect(home.items()).toEqual([])
      expect(oidc.calls()).toContain('POST /token/revocation')
    }),
  )
})

describe('roles', () => {
  test(
    '[case 30] credentials in the store that STS no longer accepts are replaced once, without a person',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home, sts } = world
      await configureCorp(world)
      await configureRole(world, 'deployer', 'corp')
      await must(home.run(['login', '--profile', 'corp']))
      const forgotten = 'STS.NotKnownAnyMore000000000'
      home.change(({ key, value }) =>
        key.startsWith('credentials') ? { ...value, accessKeyId: forgotten } : value,
      )
      await must(home.run(['credentials', '--profile', 'deployer']))
      expect(sts.calls.map(({ action, status }) => `${action} ${status}`)).toEqual([
        'AssumeRoleWithOIDC 200',
        'AssumeRole 404',
        'AssumeRoleWithOIDC 200',
        'AssumeRole 200',
      ])
      const { access_key_id } = JSON.parse(await must(home.run(['credentials', '--profile', 'corp'])))
      expect(access_key_id).not.toBe(forgotten)
    }),
  )
})

describe('an edited configuration', () => {
  const asked = /enter the code|browser/

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an issuer that is no address', { issuer: 'javascript:alert(1)' }, /The issuer is not a web address/],
    ['an issuer without TLS', { issuer: 'http://id.example' }, /The issuer must start with https/],
    ['no issuer', { issuer: '' }, /lacks issuer/],
    ['an unknown flow', { flow: 'bogus' }, /--flow can be auto, code, device/],
    ['a negative duration', { durationSeconds: -5 }, /--duration-seconds must be 900/],
    ['a huge policy', { policy: 'x'.repeat(500_000) }, /--policy must be 1 to 2048/],
    ['control characters', { roleArn: 'evil\u001b[31m' }, /--role-arn must be .*not evil\\u001b\[31m/],
    ['a client id with a line break', { clientId: 'a\nb' }, /--client-id must be printable ASCII/],
    ['an STS without TLS', { stsEndpoint: 'http://sts.example' }, /--sts-endpoint must start with https/],
    ['no region', { region: '../x' }, /--region must be a region id/],
    ['a port that is none', { redirectPort: 99_999, flow: 'code' }, /--redirect-port must be/],
    [
      'a source with a line break',
      { kind: 'role', sourceProfile: 'a\nb' },
      /sourceProfile of profile corp cannot/,
    ],
    ['a role of itself', { kind: 'role', sourceProfile: 'corp' }, /form a circle: corp -> corp/],
  ])(
    '%s is reported in two lines with exit 2, before the user is asked',
    { timeout: patience },
    (_what, change, message) =>
      inOidcWorld({}, async (world) => {
        edit(world, change)
        for (const command of ['login', 'credentials', 'whoami']) {
          const { code, stdout, stderr } = await world.home.run([command, '--profile', 'corp'])
          expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
          expect(stderr).toMatch(message)
          expect(stderr).not.toMatch(asked)
          expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
        }
        expect(world.oidc.calls()).toEqual([])
      })(),
  )

  test(
    'one profile that cannot be signed out does not keep the others signed in; it can be deleted',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home } = world
      await configureCorp(world)
      await must(home.run(['login', '--profile', 'corp']))
      const config = home.config()
      const profiles = {
        bad: { kind: 'cloudsso', signInUrl: 'http://evil.example/login' },
        ...config.profiles,
      }
      writeFileSync(join(home.directory, 'config.json'), JSON.stringify({ ...config, profiles }))
      const { code, stderr } = await home.run(['logout', '--all'])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^Profile bad could not be signed out: .*https/m)
      expect(stderr).toMatch(/^Signed out of profile corp\.$/m)
      expect(home.items()).toEqual([])
      await must(home.run(['profile', 'delete', 'bad']))
    }),
  )
})

describe('configure', () => {
  test(
    'an empty text takes a duration and a port away',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home } = world
      await configureCorp(world, { words: ['--duration-seconds', '1h', '--redirect-port', '8400'] })
      expect(home.config().profiles.corp).toMatchObject({ durationSeconds: 3600, redirectPort: 8400 })
      await must(
        home.run(['configure', '--profile', 'corp', '--duration-seconds', '', '--redirect-port', '']),
      )
      expect(Object.keys(home.config().profiles.corp ?? {})).not.toContain('durationSeconds')
      expect(Object.keys(home.config().profiles.corp ?? {})).not.toContain('redirectPort')
    }),
  )

  test(
    'the secret of an application is not taken for that of a client; another client starts without one',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home } = world
      await configureCorp(world)
      const wrong = await home.run(['configure', '--profile', 'corp', '--app-secret-stdin'], {
        input: 'not-a-secret-of-this-client',
      })
      expect(wrong.code).toBe(2)
      expect(wrong.stderr).toContain('--client-secret-stdin')
      expect(home.items()).toEqual([])
      await must(
        home.run(['configure', '--profile', 'corp', '--client-secret-stdin'], { input: 'a-client-secret' }),
      )
      expect(home.config().profiles.corp).toMatchObject({ confidential: true })
      await must(home.run(['configure', '--profile', 'corp', '--client-id', 'another']))
      expect(Object.keys(home.config().profiles.corp ?? {})).not.toContain('confidential')
    }),
  )

  test(
    'with nothing but a name, and no terminal, it says what can be said about a profile',
    { timeout: patience },
    inOidcWorld({}, async ({ home }) => {
      const { code, stderr } = await home.run(['configure', '--profile', 'corp'])
      expect(code).toBe(2)
      expect(stderr).toContain('--issuer and --client-id')
    }),
  )
})

describe('words that can be typed as they are', () => {
  test(
    'names with spaces are quoted wherever a command is shown',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home } = world
      await configureCorp(world, { name: 'my corp', role: false })
      await configureRole(world, 'my role', 'my corp', 'deployer')
      const printed = async (...words: string[]) => (await home.run(words)).stderr
      const get = 'sesame token get --profile "my corp"'
      expect(await printed('login', '--profile', 'my corp')).toContain(get)
      expect(await printed('credentials', '--profile', 'my corp')).toContain(get)
      expect(await printed('login', '--profile', 'my role', '--env')).toContain(get)
      expect(await printed('token', 'get', '--profile', 'my role')).toContain(
        'sesame credentials --profile "my role"',
      )
      expect(await printed('login', '--profile', 'my role', '--account-id', '1')).toContain(
        'sesame configure --profile "my role" --role-arn',
      )
      expect(
        await printed('configure', '--profile', 'my corp', '--idaas-url', 'https://idaas.example'),
      ).toContain('sesame profile delete "my corp"')
    }),
  )

  test(
    'a name that is mistyped is reported as such; an ID token needs its scope',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      const { home } = world
      await configureCorp(world, { role: false, words: ['--scope', 'offline_access'] })
      expect(await home.run(['credentials', '--profile', 'crop'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('There is no such profile'),
      })
      expect(await home.run(['token', 'get', '--profile', 'corp', '--id'])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('its scope is "offline_access"'),
      })
    }),
  )
})
