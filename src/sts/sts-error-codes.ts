import type { ErrorCode, FixedText } from '../kit/index.ts'

/** What a refusal means to the person, and what to do about it. */
export interface Explanation {
  code: ErrorCode
  hint: FixedText
}

export interface StsErrorCode extends Explanation {
  /** Only for messages like this: STS uses some codes for several things. */
  message?: RegExp
}

const signInAgain = 'Sign in again ("sesame login --force --profile NAME").'
const compareIssuers =
  'Sign in again ("sesame login --force --profile NAME"). If that does not help, compare the issuer in RAM with --issuer.'
const newSource =
  'Renew the credentials that the role is assumed with ("sesame login --force --profile NAME").'
const clock =
  'Set the clock of this machine (or switch on NTP): it is more than 15 minutes away from that of STS.'
const tryLater = 'STS has a problem, or your account makes too many calls; try again in a while.'

/** The documented codes, the particular before the general. ERR_UNAUTHORIZED means: new credentials or tokens help. */
export const stsErrorCodes: Record<string, readonly StsErrorCode[]> = {
  'AuthenticationFail.NoPermission': [
    {
      message: /no such oidc provider/i,
      code: 'ERR_FORBIDDEN',
      hint: 'Check --oidc-provider-arn: RAM knows no OIDC provider of that name in this account.',
    },
    {
      code: 'ERR_FORBIDDEN',
      hint: 'Check the trust policy of the role in RAM: principal (OIDC provider) and conditions (oidc:iss, oidc:aud, oidc:sub).',
    },
  ],
  'AuthenticationFail.OIDCToken.AudienceNotMatch': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'Add the client id of this profile to the client ids of the OIDC provider in RAM.',
    },
  ],
  'AuthenticationFail.OIDCToken.Expired': [{ code: 'ERR_UNAUTHORIZED', hint: signInAgain }],
  'AuthenticationFail.OIDCToken.IssuerNotMatch': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'The issuer of the OIDC provider in RAM must be --issuer of this profile to the letter; or --oidc-provider-arn names another provider.',
    },
  ],
  'AuthenticationFail.OIDCToken.IssuerConfigurationBroken': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'STS cannot read the keys of the identity provider: its discovery document and its jwks_uri must be open to the internet, over https.',
    },
  ],
  'AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'The identity provider has a new certificate: add its fingerprint to the OIDC provider in RAM.',
    },
  ],
  'AuthenticationFail.OIDCToken.HttpsUrlInvalid': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'STS does not trust the certificate of the identity provider: update the fingerprints of the OIDC provider in RAM, and serve the whole chain.',
    },
  ],
  'AuthenticationFail.OIDCToken.Invalid': [
    {
      message: /algorithm/i,
      code: 'ERR_REFUSED',
      hint: 'Let the identity provider sign ID tokens of this client with RS256.',
    },
    {
      code: 'ERR_UNAUTHORIZED',
      hint: compareIssuers,
    },
  ],
  'AuthenticationFail.OIDCToken.InvalidSignature': [
    {
      code: 'ERR_UNAUTHORIZED',
      hint: compareIssuers,
    },
  ],
  // Of this family not every code is documented.
  'AuthenticationFail.OIDCToken': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'Compare the OIDC provider in RAM with this profile: issuer, client ids, fingerprints, and how old a token may be.',
    },
  ],
  AuthenticationFail: [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'Check --role-arn, --oidc-provider-arn and the trust policy of the role in RAM.',
    },
  ],
  NoPermission: [
    {
      message: /root account/i,
      code: 'ERR_FORBIDDEN',
      hint: 'An Alibaba Cloud account itself cannot assume roles: use a RAM user or a role as the source.',
    },
    {
      code: 'ERR_FORBIDDEN',
      hint: 'The source needs the permission sts:AssumeRole, and the trust policy of the role must name it (and the --external-id, if it asks for one).',
    },
  ],
  'InvalidParameter.RoleSessionName': [
    {
      code: 'ERR_REFUSED',
      hint: 'Set --role-session-name to 2 to 64 letters, digits and characters of . @ - _',
    },
  ],
  'InvalidParameter.DurationSeconds': [
    {
      code: 'ERR_REFUSED',
      hint: 'Set --duration-seconds to 900 or more, and to no more than the maximum session duration of the role in RAM.',
    },
  ],
  'InvalidParameter.PolicyGrammar': [
    {
      code: 'ERR_REFUSED',
      hint: 'Fix --policy: a RAM policy is {"Version":"1","Statement":[{"Effect","Action","Resource"}]}.',
    },
  ],
  'InvalidParameter.RoleArn': [
    { code: 'ERR_REFUSED', hint: 'Check --role-arn: it looks like acs:ram::<account id>:role/<name>.' },
  ],
  'InvalidParameter.OIDCProviderArn': [
    {
      code: 'ERR_REFUSED',
      hint: 'Check --oidc-provider-arn: it looks like acs:ram::<account id>:oidc-provider/<name>.',
    },
  ],
  'InvalidParameter.ExternalId': [
    { code: 'ERR_REFUSED', hint: 'Check --external-id: it must be the one in the trust policy of the role.' },
  ],
  'EntityNotExist.Role': [
    {
      code: 'ERR_REFUSED',
      hint: 'Check --role-arn: the account has no such role; RAM spells its name and the account id.',
    },
  ],
  'EntityNotExist.OIDCProvider': [
    {
      code: 'ERR_REFUSED',
      hint: 'Check --oidc-provider-arn: the account has no such OIDC provider; RAM spells its name and the account id.',
    },
  ],
  EntityNotExist: [
    {
      code: 'ERR_REFUSED',
      hint: 'Check --role-arn and --oidc-provider-arn: what the message names is not in that account.',
    },
  ],
  'InvalidAccessKeyId.NotFound': [{ code: 'ERR_UNAUTHORIZED', hint: newSource }],
  'InvalidAccessKeyId.Inactive': [
    {
      code: 'ERR_FORBIDDEN',
      hint: 'The AccessKey of the source is disabled in RAM: have it enabled, or use another one.',
    },
  ],
  MissingSecurityToken: [{ code: 'ERR_UNAUTHORIZED', hint: newSource }],
  'InvalidSecurityToken.Expired': [{ code: 'ERR_UNAUTHORIZED', hint: newSource }],
  InvalidSecurityToken: [{ code: 'ERR_UNAUTHORIZED', hint: newSource }],
  SignatureDoesNotMatch: [
    {
      code: 'ERR_REFUSED',
      hint: 'Something between here and STS changes requests (proxy), or the kept secret is damaged: try "sesame login --force --profile NAME".',
    },
  ],
  IncompleteSignature: [
    {
      code: 'ERR_REFUSED',
      hint: 'Something between here and STS takes headers away: check the proxy settings.',
    },
  ],
  InvalidTimeStamp: [{ code: 'ERR_REFUSED', hint: clock }],
  IllegalTimestamp: [{ code: 'ERR_REFUSED', hint: clock }],
  // A new attempt has a new nonce: this passes.
  SignatureNonceUsed: [{ code: 'ERR_SERVER', hint: tryLater }],
  Throttling: [{ code: 'ERR_SERVER', hint: tryLater }],
  ServiceUnavailable: [{ code: 'ERR_SERVER', hint: tryLater }],
  InternalError: [{ code: 'ERR_SERVER', hint: tryLater }],
  InvalidAction: [
    { code: 'ERR_REFUSED', hint: 'Check the STS endpoint: what answered there does not know this call.' },
  ],
}

/** Spellings that are in use beside those of the error code page. */
export const otherSpellings: Record<string, string> = {
  AccessDenied: 'NoPermission',
  EntityNotExists: 'EntityNotExist',
  'EntityNotExists.OIDCProvider': 'EntityNotExist.OIDCProvider',
  'EntityNotExists.Role': 'EntityNotExist.Role',
  Forbidden: 'NoPermission',
  InvalidAccessKeyId: 'InvalidAccessKeyId.NotFound',
  InvalidSignatureNonce: 'SignatureNonceUsed',
  InvalidVersion: 'InvalidAction',
}
