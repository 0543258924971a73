/** What a CloudSSO sign-in is made of: the directory and the client that asked. */
export interface CloudSsoSignIn {
  signInUrl: string
  clientId: string
}

/** What CloudSSO credentials are made of: the sign-in, the account, the access configuration. */
export interface CloudSsoAssignment extends CloudSsoSignIn {
  accountId: string
  accessConfigurationId: string
}

/**
 * Names of items in the store. They hold everything that changes the result, readable and percent-encoded, so
 * that another URL, client or account is another item and nothing stale can answer for it.
 */
export function tokenKey({ signInUrl, clientId }: CloudSsoSignIn): string {
  return join('token', 'cloudsso', signInUrl, clientId)
}

export function credentialsKey({
  signInUrl,
  clientId,
  accountId,
  accessConfigurationId,
}: CloudSsoAssignment): string {
  return join('credentials', 'cloudsso', signInUrl, clientId, accountId, accessConfigurationId)
}

function join(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':')
}
