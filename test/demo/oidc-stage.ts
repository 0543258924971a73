import { startTestOidc, type TestOidc } from '../support/oidc.ts'
import { startTestSts, type TestSts } from '../support/sts.ts'
import { openStage, type Stage } from './stage.ts'

/** An OIDC provider that waits for a person, and an STS in which it is registered. */
export interface OidcStage extends Stage {
  oidc: TestOidc
  sts: TestSts
}

const account = 'acs:ram::1234567890123456'
export const providerArn = `${account}:oidc-provider/corp`
export const developerArn = `${account}:role/developer`
export const auditorArn = `${account}:role/auditor`

export function openOidcStage(): Promise<OidcStage> {
  return openStage<OidcStage>(async () => {
    const oidc = await startTestOidc({ approve: 'manual', intervalSeconds: 1 })
    const { issuer, url, clients } = oidc
    const sts = await startTestSts({
      oidcProviders: [
        { arn: providerArn, issuer, clientIds: [clients.public.clientId], keys: `${url}/jwks` },
      ],
      roles: [
        { arn: developerArn, trust: [providerArn] },
        { arn: auditorArn, trust: [developerArn] },
      ],
    })
    return {
      oidc,
      sts,
      secrets: () => [...oidc.issued, ...sts.issued],
      async stop() {
        await oidc.stop()
        await sts.stop()
      },
    }
  })
}
