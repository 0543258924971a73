import { parseSecureUrl } from '../secure-url.ts'

/**
 * The one spelling of a CloudSSO sign-in URL, since it is part of the key under which tokens are kept: host in
 * lower case (punycode), no default port, no fragment. The path names the directory and stays as it is.
 */
export function normalizeSignInUrl(text: string): string {
  const url = parseSecureUrl(text, 'The sign-in URL')
  url.hash = ''
  return url.href
}
