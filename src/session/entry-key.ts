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

/** What a sign-in at an OIDC provider is made of. */
export interface OidcSignIn {
  issuer: string
  clientId: string
  scope: string
  audience?: string | undefined
}

/** What an application's ID token of IDaaS is made of. */
export interface IdaasSignIn {
  idaasUrl: string
  applicationUuid: string
  appKey: string
}

export type SignIn = CloudSsoSignIn | OidcSignIn | IdaasSignIn

/** A role as STS is asked for it: everything that changes the credentials. */
export interface AssumedRole {
  roleArn: string
  oidcProviderArn?: string | undefined
  roleSessionName?: string | undefined
  durationSeconds?: number | undefined
  policy?: string | undefined
  externalId?: string | undefined
  stsEndpoint?: string | undefined
  region?: string | undefined
}

/**
 * Names of items in the store. They hold everything that changes the result, readable and percent-encoded, so
 * that another URL, client or account is another item and nothing stale can answer for it.
 */
export function tokenKey(signIn: SignIn): string {
  return join('token', ...partsOf(signIn))
}

/** The item of a client's or application's own secret; one for all scopes. */
export function secretKey(signIn: OidcSignIn | IdaasSignIn): string {
  return 'issuer' in signIn
    ? join('secret', 'oidc', signIn.issuer, signIn.clientId)
    : join('secret', ...partsOf(signIn))
}

export function credentialsKey(assignment: CloudSsoAssignment): string {
  const { accountId, accessConfigurationId } = assignment
  return join('credentials', ...partsOf(assignment), accountId, accessConfigurationId)
}

/** Credentials of a role, assumed with a token (`from` is its sign-in) or with other credentials (`from` is their key). */
export function roleCredentialsKey(role: AssumedRole, from: OidcSignIn | IdaasSignIn | string): string {
  const { roleArn, oidcProviderArn, roleSessionName, durationSeconds, policy, externalId } = role
  const asked = [roleArn, oidcProviderArn, roleSessionName, durationSeconds?.toString(), policy, externalId]
  const own = join(
    'credentials',
    'role',
    ...[...asked, role.stsEndpoint, role.region].map((part) => part ?? ''),
  )
  // A key is encoded already; twice would make chains grow.
  return `${own}:${typeof from === 'string' ? from : join(...partsOf(from))}`
}

function partsOf(signIn: SignIn): string[] {
  if ('signInUrl' in signIn) return ['cloudsso', signIn.signInUrl, signIn.clientId]
  if ('issuer' in signIn)
    return [
      'oidc',
      signIn.issuer,
      signIn.clientId,
      signIn.scope,
      ...(signIn.audience ? [signIn.audience] : []),
    ]
  return ['idaas', signIn.idaasUrl, signIn.applicationUuid, signIn.appKey]
}

function join(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':')
}
