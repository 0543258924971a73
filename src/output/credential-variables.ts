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
export const credentialVariables: readonly CredentialVariable[] = listVariables()

/** The names alone, each once: what a failed run unsets. A region is no credential, and stays. */
export const credentialVariableNames: readonly string[] = namesOf(credentialVariables)

/* Loops, as both are made at each start: in an executable `flatMap` and its like take longer at their first call than all of it. */

function listVariables(): CredentialVariable[] {
  const all: CredentialVariable[] = []
  for (const { id, secret, tokens } of ownFamilies) {
    all.push({ name: id, holds: 'accessKeyId' }, { name: secret, holds: 'accessKeySecret' })
    for (const name of tokens) all.push({ name, holds: 'securityToken' })
  }
  all.push({ name: 'SESAME_EXPIRATION', holds: 'expiration' }, { name: 'SESAME_PROFILE', holds: 'profile' })
  return all
}

function namesOf(variables: readonly CredentialVariable[]): string[] {
  const names: string[] = []
  for (const { name } of variables) if (!names.includes(name)) names.push(name)
  return names
}

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
