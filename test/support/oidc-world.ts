import type { OidcProviderOptions, StsOptions, StsRole } from '../../mocks/index.ts'
import { startTestOidc, type TestOidc } from './oidc.ts'
import { startTestSts, type TestSts } from './sts.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

export interface OidcWorld {
  oidc: TestOidc
  sts: TestSts
  home: TestHome
}

const account = 'acs:ram::1432949406168187'
export const providerArn = `${account}:oidc-provider/corp`
export const roleArn = (name: string) => `${account}:role/${name}`

/** A role that the provider's tokens open, and a chain of two that is built upon it. */
const roles: StsRole[] = [
  { arn: roleArn('developer'), trust: [providerArn], maxSessionSeconds: 43_200 },
  { arn: roleArn('deployer'), trust: [roleArn('developer')] },
  { arn: roleArn('auditor'), trust: [roleArn('deployer')], externalId: 'audit-2026' },
]

/** A test with an OIDC provider, an STS that knows it, and a HOME with the plaintext store. */
export function inOidcWorld(
  options: { oidc?: OidcProviderOptions; sts?: StsOptions; env?: Record<string, string> },
  run: (world: OidcWorld) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const oidc = await startTestOidc(options.oidc)
    const { issuer, url, clients } = oidc
    const clientIds = Object.values(clients).map(({ clientId }) => clientId)
    const sts = await startTestSts({
      roles,
      oidcProviders: [{ arn: providerArn, issuer, clientIds, keys: `${url}/jwks` }],
      ...options.sts,
    })
    const home = makeTestHome({}, options.env)
    try {
      await run({ oidc, sts, home })
    } finally {
      await oidc.stop()
      await sts.stop()
      home.remove()
    }
  }
}

/** Configures a profile at the provider; with a role unless `role` is false. */
export async function configureCorp(
  { oidc, sts, home }: OidcWorld,
  { name = 'corp', role = true, words = [] }: { name?: string; role?: boolean; words?: string[] } = {},
): Promise<void> {
  const asked = ['--issuer', oidc.issuer, '--client-id', oidc.clients.public.clientId]
  const roleWords = role
    ? ['--role-arn', roleArn('developer'), '--oidc-provider-arn', providerArn, '--sts-endpoint', sts.url]
    : []
  await must(home.prepare(['configure', '--profile', name, ...asked, ...roleWords, ...words]))
}

/** What a run printed, or its complaint as an exception. */
export async function must(
  run: Promise<{ code: number | null; stdout: string; stderr: string }>,
): Promise<string> {
  const { code, stdout, stderr } = await run
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
  return stdout
}

/** Makes what the store holds look as if it ended in `leftMs`; negative: as if it had. */
export function ageTokens(
  { home }: Pick<OidcWorld, 'home'>,
  prefix: 'credentials' | 'token',
  leftMs: number,
): void {
  const life = (value: Record<string, unknown>) => ({
    ...value,
    obtainedAt: new Date(Date.now() + leftMs - 3_600_000).toISOString(),
    expiresAt: new Date(Date.now() + leftMs).toISOString(),
  })
  home.change(({ key, value }) => {
    if (!key.startsWith(prefix)) return value
    const idToken = value.idToken as Record<string, unknown> | undefined
    return { ...life(value), ...(idToken && { idToken: life(idToken) }) }
  })
}
