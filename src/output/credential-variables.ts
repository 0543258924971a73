import type { CredentialValues, DeclaredText } from '../kit/index.ts'

/** One set of names under which programs look for a key. */
export interface KeyFamily {
  id: string
  secret: string
  /** Every name from which a program takes the token that belongs to the key; the one of the family's own convention first. */
  tokens: readonly string[]
  /** Who reads it. */
  readBy: DeclaredText
}

/** The families that are set, whole: a token name that is left out would keep its old value beside our key. */
export const ownFamilies: readonly KeyFamily[] = [
  {
    id: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    secret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    tokens: ['ALIBABA_CLOUD_SECURITY_TOKEN'],
    readBy: 'SDKs and the aliyun CLI',
  },
  {
    id: 'ALIBABACLOUD_ACCESS_KEY_ID',
    secret: 'ALIBABACLOUD_ACCESS_KEY_SECRET',
    // acs-sso sets the bare name; Terraform and the aliyun CLI read both.
    tokens: ['SECURITY_TOKEN', 'ALIBABACLOUD_SECURITY_TOKEN'],
    readBy: 'the aliyun CLI',
  },
  {
    id: 'ALICLOUD_ACCESS_KEY',
    secret: 'ALICLOUD_SECRET_KEY',
    // The last one is ack-ram-tool's.
    tokens: ['ALICLOUD_SECURITY_TOKEN', 'ALICLOUD_ACCESS_KEY_STS_TOKEN'],
    readBy: () => 'Terraform',
  },
  {
    id: 'ALICLOUD_ACCESS_KEY_ID',
    secret: 'ALICLOUD_ACCESS_KEY_SECRET',
    tokens: ['ALICLOUD_SECURITY_TOKEN'],
    readBy: () => 'Terraform',
  },
  {
    id: 'OSS_ACCESS_KEY_ID',
    secret: 'OSS_ACCESS_KEY_SECRET',
    tokens: ['OSS_SESSION_TOKEN'],
    readBy: 'ossutil and the OSS SDKs',
  },
  {
    // In aliyunlog they beat the keys of ~/.aliyunlogcli.
    id: 'ALIYUN_LOG_CLI_ACCESSID',
    secret: 'ALIYUN_LOG_CLI_ACCESSKEY',
    tokens: ['ALIYUN_LOG_CLI_STS_TOKEN'],
    readBy: () => 'aliyunlog',
  },
]

/** The families that are never set, and of which a child gets nothing: in the programs that read them they beat ours. */
export const foreignFamilies: readonly KeyFamily[] = [
  {
    id: 'ACCESS_KEY_ID',
    secret: 'ACCESS_KEY_SECRET',
    tokens: ['SECURITY_TOKEN'],
    readBy: 'the aliyun CLI',
  },
  {
    id: 'ALIYUN_ACCESS_KEY_ID',
    secret: 'ALIYUN_ACCESS_KEY_SECRET',
    tokens: ['ALIYUN_SECURITY_TOKEN', 'ALIYUN_STS_TOKEN', 'ALIYUN_SESSION_TOKEN'],
    readBy: 'older SDKs and plugins',
  },
  { id: 'ALIYUN_ACCESS_KEY', secret: 'ALIYUN_SECRET_KEY', tokens: [], readBy: 'older SDKs and plugins' },
  {
    // PyODPS logs the token that it finds there, so it is never set.
    id: 'ODPS_STS_ACCESS_KEY_ID',
    secret: 'ODPS_STS_ACCESS_KEY_SECRET',
    tokens: ['ODPS_STS_TOKEN'],
    readBy: () => 'PyODPS',
  },
  { id: 'ODPS_ACCESS_ID', secret: 'ODPS_ACCESS_KEY', tokens: [], readBy: () => 'PyODPS' },
  {
    id: 'AccessKeyID',
    secret: 'AccessKeySecret',
    tokens: ['SecurityToken'],
    readBy: () => 'Serverless Devs',
  },
]

/** A variable by itself that makes a program take something else than the keys around it. */
export interface ForeignSwitch {
  name: string
  /** Who reads it. */
  readBy: DeclaredText
}

/** Roles, modes and tokens that change the identity also where our keys are set. A child gets none of them. */
export const foreignSwitches: readonly ForeignSwitch[] = [
  { name: 'ALIBABA_CLOUD_PROFILE_MODE', readBy: 'the aliyun CLI' },
  { name: 'ALIBABA_CLOUD_BEARER_TOKEN', readBy: 'the aliyun CLI' },
  { name: 'ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY', readBy: 'the aliyun CLI' },
  { name: 'ALICLOUD_ASSUME_ROLE_ARN', readBy: () => 'Terraform' },
  { name: 'OSS_ROLE_ARN', readBy: () => 'ossutil' },
  // A whole profile of the aliyun CLI, as it hands it to ossutil.
  { name: 'OSSUTIL_CONFIG_VALUE', readBy: () => 'ossutil' },
  { name: 'ODPS_BEARER_TOKEN', readBy: () => 'PyODPS' },
  { name: 'ODPS_BEARER_TOKEN_FILE', readBy: () => 'PyODPS' },
]

/** What leads a program to credentials elsewhere: profiles, files, addresses, roles. A child gets none of them either. */
const foreignSources: readonly string[] = [
  'ALIBABA_CLOUD_PROFILE',
  'ALIBABACLOUD_PROFILE',
  'ALICLOUD_PROFILE',
  'ALIYUN_PROFILE',
  'ALIBABA_CLOUD_CONFIG_FILE',
  'ALIBABA_CLOUD_CREDENTIALS_FILE',
  'ALICLOUD_SHARED_CREDENTIALS_FILE',
  'ALIBABA_CLOUD_CREDENTIALS_URI',
  'ALICLOUD_CREDENTIALS_URI',
  'ALIBABA_CLOUD_ROLE_ARN',
  'ALIBABACLOUD_ROLE_ARN',
  'OSS_ROLE_SESSION_NAME',
  // Terraform and the SDKs take the role of the ECS instance before a credentials URI.
  'ALIBABA_CLOUD_ECS_METADATA',
  'ALICLOUD_ECS_ROLE_NAME',
  'OSSUTIL_COMPAT_MODE',
  'AccountID',
]

/** The same by their form: OIDC roles, roles that Terraform assumes, temporary keys of PyODPS, access data of Serverless Devs. */
const foreignForms: readonly RegExp[] = [
  /^ALIBABA_?CLOUD_OIDC_/i,
  /^ALICLOUD_ASSUME_ROLE_/i,
  /^ODPS_STS_/i,
  /_serverless_devs_key$/i,
]

/** Both spellings: up to 3.0.212 the aliyun CLI knows the second one only. Exactly TRUE makes it ignore its own profiles. */
export const ignoreProfileVariables = ['ALIBABA_CLOUD_IGNORE_PROFILE', 'ALIBABACLOUD_IGNORE_PROFILE'] as const

/** The names under which programs look for a region; all get that of the profile, if it has one. */
export const regionVariables = [
  'ALIBABA_CLOUD_REGION_ID',
  'ALIBABA_CLOUD_REGION',
  'ALICLOUD_REGION',
  'ALIBABACLOUD_REGION_ID',
  'OSS_REGION',
] as const

interface CredentialVariable {
  name: string
  holds: keyof CredentialValues | 'profile'
}

/**
 * Every variable that carries our credentials, with what it holds. Ours come last: a profile name may need quotes, which an unquoted
 * command substitution does not take off, and by then all keys are set.
 */
export const credentialVariables: readonly CredentialVariable[] = [
  ...ownFamilies.flatMap(({ id, secret, tokens }): CredentialVariable[] => [
    { name: id, holds: 'accessKeyId' },
    { name: secret, holds: 'accessKeySecret' },
    ...tokens.map((name): CredentialVariable => ({ name, holds: 'securityToken' })),
  ]),
  { name: 'SESAME_EXPIRATION', holds: 'expiration' },
  { name: 'SESAME_PROFILE', holds: 'profile' },
]

/** The names alone, each once: what a failed run unsets. A region is no credential, and stays. */
export const credentialVariableNames: readonly string[] = [
  ...new Set(credentialVariables.map(({ name }) => name)),
]

/** What S3 tools read that take neither a process nor a file: `--format aws-env`. */
export const awsVariableNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const

/**
 * What these tools take before the three: s3cmd the other names of a key, and a file; boto3 and the AWS CLI the other name of the
 * token, and a moment at which the key ends.
 */
export const awsForeignNames: readonly string[] = [
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CREDENTIAL_FILE',
]

const foreignNames: readonly string[] = [
  ...credentialVariableNames,
  ...foreignFamilies.flatMap(({ id, secret, tokens }) => [id, secret, ...tokens]),
  ...foreignSwitches.map(({ name }) => name),
  ...foreignSources,
]

const foreignNamesOfWindows = new Set(foreignNames.map((name) => name.toUpperCase()))

/** True for a variable that leads programs to credentials, ours or others. On Windows names have no case. */
export function leadsToCredentials(name: string, platform: NodeJS.Platform): boolean {
  const isNamed =
    platform === 'win32' ? foreignNamesOfWindows.has(name.toUpperCase()) : foreignNames.includes(name)
  return isNamed || foreignForms.some((form) => form.test(name))
}
