import { createRequire } from 'node:module'

type Headers = Record<string, string>
type Query = Record<string, string | null>

/** What ali-oss signs with. It is internal to that package, and so it is written down here. */
interface SignUtils {
  buildCanonicalString(
    method: string,
    resource: string,
    request: { headers: Headers; parameters: Headers },
    expires?: string,
  ): string
  computeSignature(secret: string, text: string): string
  fixAdditionalHeaders(names: readonly string[]): string[]
  authorizationV4(
    id: string,
    secret: string,
    region: string,
    method: string,
    request: { headers: Headers; queries: Query },
    bucket: string | undefined,
    key: string | undefined,
    additional: readonly string[],
  ): string
  getCanonicalRequest(
    method: string,
    request: { headers: Headers; queries: Query },
    bucket: string | undefined,
    key: string | undefined,
    additional: readonly string[],
  ): string
  getStringToSign(region: string, date: string, canonicalRequest: string): string
  getSignatureV4(secret: string, day: string, region: string, text: string): string
}

/** The signing of `ali-oss`, an implementation that shares nothing with ours. */
export const aliOss: SignUtils = createRequire(import.meta.url)('ali-oss/lib/common/signUtils.js')

/** ali-oss writes a member without a value as null. */
export function asQueries(query: Iterable<readonly [string, string]>): Query {
  return Object.fromEntries([...query].map(([name, value]) => [name, value === '' ? null : value]))
}

/**
 * ali-oss sorts raw names as a dictionary would, OSS sorts encoded ones by byte: only names that both sort alike can be held
 * against it.
 */
export function isSortedAlike(names: Iterable<string>): boolean {
  const list = [...names]
  const byByte = list.map(percentEncoded).sort()
  const asDictionary = [...list].sort((a, b) => a.localeCompare(b)).map(percentEncoded)
  return byByte.every((name, i) => name === asDictionary[i])
}

/** By octets of UTF-8, as RFC 3986 defines it. */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return /[\w.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
