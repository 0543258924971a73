import { type Credentials, type CredentialValues, credentialValues, speakable } from '../kit/index.ts'

export interface CredentialVariable {
  name: string
  holds: keyof CredentialValues | 'profile'
}

/**
 * Every environment variable that carries credentials, with what it holds. The families are those of the Alibaba
 * SDKs and CLI, of acs-sso, of Terraform (whose OSS backend reads `ALICLOUD_*` only) and of ossutil.
 * Setting all of them together is what keeps an old key id from meeting a new secret. Ours come last: a profile
 * name may need quotes, which an unquoted command substitution does not take off, and by then all keys are set.
 */
export const credentialVariables: readonly CredentialVariable[] = [
  { name: 'ALIBABA_CLOUD_ACCESS_KEY_ID', holds: 'accessKeyId' },
  { name: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', holds: 'accessKeySecret' },
  { name: 'ALIBABA_CLOUD_SECURITY_TOKEN', holds: 'securityToken' },
  { name: 'ALIBABACLOUD_ACCESS_KEY_ID', holds: 'accessKeyId' },
  { name: 'ALIBABACLOUD_ACCESS_KEY_SECRET', holds: 'accessKeySecret' },
  { name: 'SECURITY_TOKEN', holds: 'securityToken' },
  { name: 'ALICLOUD_ACCESS_KEY', holds: 'accessKeyId' },
  { name: 'ALICLOUD_SECRET_KEY', holds: 'accessKeySecret' },
  { name: 'ALICLOUD_SECURITY_TOKEN', holds: 'securityToken' },
  { name: 'ALICLOUD_ACCESS_KEY_ID', holds: 'accessKeyId' },
  { name: 'ALICLOUD_ACCESS_KEY_SECRET', holds: 'accessKeySecret' },
  { name: 'OSS_ACCESS_KEY_ID', holds: 'accessKeyId' },
  { name: 'OSS_ACCESS_KEY_SECRET', holds: 'accessKeySecret' },
  { name: 'OSS_SESSION_TOKEN', holds: 'securityToken' },
  { name: 'SESAME_EXPIRATION', holds: 'expiration' },
  { name: 'SESAME_PROFILE', holds: 'profile' },
]

/** The names alone: what a failed run unsets, and what `exec` takes out of the child's environment. */
export const credentialVariableNames: readonly string[] = credentialVariables.map(({ name }) => name)

/**
 * All variables with their values, in the order of `credentialVariables`.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that is empty or holds NUL, CR, LF or a lone surrogate
 */
export function credentialEnvironment(
  credentials: Credentials,
  { profile }: { profile: string },
): Record<string, string> {
  const values = { ...credentialValues(credentials), profile: speakable('profile name', profile) }
  return Object.fromEntries(credentialVariables.map(({ name, holds }) => [name, values[holds]]))
}
