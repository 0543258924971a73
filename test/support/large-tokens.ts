import { randomBytes } from 'node:crypto'
import { type QuirkyProvider, startQuirkyProvider } from '../../mocks/index.ts'
import { must, providerArn, roleArn } from './oidc-world.ts'
import { recordSecrets } from './record.ts'
import { startTestSts, type TestSts } from './sts.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

/** A provider whose tokens are as large as those of a company's with many groups. */
export interface LargeTokens {
  op: QuirkyProvider
  sts: TestSts
  home: TestHome
  clientSecret: string
}

const groups = Array.from({ length: 90 }, (_, i) => `cn=team-${i},ou=groups,dc=example`)

/**
 * A test with a confidential client of a provider whose ID tokens have 4 kB, access tokens 8 kB and refresh tokens 2 kB and
 * are good once, and an STS. `corp` is its profile, unless `configured` is false.
 */
export function withLargeTokens(
  env: Record<string, string>,
  run: (world: LargeTokens) => Promise<void>,
  { configured = true } = {},
): () => Promise<void> {
  return async () => {
    const clientSecret = randomBytes(32).toString('base64url')
    const dialect = {
      claims: () => ({ preferred_username: 'dev', groups }),
      tokenExtras: () => ({ access_token: randomBytes(6144).toString('base64url') }),
      refreshTokenBytes: 1536,
      rotation: 'one-time' as const,
    }
    const op = await startQuirkyProvider({ intervalSeconds: 0.1, clientSecret, dialect })
    const { issuer, clientId } = op
    const sts = await startTestSts({
      roles: [{ arn: roleArn('developer'), trust: [providerArn], maxSessionSeconds: 43_200 }],
      oidcProviders: [{ arn: providerArn, issuer, clientIds: [clientId], keys: op.jwks() }],
    })
    const home = makeTestHome({}, env)
    const world = { op, sts, home, clientSecret }
    try {
      if (configured) await must(configureLarge(world))
      await run(world)
    } finally {
      recordSecrets([...op.issued, { kind: 'client-secret', value: clientSecret }])
      await op.close()
      await sts.stop()
      home.remove()
    }
  }
}

/** `sesame configure` of the profile, with the secret by standard input. */
export function configureLarge({ op, sts, home, clientSecret }: LargeTokens) {
  const words = [
    ...['configure', '--profile', 'corp', '--issuer', op.issuer, '--client-id', op.clientId],
    ...['--client-secret-stdin', '--sts-endpoint', sts.url],
    ...['--role-arn', roleArn('developer'), '--oidc-provider-arn', providerArn],
  ]
  return home.run(words, { input: `${clientSecret}\n` })
}

/** The newest of the tokens that the provider has handed out. */
export function newest({ op }: LargeTokens, kind: QuirkyProvider['issued'][number]['kind']): string {
  return op.issued.findLast((each) => each.kind === kind)?.value ?? 'none'
}
