import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestIdaas, type TestIdaas } from './idaas.ts'
import { inOidcWorld, must, type OidcWorld, providerArn, roleArn } from './oidc-world.ts'
import { startPortal, type TestPortal } from './portal.ts'

/** An OIDC provider, an STS, a portal and an IDaaS instance. */
export interface FourKinds extends OidcWorld {
  portal: TestPortal
  idaas: TestIdaas
}

/**
 * A test with a profile of each kind, none signed in: `sso` (CloudSSO), `corp` (OIDC, with a role), `tokens` (OIDC, without),
 * `api` (IDaaS), and the roles `deployer` of `corp` and `auditor` of `deployer`.
 */
export function inFourKinds(
  run: (world: FourKinds) => Promise<void>,
  env?: Record<string, string>,
): () => Promise<void> {
  return inOidcWorld(env === undefined ? {} : { env }, async (world) => {
    const portal = await startPortal()
    const idaas = await startTestIdaas()
    try {
      const all = { ...world, portal, idaas }
      await configureAll(all)
      await run(all)
    } finally {
      await portal.stop()
      await idaas.stop()
    }
  })
}

/** The application by `configure`, since its secret goes to the store; the others as `configure` would write them. */
async function configureAll({ home, oidc, sts, portal, idaas }: FourKinds): Promise<void> {
  const { url, applicationUuid, appKey } = idaas.application
  const application = ['--idaas-url', url, '--application-uuid', applicationUuid, '--app-key', appKey]
  const words = ['configure', '--profile', 'api', ...application, '--app-secret-stdin']
  await must(home.prepare(words, { input: `${idaas.settings.appSecret}\n` }))
  const { api } = home.config().profiles
  const provider = { kind: 'oidc', issuer: oidc.issuer, clientId: oidc.clients.public.clientId }
  const role = { kind: 'role', stsEndpoint: sts.url }
  const profiles = {
    sso: { kind: 'cloudsso', signInUrl: portal.signInUrl },
    corp: {
      ...provider,
      roleArn: roleArn('developer'),
      oidcProviderArn: providerArn,
      stsEndpoint: sts.url,
    },
    tokens: provider,
    api,
    deployer: { ...role, sourceProfile: 'corp', roleArn: roleArn('deployer') },
    auditor: {
      ...role,
      sourceProfile: 'deployer',
      roleArn: roleArn('auditor'),
      externalId: 'audit-2026',
    },
  }
  const path = join(home.directory, 'config.json')
  writeFileSync(path, JSON.stringify({ version: 1, profiles }), { mode: 0o600 })
}
