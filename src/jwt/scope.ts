import { readTexts, SesameError, t } from '../kit/index.ts'
import type { JwtClaims } from './decode-jwt.ts'

/** `scope-token` of RFC 6749 section 3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scopes that an option names, as a list or separated by spaces. @throws SesameError ERR_USAGE */
export function requiredScope(scope: unknown): readonly string[] {
  if (scope === undefined) return []
  const names = typeof scope === 'string' ? scope.split(' ') : (readTexts(scope, 'scope') ?? [])
  if (names.length > 0 && names.every((name) => scopeToken.test(name))) return names
  throw new SesameError('ERR_USAGE', t('scope must be names separated by spaces, or a list of names.'))
}

/**
 * True when a token grants all of them. The claim is `scope` (RFC 9068 section 2.2.3, one text; IdentityServer writes a
 * list) or `scp` (Entra ID, Okta).
 */
export function grants(claims: JwtClaims, required: readonly string[]): boolean {
  const granted = [claims.scope, claims.scp].flatMap((claim: unknown) =>
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [],
  )
  return required.every((name) => granted.includes(name))
}
