import { asRecord, type Secret, SesameError } from '../kit/index.ts'
import { type RoleOptions, roleParameters } from './assume-role.ts'
import { type IssuedCredentials, readIssuedCredentials } from './issued-credentials.ts'
import { stsIssuer } from './refusal.ts'
import { checkOidcProviderArn } from './role-limits.ts'
import { callSts, type StsContext } from './sts-call.ts'

export interface AssumeRoleWithOidcRequest extends RoleOptions {
  /** `acs:ram::<account>:oidc-provider/<name>` */
  oidcProviderArn: string
  /** An ID token of that provider: the JWT as it was issued. */
  idToken: Secret
}

const shortestToken = 4
const longestToken = 20_000

/**
 * Assumes a role with an ID token (AssumeRoleWithOIDC). The call is not signed: the token is the proof, and it travels in
 * the form body, since URLs end up in logs.
 *
 * @throws SesameError ERR_UNAUTHORIZED when a new ID token would help; ERR_FORBIDDEN and ERR_REFUSED with what to do;
 *   ERR_TOKEN_INVALID for a token longer than STS takes; ERR_SERVER, ERR_RESPONSE_INVALID, network
 */
export async function assumeRoleWithOidc(
  request: AssumeRoleWithOidcRequest,
  context: StsContext,
): Promise<IssuedCredentials> {
  const parameters = {
    ...roleParameters(request),
    OIDCProviderArn: checkOidcProviderArn(request.oidcProviderArn),
    OIDCToken: checkedToken(request.idToken),
  }
  const failure = `STS did not let you assume ${request.roleArn}`
  return callSts({ action: 'AssumeRoleWithOIDC', failure, parameters }, context, (answer, serverNow) =>
    readIssuedCredentials(asRecord(answer.body)?.Credentials, answer, serverNow, stsIssuer),
  )
}

function checkedToken(idToken: Secret): string {
  const token = idToken.reveal()
  if (token.length >= shortestToken && token.length <= longestToken) return token
  throw new SesameError(
    'ERR_TOKEN_INVALID',
    `The ID token has ${token.length} characters; STS takes ${shortestToken} to ${longestToken}.`,
    { hint: 'Let the identity provider put fewer claims (groups, roles) into the ID tokens of this client.' },
  )
}
