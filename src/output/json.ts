import type { CredentialValues } from '../kit/index.ts'

/**
 * What the External mode of the aliyun CLI and of the Alibaba Cloud SDKs reads. Without `mode` the CLI calls its
 * command again for ever; without `expiration` the SDKs call it for every request.
 */
export function aliyunJson(values: CredentialValues): string {
  return line({
    mode: 'StsToken',
    access_key_id: values.accessKeyId,
    access_key_secret: values.accessKeySecret,
    sts_token: values.securityToken,
    expiration: values.expiration,
  })
}

/** AWS `credential_process`, version 1: for S3 tools that speak to OSS. */
export function awsJson(values: CredentialValues): string {
  return line({
    Version: 1,
    AccessKeyId: values.accessKeyId,
    SecretAccessKey: values.accessKeySecret,
    SessionToken: values.securityToken,
    Expiration: values.expiration,
  })
}

/** The external process of ossutil 2 and of the OSS SDKs v2. */
export function ossutilJson(values: CredentialValues): string {
  return line({
    AccessKeyId: values.accessKeyId,
    AccessKeySecret: values.accessKeySecret,
    SecurityToken: values.securityToken,
    Expiration: values.expiration,
  })
}

function line(object: Record<string, string | number>): string {
  return `${JSON.stringify(object)}\n`
}
