import { strict as assert } from 'node:assert'
import { ageTokens, providerArn, roleArn } from '../../support/oidc-world.ts'
import { startTestSts } from '../../support/sts.ts'
import { signInByCode } from './login-steps.ts'
import type { Client } from './provider.ts'
import { configure, discover, type ProviderWorld, tokenOf } from './world.ts'

/** Its document is read and believed. */
export async function discovery({ home, provider }: ProviderWorld): Promise<void> {
  const { origin } = new URL(provider.issuer)
  const [issuer] = await findings({ home }, 'issuer')
  assert.equal(issuer?.status, 'ok', issuer?.message)
  assert.match(issuer?.message ?? '', new RegExp(`^${origin} answers in `))
  const read = provider.front.requests.filter(({ path }) =>
    path.endsWith('/.well-known/openid-configuration'),
  )
  assert.deepEqual(new Set(read.map(({ status }) => status)), new Set([200]))
}

export async function tokenGet(world: ProviderWorld): Promise<void> {
  assert.match(await tokenOf(world), /^[\x21-\x7e]+\n$/)
}

/** A profile whose sign-in has an ID token, and its client: where the device grant gives none, of the code flow. */
async function withIdToken(world: ProviderWorld): Promise<{ profile: string; client: Client }> {
  const { main, code = main } = world.provider.clients
  if (!world.provider.idTokensByCodeOnly) return { profile: 'main', client: main }
  await configure(world, 'code', code)
  await signInByCode(world, 'code')
  return { profile: 'code', client: code }
}

/** By the provider's key set, for this client. */
export async function verifyIdToken(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  const { profile, client } = await withIdToken(world)
  const input = await tokenOf(world, '--id', '--profile', profile)
  const jwks = provider.jwksUri ?? (await discover(provider)).jwks_uri
  const words = ['--issuer', provider.issuer, '--audience', client.clientId, '--jwks', String(jwks)]
  const algorithms = ['--algorithms', 'RS256,ES256,EdDSA']
  const { code, stdout, stderr } = await home.run(['token', 'verify', ...words, ...algorithms], { input })
  assert.equal(code, 0, stderr)
  assert.equal(JSON.parse(stdout).iss, provider.issuer)
}

/**
 * The strict STS checks the ID token as the real one does: issuer, audience, signature, end. At expiry the role is assumed again; where
 * a renewal gives no ID token (OpenID Connect Core section 12.2), that is said.
 */
export async function assumeRole(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  const { client } = await withIdToken(world)
  const keys = provider.jwksUri ?? String((await discover(provider)).jwks_uri)
  const sts = await startTestSts({
    roles: [{ arn: roleArn('developer'), trust: [providerArn] }],
    oidcProviders: [{ arn: providerArn, issuer: provider.issuer, clientIds: [client.clientId], keys }],
  })
  try {
    const role = ['--role-arn', roleArn('developer'), '--oidc-provider-arn', providerArn]
    const words = [...role, '--sts-endpoint', sts.url, ...(client.words ?? [])]
    await configure(world, 'role', { ...client, words })
    const first = await home.run(['credentials', '--profile', 'role'])
    assert.equal(first.code, 0, first.stderr)
    assert.match(JSON.parse(first.stdout).sts_token, /./)

    ageTokens(world, 'credentials', -1000)
    ageTokens(world, 'token', -1000)
    const second = await home.run(['credentials', '--profile', 'role'])
    if (second.code !== 0) assert.match(second.stderr, /renews the access token, but not the ID token/)
    else assert.notEqual(second.stdout, first.stdout, 'the same credentials again')
    const answers = second.code === 0 ? 2 : 1
    assert.deepEqual(sts.answered(), Array(answers).fill('AssumeRoleWithOIDC'))
  } finally {
    await sts.stop()
  }
}

/** A profile that is signed in and renews by itself is not complained of. */
export async function doctor({ home }: ProviderWorld): Promise<void> {
  const [issuer, profile, clock] = await findings({ home }, 'issuer', 'profile', 'clock')
  const statuses = [issuer, profile, clock].map((finding) => finding?.status)
  assert.deepEqual(statuses, ['ok', 'ok', 'ok'], JSON.stringify([issuer, profile, clock]))
  assert.match(profile?.message ?? '', /^main\b.*tokens valid until .*; renews by itself/)
}

interface Finding {
  check: string
  status: 'ok' | 'warning' | 'problem'
  message: string
}

/** What `sesame doctor` says of these checks, in this order. */
async function findings(
  { home }: Pick<ProviderWorld, 'home'>,
  ...checks: readonly string[]
): Promise<(Finding | undefined)[]> {
  const { stdout, stderr } = await home.run(['doctor', '--profile', 'main', '--json'])
  assert.match(stdout, /^\[/, stderr)
  const all: Finding[] = JSON.parse(stdout)
  return checks.map((check) => all.find((finding) => finding.check === check))
}
