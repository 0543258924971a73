import { startTestIdaas, type TestIdaas } from '../../support/idaas.ts'
import { startPortal, type TestPortal } from '../../support/portal.ts'
import { inOidcWorld, must, type OidcWorld, providerArn, roleArn } from './oidc-world.ts'

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

async function configureAll({ home, oidc, sts, portal, idaas }: FourKinds): Promise<void> {
  const configure = (name: string, words: readonly string[], input?: string) =>
    must(home.run(['configure', '--profile', name, ...words], input === undefined ? {} : { input }))
  const provider = ['--issuer', oidc.issuer, '--client-id', oidc.clients.public.clientId]
  const endpoint = ['--sts-endpoint', sts.url]
  const { url, applicationUuid, appKey } = idaas.application
  const application = ['--idaas-url', url, '--application-uuid', applicationUuid, '--app-key', appKey]
  await configure('sso', ['--signin-url', portal.signInUrl])
  await configure('corp', [
    ...provider,
    ...['--role-arn', roleArn('developer'), '--oidc-provider-arn', providerArn, ...endpoint],
  ])
  await configure('tokens', provider)
  await configure('api', [...application, '--app-secret-stdin'], `${idaas.settings.appSecret}\n`)
  await configure('deployer', ['--source-profile', 'corp', '--role-arn', roleArn('deployer'), ...endpoint])
  const external = ['--external-id', 'audit-2026']
  await configure('auditor', [
    ...['--source-profile', 'deployer', '--role-arn', roleArn('auditor'), ...external, ...endpoint],
  ])
}
