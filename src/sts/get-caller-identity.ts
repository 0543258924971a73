import { asRecord, type Credentials, SesameError, t, textMember } from '../kit/index.ts'
import { callSts, endpointHint, type StsContext } from './sts-call.ts'

/**
 * Asks STS whose credentials these are (GetCallerIdentity): `AccountId`, `Arn`, `IdentityType` (`RAMUser`,
 * `AssumedRoleUser`, `Account`), `PrincipalId`, `RoleId` or `UserId`, `RequestId`.
 *
 * @returns the JSON as STS answered it; only that it is an object with an `Arn` is known
 * @throws as `assumeRole` does
 */
export async function getCallerIdentity(
  credentials: Credentials,
  context: StsContext,
): Promise<Record<string, unknown>> {
  const failure = t('STS did not accept the credentials')
  const call = { action: 'GetCallerIdentity', failure, parameters: {}, credentials } as const
  return callSts(call, context, (answer) => {
    const identity = asRecord(answer.body)
    if (identity !== undefined && textMember(identity, 'Arn') !== undefined) return identity
    const { requestId, status } = answer
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      t('STS answered {status}, but without an Arn.', { status }),
      {
        requestId,
        status,
        hint: t(endpointHint),
      },
    )
  })
}
