import type { DeclaredText } from '../kit/index.ts'
import { credentialVariableNames, type KeyFamily } from './credential-variables.ts'

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
