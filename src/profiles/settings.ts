import type { Setting } from './setting.ts'
import { signInSettings } from './sign-in-settings.ts'

const withRole = ['oidc', 'idaas', 'role'] as const
const every = ['cloudsso', 'oidc', 'idaas', 'role'] as const
const ofRole = 'Roles'

/**
 * Every setting of a profile, one row each. The reader and the JSON Schema of `config.json`, the profiles' types, the options of
 * `sesame configure` and their help, its questions, and the lines of `sesame profile show` are made from these rows, in this order.
 */
export const settings = {
  ...signInSettings,

  sourceProfile: {
    kinds: ['role'],
    required: ['role'],
    type: 'profile-name',
    option: { value: 'NAME', summary: 'profile whose credentials assume the role', group: ofRole },
    prompt: { text: 'Source profile' },
    show: { label: 'Source profile' },
  },
  /** `acs:ram::<account>:role/<name>` */
  roleArn: {
    kinds: withRole,
    required: ['role'],
    type: 'role-arn',
    option: { value: 'ARN', summary: 'role to assume: acs:ram::ACCOUNT:role/NAME', group: ofRole },
    prompt: { text: 'Role ARN', ifEmpty: 'tokens only' },
    show: { label: 'Role' },
  },
  /** `acs:ram::<account>:oidc-provider/<name>` */
  oidcProviderArn: {
    kinds: ['oidc', 'idaas'],
    type: 'oidc-provider-arn',
    togetherWith: 'roleArn',
    option: {
      value: 'ARN',
      summary: 'OIDC provider in RAM that the role trusts: acs:ram::ACCOUNT:oidc-provider/NAME',
      group: ofRole,
    },
    prompt: { text: 'OIDC provider ARN in RAM' },
    show: { label: 'OIDC provider' },
  },
  externalId: {
    kinds: ['role'],
    type: 'external-id',
    option: { value: 'ID', summary: 'external id that the role asks for', group: ofRole },
    show: { label: 'External id' },
  },
  /** Else the name of the signed-in user. */
  roleSessionName: {
    kinds: withRole,
    type: 'role-session-name',
    option: { value: 'NAME', summary: 'name of the session (default: the signed-in user)', group: ofRole },
    show: { label: 'Session name' },
  },
  /** Life of the credentials in seconds, 900 to the role's maximum. */
  durationSeconds: {
    kinds: withRole,
    type: 'role-duration',
    option: {
      value: 'DURATION',
      summary: 'life of the credentials, 15m to the maximum of the role',
      group: ofRole,
    },
    show: { label: 'Duration' },
  },
  /** JSON that narrows the role's permissions down. */
  policy: {
    kinds: withRole,
    type: 'policy',
    option: { value: 'JSON', summary: 'policy that narrows the role down', group: ofRole },
    show: { label: 'Policy' },
    description: 'RAM policy (JSON) that narrows the role down.',
  },

  /** Region id such as `cn-hangzhou`: where STS is asked, and OSS requests go by default. */
  region: {
    kinds: every,
    type: 'region',
    option: { value: 'REGION', summary: 'region of STS, OSS, and of the profile of --for aliyun' },
    show: { label: 'Region' },
    description: 'Region id, such as cn-hangzhou.',
  },
  /** The site of Alibaba Cloud that the account belongs to, which no sign-in address tells. Without it that of China. */
  site: {
    kinds: every,
    type: 'choice',
    values: ['cn', 'intl'],
    option: {
      value: 'SITE',
      summary: 'site of the account, for sesame console (default cn; intl is alibabacloud.com)',
      mayBeEmpty: true,
    },
    show: { label: 'Site' },
    description: 'Site of Alibaba Cloud that the account belongs to.',
  },
  /** Host or URL of the STS endpoint; stronger than the region. */
  stsEndpoint: {
    kinds: every,
    type: 'sts-endpoint',
    option: { value: 'HOST', summary: 'STS endpoint, such as sts-vpc.cn-hangzhou.aliyuncs.com' },
    show: { label: 'STS endpoint' },
    description: 'Host or URL of the STS endpoint.',
  },
} as const satisfies Readonly<Record<string, Setting>>
