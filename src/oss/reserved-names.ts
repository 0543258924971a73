import { t } from '../kit/index.ts'

/** Headers that only signing may set. */
export const reservedHeaders: ReadonlySet<string> = new Set(['authorization', 'x-oss-security-token'])

/** Query members that only signing may set, V1's and V4's, in lower case. */
export const reservedQueryMembers: ReadonlySet<string> = new Set([
  'ossaccesskeyid',
  'expires',
  'signature',
  'security-token',
  'x-oss-additional-headers',
  'x-oss-credential',
  'x-oss-date',
  'x-oss-expires',
  'x-oss-security-token',
  'x-oss-signature',
  'x-oss-signature-version',
])

/** Why a request may not bring a reserved member of its own. */
export function whyReserved(name: string): string {
  return name.toLowerCase().endsWith('security-token')
    ? t('it comes from credentials.securityToken, and goes to one place only')
    : t('signing adds it')
}
