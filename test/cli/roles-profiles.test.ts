import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aliyunCloudSso, recordPlanted, writeAliyun } from '../support/foreign-home.ts'
import { type FourKinds, inFourKinds } from '../support/four-kinds.ts'
import { startKeyring } from '../support/keyring.ts'
import { ageTokens, must, roleArn } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const patience = 120_000

interface Finding {
  check: string
  status: string
  message: string
  fix?: string
}

/** The findings of `doctor --json` about one thing, as `status message -> fix`. */
async function findings(
  { home }: Pick<FourKinds, 'home'>,
  check: string,
  words: readonly string[] = [],
  env = {},
) {
  const { code, stdout, stderr } = await home.run(['doctor', '--json', ...words], { env })
  expect([0, 1], stderr).toContain(code)
  const all: Finding[] = JSON.parse(stdout)
  expect(code).toBe(all.some(({ status }) => status === 'problem') ? 1 : 0)
  return all
    .filter((finding) => finding.check === check)
    .map(({ status, message, fix }) => `${status} ${message}${fix === undefined ? '' : ` -> ${fix}`}`)
}

async function signInEverywhere({ home }: FourKinds): Promise<void> {
  for (const name of ['sso', 'auditor', 'api', 'tokens'])
    await must(home.run(['login', '--profile', name, '--no-browser']))
}

const instant = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'

describe.concurrent('profile list and show', () => {
  test(
    'all kinds in one table, and in JSON with the members that each has',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home } = world
      const before: unknown[] = JSON.parse(await must(home.run(['profile', '--json'])))
      expect(before).toHaveLength(6)
      await signInEverywhere(world)
      const table = await must(home.run(['profile']))
      for (const row of [
        /│\s*sso\s*│\s*1432949406168187\s*│\s*ac-01jpbjjez9lspbg18c61\s*│\s*Available\s*│\s*59 min\s*│/,
        /│\s*corp\s*│\s*1432949406168187\s*│\s*developer\s*│\s*Available\s*│/,
        /│\s*tokens \*\s*│\s*-\s*│\s*-\s*│\s*Available\s*│/,
        /│\s*api\s*│\s*-\s*│\s*-\s*│\s*Available\s*│\s*1 h 59 min\s*│/,
        /│\s*auditor\s*│\s*1432949406168187\s*│\s*auditor\s*│\s*Available\s*│/,
      ])
        expect(table).toMatch(row)
      const list: Record<string, unknown>[] = JSON.parse(await must(home.run(['profile', 'list', '--json'])))
      const expiration = expect.stringMatching(new RegExp(`^${instant}$`))
      const always = { current: false, status: 'valid', expiration, store: 'plaintext' }
      const accountId = '1432949406168187'
      expect(list).toEqual([
        {
          ...always,
          name: 'sso',
          kind: 'cloudsso',
          accountId,
          accessConfigurationId: 'ac-01jpbjjez9lspbg18c61',
        },
        { ...always, name: 'corp', kind: 'oidc', accountId, roleArn: roleArn('developer') },
        { ...always, name: 'tokens', kind: 'oidc', current: true },
        { ...always, name: 'api', kind: 'idaas' },
        { ...always, name: 'deployer', kind: 'role', accountId, roleArn: roleArn('deployer') },
        { ...always, name: 'auditor', kind: 'role', accountId, roleArn: roleArn('auditor') },
      ])
      ageTokens(world, 'credentials', -1000)
      const statuses = JSON.parse(await must(home.run(['profile', 'list', '--json'])))
      expect(statuses.map(({ status }: { status: string }) => status)).toEqual([
        ...['expired', 'expired', 'valid', 'valid', 'expired', 'expired'],
      ])
    }),
  )

  test(
    'show prints what belongs to each kind, and no secret',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, oidc, idaas, sts } = world
      const shown = async (name: string) => (await must(home.run(['profile', 'show', name]))).split('\n')
      expect(await shown('corp')).toEqual(
        expect.arrayContaining([
          `Issuer                ${oidc.issuer}`,
          'Client                sesame-cli',
          `Role                  ${roleArn('developer')}`,
          `STS endpoint          ${sts.url}`,
          'Status                none',
        ]),
      )
      const api = await shown('api')
      expect(api).toContain(`Application           ${idaas.application.applicationUuid}`)
      expect(api.join('\n')).not.toContain(idaas.settings.appSecret)
      expect(await shown('auditor')).toEqual(
        expect.arrayContaining([
          'Source profile        deployer',
          `Role                  ${roleArn('auditor')}`,
          'External id           audit-2026',
        ]),
      )
      expect(JSON.parse(await must(home.run(['profile', 'show', 'auditor', '--json'])))).toEqual({
        name: 'auditor',
        current: false,
        kind: 'role',
        accountId: '1432949406168187',
        roleArn: roleArn('auditor'),
        status: 'none',
        signInUrl: oidc.issuer,
      })
    }),
  )

  test(
    'delete of an OIDC base takes the credentials of the roles built upon it along; of IDaaS its secret',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home } = world
      await signInEverywhere(world)
      const keys = (pattern: RegExp) => home.items().filter(({ key }) => pattern.test(key)).length
      expect(keys(/^credentials:role/)).toBe(3)
      const base = await home.run(['profile', 'delete', 'corp'])
      expect(base).toMatchObject({ code: 0, stdout: '' })
      expect(keys(/^credentials:role/)).toBe(0)
      expect(keys(/idaas/)).toBe(2)
      await must(home.run(['profile', 'delete', 'api']))
      expect(keys(/idaas/)).toBe(0)
      const broken = JSON.parse(await must(home.run(['profile', '--json'])))
      expect(broken.map(({ name }: { name: string }) => name)).toEqual([
        'sso',
        'tokens',
        'deployer',
        'auditor',
      ])
    }),
  )
})

describe.concurrent('doctor', () => {
  test(
    'says of each kind what a program would get, and asks portal, issuer, IDaaS and STS once each',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, portal, oidc, sts, idaas } = world
      expect(await findings(world, 'profile', ['--offline'])).toEqual([
        'warning sso: signed out -> sesame login --profile sso',
        'warning corp: signed out -> sesame login --profile corp',
        'warning tokens: signed out -> sesame login --profile tokens',
        'ok api: no tokens yet; renews by itself',
        'warning deployer: signed out -> sesame login --profile deployer',
        'warning auditor: signed out -> sesame login --profile auditor',
      ])
      await signInEverywhere(world)
      const before = [portal, oidc, sts, idaas].map(({ requests }) => requests.length)
      const lines = (await must(home.run(['doctor']))).split('\n')
      const line = (check: string, message: string) =>
        expect(
          lines.filter((each) => new RegExp(`^ok +${check} +${message}$`).test(each)),
          check,
        ).toHaveLength(1)
      line('profile', `sso: valid until ${instant}; renews by itself until ${instant}`)
      line('profile', `corp: valid until ${instant}; renews by itself`)
      line('profile', `tokens \\(current\\): tokens valid until ${instant}; renews by itself`)
      line('profile', `api: tokens valid until ${instant}; renews by itself`)
      line('profile', `auditor: valid until ${instant}; renews by itself`)
      line('portal', `${portal.url} answers in \\d+ ms, directly, loopback without TLS`)
      line('issuer', `${oidc.issuer} answers in \\d+ ms, directly, loopback without TLS`)
      line('idaas', `${idaas.url} answers in \\d+ ms, directly, loopback without TLS`)
      line('sts', `${sts.url} answers in \\d+ ms, directly, loopback without TLS`)
      const asked = [portal, oidc, sts, idaas].map(({ requests }, i) =>
        requests.slice(before[i]).map(({ method, path }) => `${method} ${path}`),
      )
      expect(asked).toEqual([
        ['POST /token'],
        ['GET /.well-known/openid-configuration'],
        ['GET /'],
        ['POST /api/public/bff/v1.2/application/plugin_jwt_sts/retrieve_id_token/doctor'],
      ])
    }),
  )

  test(
    'a role without its source, a circle, a lost secret: each is a problem with its mending',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home } = world
      home.change(({ value }) => value)
      await must(home.run(['profile', 'delete', 'corp']))
      const path = join(home.directory, 'config.json')
      const config = JSON.parse(readFileSync(path, 'utf8'))
      config.profiles.a = { ...config.profiles.deployer, sourceProfile: 'b' }
      config.profiles.b = { ...config.profiles.deployer, sourceProfile: 'a' }
      config.profiles.secretless = { ...config.profiles.tokens, confidential: true, clientId: 'other' }
      config.profiles.lost = { ...config.profiles.api, appKey: 'another' }
      writeFileSync(path, JSON.stringify(config))
      expect(await findings(world, 'profile', ['--offline'])).toEqual([
        'warning sso: signed out -> sesame login --profile sso',
        'warning tokens: signed out -> sesame login --profile tokens',
        'ok api: no tokens yet; renews by itself',
        'problem deployer: Profile deployer is built on profile corp, which does not exist. -> ' +
          'Create it with "sesame configure --profile corp", or name another --source-profile.',
        'problem auditor: Profile deployer is built on profile corp, which does not exist. -> ' +
          'Create it with "sesame configure --profile corp", or name another --source-profile.',
        'problem a: The roles form a circle: a -> b -> a. -> Give one of them another --source-profile.',
        'problem b: The roles form a circle: b -> a -> b. -> Give one of them another --source-profile.',
        'problem secretless: its secret is not in the store -> sesame configure --profile secretless --client-secret-stdin',
        'problem lost: its secret is not in the store -> sesame configure --profile lost --app-secret-stdin',
      ])
      expect(await findings(world, 'profile', ['--offline', '--profile', 'a'])).toHaveLength(1)
    }),
  )

  test(
    'an issuer that hangs, is another, or is no OpenID provider; an STS that is down: problems, within 10 s',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, oidc, sts } = world
      const discovery = 'GET /.well-known/openid-configuration'
      oidc.fault(discovery, { kind: 'hang' }, { times: 5 })
      const startedMs = performance.now()
      const [hung, ...none] = await findings(world, 'issuer')
      expect(performance.now() - startedMs).toBeLessThan(60_000)
      expect(none).toEqual([])
      expect(hung).toBe(
        `problem ${oidc.issuer}: no answer within 5 s -> Check the network, then: sesame doctor`,
      )
      oidc.clearFaults()
      oidc.transform(discovery, (body) => ({ ...(body as object), issuer: 'https://evil.example' }))
      expect(await findings(world, 'issuer')).toEqual([
        expect.stringMatching(/^problem .*https:\/\/evil\.example/),
      ])
      oidc.fault(discovery, { kind: 'status', status: 404 })
      expect(await findings(world, 'issuer')).toEqual([
        expect.stringMatching(/^problem .*no OpenID provider.* status 404/),
      ])
      await sts.close()
      expect(await findings(world, 'sts')).toEqual([expect.stringMatching(/^problem .*ECONNREFUSED/)])
      // A profile without a role does not need STS.
      expect(await findings(world, 'sts', ['--profile', 'tokens'])).toEqual([])
      expect(home.locks()).toEqual([])
    }),
  )

  test('with a keychain: a role that never signed in itself is kept where its source is, and is found there', {
    timeout: patience,
  }, async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    try {
      await inFourKinds(
        async (world) => {
          const { home } = world
          await must(home.run(['login', '--profile', 'corp', '--no-browser']))
          await must(home.run(['credentials', '--profile', 'auditor']))
          const stores = await findings(world, 'store', ['--offline', '--profile', 'auditor'])
          expect(stores).toEqual([expect.stringMatching(/^ok keychain: unlocked/)])
          expect(await findings(world, 'profile', ['--offline', '--profile', 'auditor'])).toEqual([
            expect.stringMatching(/^ok auditor: valid until \S+; renews by itself$/),
          ])
          const shown = JSON.parse(await must(home.run(['profile', 'show', 'auditor', '--json'])))
          expect(shown).toMatchObject({ status: 'valid' })
        },
        { DBUS_SESSION_BUS_ADDRESS },
      )()
    } finally {
      await keyring.stop()
    }
  })
})

describe.concurrent('configure of a profile that was used', () => {
  test(
    '[case 41] forgets what no profile leads to any more, and nothing that another one still uses',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home } = world
      await signInEverywhere(world)
      const count = (pattern: RegExp) => home.items().filter(({ key }) => pattern.test(key)).length
      const configure = (name: string, ...words: string[]) =>
        must(home.run(['configure', '--profile', name, ...words]))
      await configure('deployer', '--duration-seconds', '15m')
      // The role itself, and the one that is built upon it; that of the base stays.
      expect(count(/^credentials:role/)).toBe(1)
      await must(home.run(['credentials', '--profile', 'auditor']))
      expect(count(/^credentials:role/)).toBe(3)
      await configure('corp', '--client-id', 'another')
      expect(count(/^credentials:role/)).toBe(0)
      // The sign-in of the former client is also that of this one.
      expect(count(/^token:oidc/)).toBe(1)
      await configure('tokens', '--client-id', 'another')
      expect(count(/^token:oidc/)).toBe(0)
      await configure('api', '--app-key', 'another-key')
      expect(count(/idaas/)).toBe(0)
      expect(count(/^(token|credentials):cloudsso/)).toBe(2)
    }),
  )
})

describe.concurrent('profile import over a profile of another kind', () => {
  test(
    'leaves it alone and says so; --overwrite replaces it, and leaves nothing of it behind',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, portal } = world
      recordPlanted()
      await signInEverywhere(world)
      writeAliyun(
        home.home,
        ['corp', 'deployer', 'api'].map((name) => aliyunCloudSso(name, portal.signInUrl)),
      )
      const before = home.config().profiles
      const taken = await home.run(['profile', 'import', '--from', 'aliyun'])
      expect(taken.code, taken.stderr).toBe(0)
      for (const name of ['corp', 'deployer', 'api'])
        expect(taken.stdout + taken.stderr).toMatch(new RegExp(`${name} .*--overwrite`))
      expect(home.config().profiles).toEqual(before)
      await must(home.run(['credentials', '--profile', 'auditor']))

      const replaced = await home.run(['profile', 'import', '--from', 'aliyun', '--overwrite'])
      expect(replaced.code, replaced.stderr).toBe(0)
      expect(home.config().profiles.corp).toMatchObject({ kind: 'cloudsso', accountId: '0012345678901234' })
      expect(home.config().profiles.corp).not.toHaveProperty('roleArn')
      // What the former profiles kept, no name leads to any more.
      expect(
        home
          .items()
          .filter(({ key }) => /^credentials:role|idaas/.test(key))
          .map(({ key }) => key),
      ).toEqual([])
    }),
  )
})
