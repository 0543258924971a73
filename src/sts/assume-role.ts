import { asRecord, type Credentials, type Secret, SesameError, t } from '../kit/index.ts'
import {
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
} from '../values/index.ts'
import { type IssuedCredentials, readIssuedCredentials } from './issued-credentials.ts'
import { callSts, type StsContext, stsIssuer } from './sts-call.ts'

/** What both ways to a role have in common. */
interface RoleOptions {
  /** `acs:ram::<account>:role/<name>` */
  roleArn: string
  /** Who holds the session, as the audit trail will show it: 2 to 64 of `A-Z a-z 0-9 . @ _ -`. */
  roleSessionName: string
  /** 900 to what the role allows (43,200 at most). Default of STS: 3600. */
  durationSeconds?: number | undefined
  /** JSON of a RAM policy: the session may do no more than it and the role both allow. */
  policy?: string | undefined
}

export interface AssumeRoleRequest extends RoleOptions {
  externalId?: string | undefined
  sourceIdentity?: string | undefined
  /** Of the RAM user or role that assumes. */
  credentials: Credentials
}

/**
 * Assumes a role with the credentials of an identity that it trusts (AssumeRole, signed). Everything is checked before it is
 * sent (ERR_USAGE) and before it is handed on.
 *
 * @throws SesameError ERR_UNAUTHORIZED when the source credentials are to be renewed; ERR_FORBIDDEN and ERR_REFUSED
 *   with what to do; ERR_SERVER, ERR_RESPONSE_INVALID, network
 */
export async function assumeRole(
  request: AssumeRoleRequest,
  context: StsContext,
): Promise<IssuedCredentials> {
  const { externalId, sourceIdentity, credentials } = request
  const parameters = {
    ...roleParameters(request),
    ExternalId: externalId === undefined ? undefined : checkExternalId(externalId),
    SourceIdentity: sourceIdentity,
  }
  const failure = t('STS did not let you assume {role}', { role: request.roleArn })
  return callSts({ action: 'AssumeRole', failure, parameters, credentials }, context, (answer, serverNow) =>
    readIssuedCredentials(asRecord(answer.body)?.Credentials, answer, serverNow, stsIssuer),
  )
}

/** The parameters of `RoleOptions`, checked. */
function roleParameters({
  roleArn,
  roleSessionName,
  durationSeconds,
  policy,
}: RoleOptions): Record<string, string | undefined> {
  return {
    RoleArn: checkRoleArn(roleArn),
    RoleSessionName: checkRoleSessionName(roleSessionName),
    DurationSeconds:
      durationSeconds === undefined ? undefined : String(checkDurationSeconds(durationSeconds)),
    Policy: policy === undefined ? undefined : checkPolicy(policy),
  }
}

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
  const failure = t('STS did not let you assume {role}', { role: request.roleArn })
  return callSts({ action: 'AssumeRoleWithOIDC', failure, parameters }, context, (answer, serverNow) =>
    readIssuedCredentials(asRecord(answer.body)?.Credentials, answer, serverNow, stsIssuer),
  )
}

function checkedToken(idToken: Secret): string {
  const token = idToken.reveal()
  if (token.length >= shortestToken && token.length <= longestToken) return token
  throw new SesameError(
    'ERR_TOKEN_INVALID',
    t('The ID token has {length} characters; STS takes {min} to {max}.', {
      length: token.length,
      min: shortestToken,
      max: longestToken,
    }),
    {
      hint: t(
        'Let the identity provider put fewer claims (groups, roles) into the ID tokens of this client.',
      ),
    },
  )
}

const longest = 64
const shortest = 2

/**
 * A RoleSessionName from the first candidate that something is left of, reduced to the characters that STS allows
 * (2 to 64 of `A-Z a-z 0-9 . @ _ -`): accents are dropped, a run of anything else becomes one `-`. `sesame` when no
 * candidate is usable.
 */
export function roleSessionNameFrom(...candidates: (string | undefined)[]): string {
  for (const candidate of candidates) {
    const reduced = reduce(candidate ?? '')
    if (reduced.length >= shortest) return reduced
  }
  return 'sesame'
}

function reduce(text: string): string {
  return text
    .slice(0, 1000)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9.@_-]+/g, '-')
    .slice(0, longest + 1)
    .replace(/^-+/, '')
    .slice(0, longest)
    .replace(/-+$/, '')
}
