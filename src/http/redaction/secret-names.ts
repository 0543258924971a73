/** Names that are secret without ending like one of `secretEndings`. */
const secretNames = new Set([
  'accesskey',
  'apikey',
  'authorization',
  'codeverifier',
  'devicecode',
  'jsessionid',
  'jwt',
  'passwd',
  'proxyauthorization',
  'saml',
  'samlresponse',
  'sessionid',
  'xapikey',
])

/** Names that end so are secret: access_token, StsToken, x-oss-security-token, AccessKeySecret, Set-Cookie … */
const secretEndings =
  /(?:token|secret|secrets|password|passphrase|signature|assertion|privatekey|secretkey|secretaccesskey|cookie|cookies)$/

/** Cursors of listings, which only look like tokens. */
const harmless = new Set(['nexttoken', 'pagetoken', 'nextpagetoken', 'continuationtoken'])

/** Is the member, parameter or header of this name a secret? Case, `_` and `-` do not matter. */
export function isSecretName(name: string): boolean {
  if (name.length > 100) return false
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return (secretNames.has(plain) || secretEndings.test(plain)) && !harmless.has(plain)
}

/** In a form or a query, `code` is an authorization code (RFC 6749 section 4.1.2); in JSON it is an error code. */
export function isSecretParameter(name: string): boolean {
  return name.toLowerCase() === 'code' || isSecretName(name)
}

/** Members of a JWK that belong to the private or symmetric key (RFC 7518 section 6). */
export const privateJwkMembers = new Set(['d', 'dp', 'dq', 'k', 'oth', 'p', 'q', 'qi'])
