import type { Credentials } from '../../src/kit/credentials.ts'
import { Secret } from '../../src/kit/secret.ts'
import { credentialVariableNames } from '../../src/output/index.ts'

/** Credentials as STS hands them out, with single values replaced. */
export function sampleCredentials(
  change: Partial<Record<'accessKeyId' | 'accessKeySecret' | 'securityToken', string>> = {},
): Credentials {
  return {
    accessKeyId: change.accessKeyId ?? 'STS.NTxxSampleId',
    accessKeySecret: new Secret(change.accessKeySecret ?? 'sampleSecret0123456789+/='),
    securityToken: new Secret(change.securityToken ?? 'CAISsampleToken+with/all==of:it@%,-_.'),
    expiresAt: new Date('2026-11-21T08:00:00.678Z'),
  }
}

/** What the variables of `sampleCredentials()` with the profile `dev` must be. */
export const sampleEnvironment: Record<string, string> = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.NTxxSampleId',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'sampleSecret0123456789+/=',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALIBABACLOUD_ACCESS_KEY_ID: 'STS.NTxxSampleId',
  ALIBABACLOUD_ACCESS_KEY_SECRET: 'sampleSecret0123456789+/=',
  SECURITY_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALIBABACLOUD_SECURITY_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALICLOUD_ACCESS_KEY: 'STS.NTxxSampleId',
  ALICLOUD_SECRET_KEY: 'sampleSecret0123456789+/=',
  ALICLOUD_SECURITY_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALICLOUD_ACCESS_KEY_STS_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALICLOUD_ACCESS_KEY_ID: 'STS.NTxxSampleId',
  ALICLOUD_ACCESS_KEY_SECRET: 'sampleSecret0123456789+/=',
  OSS_ACCESS_KEY_ID: 'STS.NTxxSampleId',
  OSS_ACCESS_KEY_SECRET: 'sampleSecret0123456789+/=',
  OSS_SESSION_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  ALIYUN_LOG_CLI_ACCESSID: 'STS.NTxxSampleId',
  ALIYUN_LOG_CLI_ACCESSKEY: 'sampleSecret0123456789+/=',
  ALIYUN_LOG_CLI_STS_TOKEN: 'CAISsampleToken+with/all==of:it@%,-_.',
  SESAME_EXPIRATION: '2026-11-21T08:00:00Z',
  SESAME_PROFILE: 'dev',
}

/** An environment in which another profile's credentials are set under every name. */
export const staleEnvironment: Record<string, string> = Object.fromEntries(
  credentialVariableNames.map((name) => [name, `stale-${name}`]),
)

/** The credential variables that a shell's child still sees. */
export function credentialsIn(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => credentialVariableNames.includes(name)),
  )
}
