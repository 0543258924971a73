/** The documented codes of the federation service, each with its status. */
export const documentedRefusals = {
  InvalidAction: 400,
  'MissingParameter.AccessKeyId': 400,
  'MissingParameter.AccessKeySecret': 400,
  'MissingParameter.SecurityToken': 400,
  'MissingParameter.TicketType': 400,
  'MissingParameter.LoginUrl': 400,
  'MissingParameter.Destination': 400,
  'MissingParameter.SigninToken': 400,
  'InvalidParameter.Destination': 400,
  'InvalidParameter.TicketType': 400,
  'InvalidCredential.AuthenticateFail': 401,
  'InvalidCredential.SigninToken': 401,
} as const

export type FederationCode = keyof typeof documentedRefusals

/** A request that is answered with an error. */
export class FederationRefusal extends Error {
  readonly code: FederationCode

  constructor(code: FederationCode, message = 'The request is refused.') {
    super(message)
    this.name = 'FederationRefusal'
    this.code = code
  }
}
