import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestIdaas, type TestIdaas } from '../support/idaas.ts'
import { startTestSts, type TestSts } from '../support/sts.ts'
import { openStage, type Stage } from './stage.ts'

/** An IDaaS with one application, and an STS in which it is registered. */
export interface IdaasStage extends Stage {
  idaas: TestIdaas
  sts: TestSts
  appSecret: string
}

const account = 'acs:ram::1234567890123456'
export const providerArn = `${account}:oidc-provider/idaas`
export const robotArn = `${account}:role/robot`

export function openIdaasStage(): Promise<IdaasStage> {
  return openStage<IdaasStage>(async ({ home }) => {
    const idaas = await startTestIdaas()
    const { applicationUuid, appSecret } = idaas.settings
    const sts = await startTestSts({
      oidcProviders: [
        {
          arn: providerArn,
          issuer: idaas.url,
          clientIds: [applicationUuid],
          keys: JSON.parse(idaas.publicKey.jwks),
        },
      ],
      roles: [{ arn: robotArn, trust: [providerArn] }],
    })
    // As the application's page exports it.
    writeFileSync(join(home, 'public-key.json'), idaas.publicKey.jwk)
    return {
      idaas,
      sts,
      appSecret,
      secrets: () => [...idaas.issued, ...sts.issued],
      async stop() {
        await idaas.stop()
        await sts.stop()
      },
    }
  })
}
