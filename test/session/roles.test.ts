import { beforeEach, describe, expect, test } from 'vitest'
import type { RoleProfile } from '../../src/profiles/index.ts'
import { getCredentials, login, whoAmI } from '../../src/session/index.ts'
import { serveOidc } from '../support/peers/oidc.ts'
import { type Portal, servePortal, ssoRole } from '../support/peers/portal.ts'
import { type Sts, serveSts, refusal as stsRefusal } from '../support/peers/sts.ts'
import { scriptPerson } from '../support/script-person.ts'
import { type SessionWorld, sessionWorld } from '../support/session-world.ts'

const minute = 60_000
const exchange = 'POST /cloud-credentials'
const sts = 'POST /'
const roleArn = (name: string) => `acs:ram::1001:role/${name}`

let world: SessionWorld
let portal: Portal
let cloud: Sts
beforeEach(() => {
  world = sessionWorld()
  portal = servePortal(world)
  cloud = serveSts(world)
  portal.tokenSeconds = 12 * 3600
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  world.profile('dev', { kind: 'cloudsso' })
  cloud.roles[roleArn('deployer')] = { trusts: ssoRole }
  cloud.roles[roleArn('auditor')] = { trusts: roleArn('deployer') }
  role('deployer', 'dev')
  role('auditor', 'deployer')
})

function role(name: string, sourceProfile: string, settings: Partial<RoleProfile> = {}): void {
  world.profile(name, { kind: 'role', roleArn: roleArn(name), sourceProfile, ...settings })
}

async function signIn(name: string, force = false) {
  world.wire.sent.length = 0
  world.locks.length = 0
  const person = scriptPerson()
  const result = await login(name, { wanted: {}, force }, world.context(), person)
  if (result.kind !== 'credentials') throw new Error('it gave tokens')
  return { stored: result.stored, person }
}

async function ask(name: string, minTtlSeconds = 0) {
  world.wire.sent.length = 0
  cloud.answered.length = 0
  const { credentials, lifetime } = await getCredentials(name, { minTtlSeconds }, world.context())
  const key = world.keys.find(credentials.accessKeyId)
  return { arn: key?.arn, own: key?.expiresAt, expiresAt: credentials.expiresAt, lifetime }
}

const itemsOf = (text: string) => world.kept().filter((key) => key.includes(text))

describe('a login on a chain of roles', () => {
  test('signs in at its base, and assumes each role with the credentials of the one before', async () => {
    const { stored, person } = await signIn('auditor')
    expect(world.wire.calls().slice(-3)).toEqual([exchange, sts, sts])
    expect(person.shown).toHaveLength(1)
    expect(cloud.answered).toMatchObject([
      { action: 'AssumeRole', host: 'sts.aliyuncs.com', values: { RoleArn: roleArn('deployer') } },
      { action: 'AssumeRole', host: 'sts.aliyuncs.com', values: { RoleArn: roleArn('auditor') } },
    ])
    expect(world.keys.find(stored.credentials.accessKeyId)?.arn).toBe(roleArn('auditor'))
  })

  test('keeps what each link gave, and makes the named profile current, none of the others', async () => {
    await signIn('auditor')
    expect(itemsOf('credentials')).toHaveLength(3)
    expect(world.config.currentProfile).toBe('auditor')
    expect([...world.config.profiles].map(([name, { store }]) => [name, store])).toEqual([
      ['dev', 'keychain'],
      ['deployer', 'keychain'],
      ['auditor', 'keychain'],
    ])
  })

  test('that STS refuses leaves the current profile as it was, though the base has signed in', async () => {
    world.config = { ...world.config, currentProfile: 'elsewhere' }
    cloud.roles[roleArn('auditor')] = { trusts: roleArn('another') }
    await expect(signIn('auditor')).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
    expect(itemsOf('credentials')).toHaveLength(2)
    expect(world.config.currentProfile).toBe('elsewhere')
  })

  test('takes the locks from its end to its base', async () => {
    await signIn('auditor')
    expect(world.locks.map((name) => name.slice(0, 16))).toEqual([
      'profile:auditor',
      'profile:deployer',
      'profile:dev',
      'token:cloudsso:h',
    ])
  })

  test('takes what is fresh on the way', async () => {
    await signIn('deployer')
    await signIn('auditor')
    expect(world.wire.calls()).toEqual([sts])
    await signIn('auditor')
    expect(world.wire.calls()).toEqual([])
  })

  test('with --force begins at the base again', async () => {
    await signIn('auditor')
    await signIn('auditor', true)
    expect(world.wire.calls()).toContain('POST /device-authorization')
    expect(world.wire.calls().filter((call) => call === sts)).toHaveLength(2)
  })

  test('has no account to choose: that is said with the command for its base', async () => {
    const choosing = async () =>
      login('auditor', { wanted: { account: '1001' }, force: false }, world.context(), scriptPerson())
    await expect(choosing()).rejects.toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('--profile dev --account-id'),
    })
    expect(world.wire.calls()).toEqual([])
  })
})

describe('credentials of a role', () => {
  test('expire with the source when that ends first', async () => {
    await signIn('deployer')
    world.clock.advance(30 * minute)
    cloud.defaultSeconds = 12 * 3600
    const { expiresAt, own } = await ask('auditor')
    const source = (await ask('deployer')).expiresAt
    expect(expiresAt).toEqual(source)
    expect(own?.getTime()).toBeGreaterThan(source.getTime() + 10 * 3600_000)
  })

  test('expire by themselves when they end before the source', async () => {
    await signIn('deployer')
    cloud.defaultSeconds = 900
    const { expiresAt, own } = await ask('auditor')
    expect(expiresAt).toEqual(own)
    expect(expiresAt.getTime()).toBeLessThan((await ask('deployer')).expiresAt.getTime() - 40 * minute)
  })

  test('are renewed with the margin of the life that ends first', async () => {
    await signIn('deployer')
    world.clock.advance(54 * minute)
    cloud.defaultSeconds = 12 * 3600
    // Six minutes are left of the source, which is to be renewed in its last five, though half of six would be less.
    await signIn('auditor')
    world.clock.advance(minute / 2)
    await ask('auditor')
    expect(world.wire.calls()).toEqual([])
    world.clock.advance(minute)
    expect((await ask('auditor')).expiresAt.getTime()).toBeGreaterThan(
      world.clock.now().getTime() + 50 * minute,
    )
    expect(world.wire.calls()).toEqual([exchange, sts, sts])
  })

  test('have --min-ttl seconds left, and so has everything they are made of', async () => {
    await signIn('auditor')
    world.clock.advance(20 * minute)
    await ask('auditor', 2399)
    expect(world.wire.calls()).toEqual([])
    await ask('auditor', 2400)
    expect(world.wire.calls()).toEqual([exchange, sts, sts])
  })

  test('are renewed once for all who ask at the same time', async () => {
    await signIn('auditor')
    world.clock.advance(57 * minute)
    world.wire.sent.length = 0
    await Promise.all(Array.from({ length: 10 }, () => getCredentials('auditor', {}, world.context())))
    expect(world.wire.calls()).toEqual([exchange, sts, sts])
  })

  test('[case 30] of a source that STS no longer accepts: it is renewed once, at the one link', async () => {
    await signIn('auditor')
    const [item = ''] = itemsOf('role%2Fauditor').map((key) => key.replace('keychain ', ''))
    world.stores.keychain.items.delete(item)
    world.wire.fault(sts, stsRefusal(400, 'InvalidSecurityToken.Expired'))
    expect((await ask('auditor')).arn).toBe(roleArn('auditor'))
    expect(cloud.answered.map(({ values }) => values.RoleArn)).toEqual([
      roleArn('deployer'),
      roleArn('auditor'),
    ])
  })

  test('[case 30] a sign-in that is over is reported with the command for the profile that was asked for', async () => {
    await expect(ask('auditor')).rejects.toMatchObject({
      code: 'ERR_LOGIN_REQUIRED',
      message: expect.stringContaining('sesame login --profile auditor'),
    })
  })

  test('a refusal by STS is the end, with its code', async () => {
    await signIn('dev')
    cloud.roles[roleArn('deployer')] = { trusts: roleArn('another') }
    await expect(ask('deployer')).rejects.toMatchObject({ code: 'ERR_FORBIDDEN', serverCode: 'NoPermission' })
    expect(world.wire.calls()).toEqual([sts])
  })
})

describe('what a role is asked for with', () => {
  const valuesFor = async (settings: Partial<RoleProfile>) => {
    role('deployer', 'dev', { ...settings, store: 'keychain' })
    await ask('deployer')
    return cloud.answered[0]
  }
  beforeEach(() => signIn('dev'))

  test('is what the profile says', async () => {
    const policy = '{"Version":"1","Statement":[]}'
    cloud.roles[roleArn('deployer')] = { trusts: ssoRole, externalId: 'x-1' }
    const settings = { durationSeconds: 1800, policy, externalId: 'x-1', roleSessionName: 'ci' }
    expect((await valuesFor(settings))?.values).toEqual({
      RoleArn: roleArn('deployer'),
      RoleSessionName: 'ci',
      DurationSeconds: '1800',
      Policy: policy,
      ExternalId: 'x-1',
    })
  })

  test('has nothing that is not said; the session has the name of the user of the machine', async () => {
    expect((await valuesFor({}))?.values).toEqual({
      RoleArn: roleArn('deployer'),
      RoleSessionName: 'machine-user',
    })
  })

  test.each([
    [{ region: 'cn-hangzhou' }, 'sts.cn-hangzhou.aliyuncs.com'],
    [{ region: 'cn-wuhan' }, 'sts.aliyuncs.com'],
    [{ stsEndpoint: 'sts-vpc.cn-hangzhou.aliyuncs.com' }, 'sts-vpc.cn-hangzhou.aliyuncs.com'],
    [{ region: 'cn-beijing', stsEndpoint: 'sts.us-east-1.aliyuncs.com' }, 'sts.us-east-1.aliyuncs.com'],
  ])('goes to the STS of %j', async (settings, host) => {
    expect((await valuesFor(settings))?.host).toBe(host)
  })

  test.each([
    { region: 'cn-beijing' },
    { stsEndpoint: 'sts.cn-beijing.aliyuncs.com' },
    { durationSeconds: 1800 },
    { policy: '{"Version":"1","Statement":[]}' },
    { roleSessionName: 'ci' },
  ])('[case 42] with %j gives other credentials, which have an item of their own', async (settings) => {
    await valuesFor({ region: 'cn-hangzhou' })
    const before = itemsOf('role%2Fdeployer')
    expect(await valuesFor({ region: 'cn-hangzhou', ...settings })).toBeDefined()
    const after = itemsOf('role%2Fdeployer')
    expect(after).toHaveLength(2)
    expect(after).toEqual(expect.arrayContaining(before))
    expect(await valuesFor({ region: 'cn-hangzhou' })).toBeUndefined()
  })

  test('[case 42] on top of another source is another item', async () => {
    portal.accounts.push({ id: '1002', name: 'other', configurations: [{ id: 'ac-9', name: 'admin' }] })
    const choice = { accountId: '1002', accessConfigurationId: 'ac-9', store: 'keychain' } as const
    world.profile('prod', { kind: 'cloudsso', ...choice })
    await valuesFor({})
    role('deployer', 'prod', { store: 'keychain' })
    await ask('deployer')
    expect(world.wire.calls()).toEqual([exchange, sts])
    expect(itemsOf('role%2Fdeployer')).toHaveLength(2)
  })
})

describe('chains that cannot be', () => {
  test.each([
    ['a circle', 'deployer', 'auditor'],
    ['a source that does not exist', 'deployer', 'nothing'],
  ])('%s is ERR_CONFIG, before any request', async (_what, name, source) => {
    role(name, source)
    await expect(ask('auditor')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
    await expect(signIn('auditor')).rejects.toMatchObject({ code: 'ERR_CONFIG' })
    expect(world.wire.calls()).toEqual([])
  })
})

test('a role is kept where its source is, unless a store is named for it', async () => {
  world.auto = 'encrypted-file'
  await signIn('dev')
  world.auto = 'keychain'
  await ask('deployer')
  expect(world.kept().every((key) => key.startsWith('encrypted-file'))).toBe(true)
})

test('a session on top of an OIDC sign-in has the name of who signed in there', async () => {
  const oidc = serveOidc(world)
  const oidcProviderArn = 'acs:ram::1001:oidc-provider/corp'
  oidc.onIdToken = (idToken, expiresAt) => cloud.idTokens.set(idToken, expiresAt)
  cloud.roles[roleArn('developer')] = { trusts: oidcProviderArn }
  cloud.roles[roleArn('reader')] = { trusts: roleArn('developer') }
  const { issuer, clientId } = oidc
  const base = { kind: 'oidc', issuer, clientId, roleArn: roleArn('developer'), oidcProviderArn } as const
  world.profile('corp', base)
  role('reader', 'corp')
  await signIn('reader')
  expect(cloud.answered.map(({ values }) => values.RoleSessionName)).toEqual(['dev', 'dev'])
})

test('whoami is what STS says of the credentials, at the STS of the profile', async () => {
  await signIn('dev')
  role('deployer', 'dev', { region: 'cn-hangzhou' })
  world.wire.sent.length = 0
  expect(await whoAmI('deployer', world.context())).toMatchObject({ Arn: roleArn('deployer') })
  expect(cloud.answered.at(-1)).toMatchObject({
    action: 'GetCallerIdentity',
    host: 'sts.cn-hangzhou.aliyuncs.com',
  })
})
