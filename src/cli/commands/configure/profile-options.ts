import { SesameError } from '../../../kit/index.ts'
import { signInFlows } from '../../../profiles/index.ts'
import type { ProfileSettings } from '../../../session/index.ts'
import type { Input, OptionSpec } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { readInputFile } from '../../read-input-file.ts'

const atProvider: readonly OptionSpec[] = [
  { name: 'issuer', value: 'URL', summary: 'OIDC provider, as its discovery document names it' },
  { name: 'client-id', value: 'ID', summary: 'client id at the OIDC provider' },
  { name: 'client-secret-stdin', summary: 'read the client secret from the standard input, into the store' },
  { name: 'scope', value: 'WORDS', summary: 'OIDC scope (default "openid offline_access")' },
  {
    name: 'audience',
    value: 'API',
    summary: 'API that the access token is for, where the provider asks for it',
  },
  {
    name: 'flow',
    value: 'FLOW',
    summary: `how to sign in at the OIDC provider: ${signInFlows.join(', ')}`,
    values: signInFlows,
  },
  {
    name: 'trusted-hosts',
    value: 'HOSTS',
    summary: 'other hosts on which the endpoints of the OIDC provider may be',
  },
  {
    name: 'redirect-port',
    value: 'PORT',
    summary: 'port of http://127.0.0.1:PORT/callback, for OIDC providers that want the exact address',
  },
  { name: 'no-device-pkce', summary: 'for OIDC providers that reject PKCE in the device flow' },
  { name: 'device-pkce', summary: 'send PKCE again (the default)' },
]

const forApplications: readonly OptionSpec[] = [
  { name: 'idaas-url', value: 'URL', summary: 'Alibaba IDaaS, for the API token of an application' },
  { name: 'application-uuid', value: 'UUID', summary: 'the application in IDaaS' },
  { name: 'app-key', value: 'KEY', summary: 'its appKey' },
  { name: 'app-secret-stdin', summary: 'read its appSecret from the standard input, into the store' },
  { name: 'api-version', value: 'VERSION', summary: 'version of the IDaaS API (default v1.2)' },
  {
    name: 'public-key',
    value: 'FILE',
    summary: 'its public key (JWK, JWKS or PEM), for "token verify"',
    completes: 'file',
  },
]

const forRoles: readonly OptionSpec[] = [
  {
    name: 'source-profile',
    value: 'NAME',
    summary: 'profile whose credentials assume the role',
    completes: 'profile',
  },
  { name: 'role-arn', value: 'ARN', summary: 'role to assume: acs:ram::ACCOUNT:role/NAME' },
  {
    name: 'oidc-provider-arn',
    value: 'ARN',
    summary: 'OIDC provider in RAM that the role trusts: acs:ram::ACCOUNT:oidc-provider/NAME',
  },
  { name: 'role-session-name', value: 'NAME', summary: 'name of the session (default: whoever signed in)' },
  {
    name: 'duration-seconds',
    value: 'DURATION',
    summary: 'life of the credentials, 15m to the maximum of the role',
  },
  { name: 'policy', value: 'JSON', summary: 'policy that narrows the role down' },
  { name: 'external-id', value: 'ID', summary: 'external id that the role asks for' },
]

const places: readonly OptionSpec[] = [
  { name: 'sts-endpoint', value: 'HOST', summary: 'STS endpoint, such as sts-vpc.cn-hangzhou.aliyuncs.com' },
  { name: 'region', value: 'REGION', summary: 'region of STS, OSS, and of the profile of --for aliyun' },
]

const settings: readonly OptionSpec[] = [
  ...atProvider.map((spec) => ({ ...spec, group: 'Sign-in at an OIDC provider' })),
  ...forApplications.map((spec) => ({ ...spec, group: 'Applications of Alibaba IDaaS' })),
  ...forRoles.map((spec) => ({ ...spec, group: 'Roles' })),
  ...places,
]

/** An empty text takes a setting away; what a profile cannot be without is asked for again by its check. */
export const profileOptions: readonly OptionSpec[] = settings.map((spec) =>
  spec.value === undefined || spec.values !== undefined ? spec : { ...spec, mayBeEmpty: true },
)

const texts = {
  'signin-url': 'signInUrl',
  issuer: 'issuer',
  'client-id': 'clientId',
  scope: 'scope',
  audience: 'audience',
  'trusted-hosts': 'trustedHosts',
  'idaas-url': 'idaasUrl',
  'application-uuid': 'applicationUuid',
  'app-key': 'appKey',
  'api-version': 'apiVersion',
  'source-profile': 'sourceProfile',
  'role-arn': 'roleArn',
  'oidc-provider-arn': 'oidcProviderArn',
  'role-session-name': 'roleSessionName',
  policy: 'policy',
  'external-id': 'externalId',
  'sts-endpoint': 'stsEndpoint',
  region: 'region',
} as const satisfies Record<string, keyof ProfileSettings>

/** It is kept in the configuration. */
const longestKeyBytes = 64 * 1024

/** What the options say about a profile; undefined members were not given. */
export async function readSettings(input: Input): Promise<ProfileSettings> {
  if (input.has('device-pkce') && input.has('no-device-pkce'))
    throw new SesameError('ERR_USAGE', '--device-pkce and --no-device-pkce contradict each other.')
  const duration = input.text('duration-seconds')
  const publicKey = input.text('public-key')
  const port = input.text('redirect-port')
  const settings: ProfileSettings = Object.fromEntries(
    Object.entries(texts).map(([option, setting]) => [setting, input.text(option)]),
  )
  return {
    ...settings,
    flow: signInFlows.find((flow) => flow === input.text('flow')),
    devicePkce: input.has('no-device-pkce') ? false : input.has('device-pkce') ? true : undefined,
    redirectPort: port && (/^\d{1,5}$/.test(port) ? Number(port) : Number.NaN),
    durationSeconds: duration && parseDuration(duration, 'duration-seconds'),
    publicKey: publicKey && (await readInputFile(publicKey, longestKeyBytes)).trim(),
  }
}

/** The options of a profile that were given, as they are written; none of them makes sense without one. */
export function givenProfileOptions(input: Input): string[] {
  return profileOptions.map(({ name }) => name).filter((name) => input.has(name))
}
