import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  pem,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts'

export interface CertificateRequest {
  commonName: string
  /** DNS names and IPv4 addresses for subjectAltName; none for a CA. */
  hosts?: readonly string[]
  isCa?: boolean
  notBefore: Date
  notAfter: Date
}

/** A certificate with its private key; PEM for servers, objects for signing more. */
export interface Certificate {
  cert: string
  key: string
  commonName: string
  privateKey: KeyObject
  keyId: Buffer
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

/**
 * Makes an X.509 v3 certificate on a new P-256 key (RFC 5280 section 4.1), signed by `issuer`, or by itself
 * when there is none.
 */
export function makeCertificate(request: CertificateRequest, issuer?: Certificate): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' })
  const keyId = createHash('sha1').update(publicKeyInfo).digest()
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    name(issuer?.commonName ?? request.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.commonName),
    publicKeyInfo,
    explicit(3, sequence(...extensions(request, keyId, issuer?.keyId ?? keyId))),
  )
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey)
  return {
    cert: pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bitString(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    commonName: request.commonName,
    privateKey,
    keyId,
  }
}

function extensions(request: CertificateRequest, keyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const isCa = request.isCa ?? false
  const list = [
    extension('2.5.29.19', sequence(...(isCa ? [boolean(true)] : [])), true),
    // keyCertSign and cRLSign for a CA, digitalSignature for a server; unused bits counted from the right.
    extension(
      '2.5.29.15',
      isCa ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7),
      true,
    ),
    extension('2.5.29.14', octetString(keyId)),
    extension('2.5.29.35', sequence(implicit(0, issuerKeyId))),
  ]
  if (!isCa) list.push(extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))))
  if (request.hosts?.length)
    list.push(extension('2.5.29.17', sequence(...request.hosts.map(alternativeName))))
  return list
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value))
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return implicit(7, Buffer.from(host.split('.').map(Number)))
  return implicit(2, Buffer.from(host, 'ascii'))
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8String(commonName))))
}

/** Positive, and without the leading zero octets that DER forbids. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}
