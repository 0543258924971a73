import type { AliyunProfile } from './aliyun-config.ts'

/** The modes of the aliyun CLI as its file spells them. */
export const cliModes: readonly string[] = [
  'AK',
  'StsToken',
  'RamRoleArn',
  'EcsRamRole',
  'RsaKeyPair',
  'RamRoleArnWithRoleName',
  'ChainableRamRoleArn',
  'External',
  'CredentialsURI',
  'OIDC',
  'CloudSSO',
  'OAuth',
  'BearerToken',
  'Anonymous',
]

/** Members that hold a secret. */
const secretFields: readonly string[] = [
  'access_token',
  'access_key_secret',
  'sts_token',
  'oauth_access_token',
  'oauth_refresh_token',
  'private_key',
  'bearer_token',
]

/** Members that hold secrets, or belong to a secret next to them: its id, its expiry. */
export const credentialFields: readonly string[] = [
  ...secretFields,
  'access_key_id',
  'sts_expiration',
  'cloud_sso_access_token_expire',
  'oauth_access_token_expire',
  'oauth_refresh_token_expire',
]

/** Members that must be texts: of anything else the CLI cannot read the whole file. */
export const textFields: readonly string[] = [
  ...secretFields,
  'name',
  'mode',
  'access_key_id',
  'region_id',
  'process_command',
  'ram_role_arn',
  'ram_role_name',
  'ram_session_name',
  'source_profile',
  'cloud_sso_sign_in_url',
  'cloud_sso_account_id',
  'cloud_sso_access_config',
]

/**
 * The mode of a profile: what is written, in the CLI's spelling; else what the CLI recognizes by the other members. It looks for keys
 * first; those beside a sign-in URL are what the sign-in gave.
 */
export function recognizedMode(text: (field: string) => string | undefined): string {
  const written = text('mode')
  if (written !== undefined)
    return cliModes.find((mode) => mode.toLowerCase() === written.toLowerCase()) ?? written
  const has = (...fields: string[]) => fields.every((field) => text(field) !== undefined)
  if (has('cloud_sso_sign_in_url')) return 'CloudSSO'
  if (has('access_key_id', 'access_key_secret'))
    return has('sts_token') ? 'StsToken' : has('ram_role_arn') ? 'RamRoleArn' : 'AK'
  if (has('private_key', 'key_pair_name')) return 'RsaKeyPair'
  if (has('ram_role_name')) return 'EcsRamRole'
  if (has('process_command')) return 'External'
  if (has('oidc_provider_arn', 'oidc_token_file', 'ram_role_arn')) return 'OIDC'
  return has('bearer_token') ? 'BearerToken' : ''
}

/** The members of a profile that hold a secret, in plain text. */
export function secretsOf({ fields }: AliyunProfile): string[] {
  return secretFields.filter((field) => typeof fields[field] === 'string' && fields[field] !== '')
}

/** True for a profile whose secrets a sign-in gives anew: none of them need lie in the file, or in a copy of it. */
export function isBorrowed({ mode }: AliyunProfile): boolean {
  return mode === 'CloudSSO' || mode === 'External'
}

/** True for a profile that takes its credentials from us: that one may be written again. */
export function runsSesame({ mode, fields }: AliyunProfile): boolean {
  const { process_command: command } = fields
  return mode === 'External' && typeof command === 'string' && callsSesame(command, 'credentials', 'login')
}

/** True for a line that starts one of our commands: by name, by the script, or by an executable as it is downloaded (`sesame-1.0.0-linux-x64`). */
export function callsSesame(line: string, ...commands: readonly string[]): boolean {
  const program = /(?:^|[\\/\s'"])sesame(?:-\d[\w.-]*|\.[a-z]+)?['"]? (?=(\S+))/g
  return [...line.matchAll(program)].some(([, command = '']) => commands.includes(command))
}

/** True for a profile that the CLI made and that was never filled: it gives no credentials, whatever else it says. */
export function isBlank({ mode, fields }: AliyunProfile): boolean {
  return mode === '' && credentialFields.every((field) => !fields[field])
}
