import { storeChoices } from '../kit/index.ts'
import { signInFlows } from './config.ts'

const text = { type: 'string' } as const
const url = { type: 'string', format: 'uri' } as const

const everyProfile = {
  store: { enum: storeChoices.filter((choice) => choice !== 'auto' && choice !== 'memory') },
  region: { ...text, description: 'Region id, such as cn-hangzhou.' },
  stsEndpoint: { ...text, description: 'Host or URL of the STS endpoint.' },
} as const

const role = {
  roleArn: { ...text, pattern: '^acs:ram::[0-9]+:role/' },
  roleSessionName: text,
  durationSeconds: { type: 'integer', minimum: 900 },
  policy: { ...text, description: 'RAM policy (JSON) that narrows the role down.' },
} as const

const oidcRole = {
  ...role,
  oidcProviderArn: { ...text, pattern: '^acs:ram::[0-9]+:oidc-provider/' },
} as const

function profileOf(kind: string, required: readonly string[], properties: Record<string, unknown>): object {
  return {
    type: 'object',
    required: ['kind', ...required],
    properties: { kind: { const: kind }, ...properties, ...everyProfile },
  }
}

/** JSON Schema of `config.json`, written beside it so that an editor can complete and check it offline. */
export const configSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'sesame configuration',
  description: 'Names and choices only: secrets rest in the store.',
  type: 'object',
  properties: {
    version: { const: 1 },
    signInUrl: { type: 'string', format: 'uri', description: 'Default CloudSSO sign-in URL.' },
    store: {
      enum: storeChoices,
      description: 'Where secrets rest; auto takes the OS keychain where it works.',
    },
    currentProfile: { type: 'string', description: 'The profile used when none is named.' },
    profiles: {
      type: 'object',
      additionalProperties: {
        oneOf: [
          profileOf('cloudsso', [], {
            signInUrl: url,
            accountId: text,
            accountName: text,
            accessConfigurationId: text,
            accessConfigurationName: text,
          }),
          profileOf('oidc', ['issuer', 'clientId'], {
            issuer: url,
            clientId: text,
            scope: text,
            audience: text,
            trustedHosts: { ...text, description: 'Hosts of endpoints, with spaces between them.' },
            flow: { enum: signInFlows },
            redirectPort: { type: 'integer', minimum: 1024, maximum: 65535 },
            devicePkce: { type: 'boolean', description: 'false for providers that reject PKCE here' },
            confidential: { type: 'boolean', description: 'true when the store holds a client secret' },
            ...oidcRole,
          }),
          profileOf('idaas', ['idaasUrl', 'applicationUuid', 'appKey'], {
            idaasUrl: url,
            applicationUuid: text,
            appKey: text,
            apiVersion: text,
            publicKey: { ...text, description: 'JWK, JWKS or PEM, as exported from the application.' },
            ...oidcRole,
          }),
          profileOf('role', ['sourceProfile', 'roleArn'], {
            sourceProfile: text,
            externalId: text,
            ...role,
          }),
        ],
      },
    },
  },
} as const
