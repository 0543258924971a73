interface Documented {
  status: number
  message: string
}

const one = (status: number, message: string): Documented => ({ status, message })

/** The error codes that the documentation of STS and of its gateway names, with status and wording. */
export const documentedErrors = {
  'AuthenticationFail.NoPermission': one(401, 'There is no permission'),
  'AuthenticationFail.OIDCToken.AudienceNotMatch': one(401, 'Invalid audience.'),
  'AuthenticationFail.OIDCToken.Expired': one(401, 'This JsonWebToken is expired.'),
  'AuthenticationFail.OIDCToken.HttpsUrlInvalid': one(
    401,
    'Invoke url failed due to certificate chain validation',
  ),
  'AuthenticationFail.OIDCToken.IssuerConfigurationBroken': one(
    401,
    'Get public keys from OIDC Provider failed, the issuer is https://kubernetes.default.svc.',
  ),
  'AuthenticationFail.OIDCToken.IssuerNotMatch': one(
    401,
    "The issuer in the OIDC Token doesn't match the OIDC Provider registered.",
  ),
  'AuthenticationFail.OIDCToken.Invalid': one(401, 'The Jwt content is invalid that cannot be recognized.'),
  'AuthenticationFail.OIDCToken.InvalidSignature': one(401, 'OIDC token validate failed: invalid signature.'),
  NoPermission: one(
    403,
    'No permission perform sts:AssumeRole on this Role. Maybe you are not authorized to perform sts:AssumeRole or the specified role does not trust you',
  ),
  'InvalidParameter.RoleArn': one(400, 'The parameter RoleArn is wrongly formed.'),
  'InvalidParameter.RoleSessionName': one(400, 'The parameter RoleSessionName is wrongly formed.'),
  'InvalidParameter.DurationSeconds': one(400, 'The Min/Max value of DurationSeconds is 15min/1hr.'),
  'InvalidParameter.PolicyGrammar': one(400, 'The parameter Policy has not passed grammar check.'),
  'EntityNotExist.Role': one(404, 'The specified Role not exists.'),
  'InvalidAccessKeyId.NotFound': one(404, 'Specified access key is not found.'),
  'InvalidAccessKeyId.Inactive': one(400, 'Specified access key is disabled.'),
  MissingSecurityToken: one(400, 'SecurityToken is mandatory for this action.'),
  'InvalidSecurityToken.Expired': one(400, 'Specified SecurityToken is expired.'),
  'InvalidSecurityToken.Malformed': one(400, 'Specified SecurityToken is malformed.'),
  'InvalidSecurityToken.MismatchWithAccessKey': one(
    400,
    'Specified SecurityToken mismatch with the AccessKey.',
  ),
  SignatureDoesNotMatch: one(400, 'Specified signature is not matched with our calculation.'),
  IncompleteSignature: one(400, 'The request signature does not conform to Aliyun standards.'),
  SignatureNonceUsed: one(400, 'Specified signature nonce was used already.'),
  'InvalidTimeStamp.Expired': one(400, 'Specified time stamp or date value is expired.'),
  'InvalidTimeStamp.Format': one(400, 'Specified time stamp or date value is not well formatted.'),
  IllegalTimestamp: one(
    400,
    'The input parameter "Timestamp" that is mandatory for processing this request is not supplied.',
  ),
  'Throttling.User': one(400, 'Request was denied due to user flow control.'),
  Throttling: one(400, 'Request was denied due to request throttling.'),
  ServiceUnavailable: one(503, 'The request has failed due to a temporary failure of the server.'),
  InternalError: one(500, 'The request processing has failed due to some unknown error.'),
  'InvalidAction.NotFound': one(404, 'Specified api is not found, please check your url and method.'),
} as const satisfies Record<string, Documented>

export type DocumentedCode = keyof typeof documentedErrors

/** How the body of a refusal looks. */
export interface RefusalForm {
  /** XML is what the gateway sends when it did not get to read `Format`. */
  format?: 'json' | 'xml'
  /** RAM's `AccessDeniedDetail`, an object or the same as a string of JSON. */
  accessDeniedDetail?: Record<string, string> | string
}

/** A call that STS answers with an error body. */
export class StsRefusal extends Error {
  readonly status: number
  readonly code: string
  /** A test asked for it, the client did nothing wrong; and how the body looks. */
  readonly ordered: RefusalForm | undefined

  constructor(status: number, code: string, message: string, ordered?: RefusalForm) {
    super(message)
    this.name = 'StsRefusal'
    this.ordered = ordered
    this.status = status
    this.code = code
  }
}

/** Refuses with a documented code, and its documented message unless another is given. */
export function refuseWith(code: DocumentedCode, message?: string): never {
  const { status, message: usual } = documentedErrors[code]
  throw new StsRefusal(status, code, message ?? usual)
}
