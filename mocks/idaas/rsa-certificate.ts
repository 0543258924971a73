import { type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  bitString,
  element,
  explicit,
  integer,
  oid,
  pem,
  sequence,
  set,
  time,
  utf8String,
} from '../tls/der.ts'

/** sha256WithRSAEncryption, whose parameters are NULL (RFC 4055 section 5). */
const rsaWithSha256 = sequence(oid('1.2.840.113549.1.1.11'), element(0x05))
const dayMs = 86_400_000

/** A self-signed certificate without extensions: a wrapping for a public key, not to be trusted for anything (PEM). */
export function makeRsaCertificate(commonName: string, publicKey: KeyObject, privateKey: KeyObject): string {
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8String(commonName))))
  const life = sequence(time(new Date(Date.now() - dayMs)), time(new Date(Date.now() + 3650 * dayMs)))
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    rsaWithSha256,
    name,
    life,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  return pem('CERTIFICATE', sequence(body, rsaWithSha256, bitString(sign('sha256', body, privateKey))))
}
