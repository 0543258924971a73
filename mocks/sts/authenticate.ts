import type { RecordedRequest } from '../http/recorded-request.ts'
import { readAcs3 } from '../signature/acs3.ts'
import { readRpc1, rpcParameters } from '../signature/rpc1.ts'
import type { Identities, StsKey } from './identities.ts'
import { refuseWith } from './refusal.ts'

export type SignatureKind = 'acs3' | 'rpc1' | 'none'

/** A request's time may be this far from the server's. */
const timestampToleranceMs = 15 * 60_000

export function signatureKind(request: RecordedRequest): SignatureKind {
  if (readAcs3(request) !== undefined) return 'acs3'
  return readRpc1(request) === undefined ? 'none' : 'rpc1'
}

/** Checks who signed a request, and that it is fresh. */
export function createAuthentication(identities: Identities, now: () => Date) {
  const nonces = new Set<string>()

  return (request: RecordedRequest): StsKey => {
    const signed = readAcs3(request) ?? readRpc1(request)
    if (signed === undefined) refuseWith('IncompleteSignature')
    const { values } = rpcParameters(request)
    checkTime(request.headers['x-acs-date']?.toString() ?? values.get('Timestamp'), now())
    const nonce = request.headers['x-acs-signature-nonce']?.toString() ?? values.get('SignatureNonce')
    if (!nonce) refuseWith('IncompleteSignature')
    const key = identities.find(signed.accessKeyId, signed.securityToken)
    if (key === undefined) refuseWith('InvalidAccessKeyId.NotFound')
    if (key.inactive) refuseWith('InvalidAccessKeyId.Inactive')
    if (!signed.isSignedWith(key.accessKeySecret)) refuseWith('SignatureDoesNotMatch')
    const used = `${signed.accessKeyId} ${nonce}`
    if (nonces.has(used)) refuseWith('SignatureNonceUsed')
    nonces.add(used)
    checkSession(key, signed.securityToken, now())
    return key
  }
}

/** @throws StsRefusal for a time that is missing, unreadable or more than 15 minutes away */
export function checkTime(text: string | undefined, now: Date): void {
  if (text === undefined) refuseWith('IllegalTimestamp')
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) refuseWith('InvalidTimeStamp.Format')
  if (Math.abs(Date.parse(text) - now.getTime()) > timestampToleranceMs)
    refuseWith('InvalidTimeStamp.Expired')
}

function checkSession(key: StsKey, securityToken: string | undefined, now: Date): void {
  if (key.securityToken === undefined) {
    if (securityToken !== undefined) refuseWith('InvalidSecurityToken.Malformed')
    return
  }
  if (securityToken === undefined) refuseWith('MissingSecurityToken')
  if (securityToken !== key.securityToken) refuseWith('InvalidSecurityToken.MismatchWithAccessKey')
  const { expiresAt } = key.identity
  if (expiresAt !== undefined && expiresAt <= now) refuseWith('InvalidSecurityToken.Expired')
}
