/*
 * Names of items in the store. They hold everything that changes the result, readable and percent-encoded, so that another
 * URL, client or account is another item and nothing stale can answer for it. Apart from the kinds themselves: this is all
 * that the cached path needs of them.
 */

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
  acrValues?: string | undefined
}

/** What an application's ID token of IDaaS is made of. */
export interface IdaasSignIn {
  idaasUrl: string
  applicationUuid: string
  appKey: string
}

/** A role as STS is asked for it: everything that changes the credentials. */
export interface AssumedRole {
  roleArn?: string | undefined
  oidcProviderArn?: string | undefined
  roleSessionName?: string | undefined
  durationSeconds?: number | undefined
  policy?: string | undefined
  externalId?: string | undefined
  stsEndpoint?: string | undefined
  region?: string | undefined
}

/** The items of the store that a profile leads to. */
export interface ItemNames {
  /** Its credentials; undefined while no role is chosen, or where it has none. */
  credentials?: string | undefined
  /** The tokens of its sign-in; a role has none of its own. */
  tokens?: string
  /** The secret of its client or application; one for all scopes. */
  secret?: string
  /** The names that a former version gave the same items. What lies there is moved when the store is opened for the profile. */
  former?: ItemNames | undefined
}

/** Of a profile that signs in itself. */
export interface SignInItems extends ItemNames {
  tokens: string
}

/** Of an OIDC client or an application. */
export interface ClientItems extends SignInItems {
  secret: string
}

export function cloudSsoItems(
  signIn: CloudSsoSignIn,
  { accountId, accessConfigurationId }: Partial<CloudSsoAssignment>,
): SignInItems {
  return {
    credentials:
      accountId === undefined || accessConfigurationId === undefined
        ? undefined
        : credentialsKey({ ...signIn, accountId, accessConfigurationId }),
    tokens: join('token', 'cloudsso', signIn.signInUrl, signIn.clientId),
  }
}

export function credentialsKey(assignment: CloudSsoAssignment): string {
  const { signInUrl, clientId, accountId, accessConfigurationId } = assignment
  return join('credentials', 'cloudsso', signInUrl, clientId, accountId, accessConfigurationId)
}

export function oidcItems(signInAt: OidcSignIn, role: AssumedRole): ClientItems {
  const { issuer, clientId, scope, audience, acrValues } = signInAt
  const more = acrValues ? [audience ?? '', acrValues] : audience ? [audience] : []
  const signIn = ['oidc', issuer, clientId, scope, ...more]
  return { ...tokenItems(signIn, role), secret: join('secret', 'oidc', issuer, clientId) }
}

export function idaasItems(
  { idaasUrl, applicationUuid, appKey }: IdaasSignIn,
  role: AssumedRole,
): ClientItems {
  const signIn = ['idaas', idaasUrl, applicationUuid, appKey]
  return { ...tokenItems(signIn, role), secret: join('secret', ...signIn) }
}

/** Of a role that is assumed with the credentials of another profile. */
export function roleItems(role: AssumedRole, source: ItemNames): ItemNames {
  return {
    credentials: source.credentials && roleKey(role, source.credentials),
    ...(source.former && { former: roleItems(role, source.former) }),
  }
}

/** A role that is assumed with an ID token needs both of its ARNs. */
function tokenItems(signIn: readonly string[], role: AssumedRole): SignInItems {
  const complete = role.roleArn !== undefined && role.oidcProviderArn !== undefined
  return {
    credentials: complete ? roleKey(role, join(...signIn)) : undefined,
    tokens: join('token', ...signIn),
  }
}

/** `from` is encoded already, the sign-in or the key of other credentials; twice would make chains grow. */
function roleKey(role: AssumedRole, from: string): string {
  const { roleArn, oidcProviderArn, roleSessionName, durationSeconds, policy, externalId } = role
  const asked = [roleArn, oidcProviderArn, roleSessionName, durationSeconds?.toString(), policy, externalId]
  const parts = [...asked, role.stsEndpoint, role.region].map((part) => part ?? '')
  return `${join('credentials', 'role', ...parts)}:${from}`
}

function join(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':')
}
