import { parseSecureUrl } from '../kit/index.ts'

const example = 'https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login'

/** The client id that Alibaba Cloud's own command lines use at CloudSSO. */
export const defaultClientId = 'app-vaz16tltdxs96audqf35'

/** What normalizing would leave as it is; most configurations hold nothing else, and parsing a URL costs half a ms. */
const normal =
  /^(?:https:\/\/(?:[a-z][a-z0-9-]{0,62}\.){1,3}[a-z]{2,20}|http:\/\/127\.0\.0\.1:[1-5]\d{4})\/[\w/-]*$/

/**
 * The one spelling of a CloudSSO sign-in URL, since it is part of the key under which tokens are kept: host in
 * lower case (punycode), no default port, no fragment. The path names the directory and stays as it is.
 */
export function normalizeSignInUrl(text: string): string {
  if (normal.test(text)) return text
  const url = parseSecureUrl(text, 'The sign-in URL', example)
  url.hash = ''
  return url.href
}
