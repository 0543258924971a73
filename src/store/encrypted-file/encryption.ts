import { parseVersion1 } from '../credential-store.ts'
import { type KeyDerivation, parseDerivation } from './encryption-key.ts'

/** One encrypted item on disk. `data` is the AES-256-GCM ciphertext with its 16-byte tag behind; all base64. */
export interface Envelope {
  v: 1
  kdf: KeyDerivation
  nonce: string
  data: string
  /** True for one that holds an envelope under a former key, with that key (`write-encrypted.ts`). */
  wraps?: true
}

/** An envelope with its key. */
export interface Unwrapped {
  envelope: Envelope
  key: Buffer
}

const tagLength = 16

/** The file's own shape, checked; undefined for anything that this version has not written. */
export function parseEnvelope(text: string): Envelope | undefined {
  const { kdf, nonce, data, wraps } = parseVersion1(text) ?? {}
  const derivation = parseDerivation(kdf)
  if (derivation === undefined || typeof nonce !== 'string' || typeof data !== 'string') return undefined
  if (Buffer.from(nonce, 'base64').length !== 12 || Buffer.from(data, 'base64').length < tagLength)
    return undefined
  if (wraps !== undefined && wraps !== true) return undefined
  return { v: 1, kdf: derivation, nonce, data, ...(wraps && { wraps }) }
}

/** Encrypts `value` for the item `name`; it opens under no other name. */
export function seal(name: string, value: string, key: Buffer, kdf: KeyDerivation): Envelope {
  return encrypt(itemData(name), value, key, kdf)
}

/** The value, or undefined when key, name or bytes are not those it was sealed with. */
export function open(name: string, envelope: Envelope, key: Buffer): string | undefined {
  return decrypt(itemData(name), envelope, key)
}

/** Encrypts an envelope together with its key. A name may not be known then, so it is the file's name that holds. */
export function wrap(fileName: string, inner: Unwrapped, key: Buffer, kdf: KeyDerivation): Envelope {
  const text = JSON.stringify({ key: inner.key.toString('base64'), envelope: inner.envelope })
  return { ...encrypt(fileData(fileName), text, key, kdf), wraps: true }
}

/** What `wrap` was given, or undefined when key, file name or bytes are not those it was sealed with. */
export function unwrap(fileName: string, outer: Envelope, key: Buffer): Unwrapped | undefined {
  const text = decrypt(fileData(fileName), outer, key)
  if (text === undefined) return undefined
  // What opens was written by `wrap`.
  const inner = JSON.parse(text) as { key: string; envelope: Envelope }
  return { envelope: inner.envelope, key: Buffer.from(inner.key, 'base64') }
}

function encrypt(associated: string, value: string, key: Buffer, kdf: KeyDerivation): Envelope {
  const { createCipheriv, randomBytes } = process.getBuiltinModule('node:crypto')
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(Buffer.from(associated))
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { v: 1, kdf, nonce: nonce.toString('base64'), data: data.toString('base64') }
}

function decrypt(associated: string, envelope: Envelope, key: Buffer): string | undefined {
  const { createDecipheriv } = process.getBuiltinModule('node:crypto')
  const data = Buffer.from(envelope.data, 'base64')
  const nonce = Buffer.from(envelope.nonce, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(associated))
  decipher.setAuthTag(data.subarray(-tagLength))
  const text = Buffer.concat([decipher.update(data.subarray(0, -tagLength))])
  try {
    decipher.final()
    return text.toString('utf8')
  } catch {
    // The one thing that `final` reports: the tag does not fit.
    return undefined
  }
}

function itemData(name: string): string {
  return `sesame secret v1\n${name}`
}

function fileData(fileName: string): string {
  return `sesame wrapped secret v1\n${fileName}`
}
