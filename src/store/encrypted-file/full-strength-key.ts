import { Secret, SesameError, t } from '../../kit/index.ts'

/*
 * A passphrase that is a key of full strength: `sesame-key-1-`, then 32 random bytes and 4 bytes of checksum in
 * base64url (48 characters, none of them padding). No guess can find it, so no slow derivation has to protect it.
 */
const prefix = 'sesame-key-1-'
const anyVersion = /^sesame-key-\d+-/
const keyLength = 32
const checksumLength = 4

/** A new key, from the system's random numbers. */
export function newFullStrengthKey(): Secret {
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const key = randomBytes(keyLength)
  return new Secret(prefix + Buffer.concat([key, checksumOf(key)]).toString('base64url'))
}

/** Whether a passphrase is meant to be such a key; one with a slip in it as well. */
export function isFullStrengthKey(passphrase: Secret): boolean {
  return anyVersion.test(passphrase.reveal().trim())
}

/** The 32 bytes of a key. @throws SesameError ERR_STORE_PASSPHRASE for one with a slip in it */
export function bytesOfKey(passphrase: Secret): Buffer {
  const text = passphrase.reveal().trim()
  const bytes = text.startsWith(prefix)
    ? Buffer.from(text.slice(prefix.length), 'base64url')
    : Buffer.alloc(0)
  const key = bytes.subarray(0, keyLength)
  const whole =
    bytes.length === keyLength + checksumLength && bytes.subarray(keyLength).equals(checksumOf(key))
  // Base64url that decodes to the same bytes in another spelling is a slip too.
  if (whole && text === prefix + bytes.toString('base64url')) return key
  throw new SesameError('ERR_STORE_PASSPHRASE', t('The key has a typing error: its checksum does not fit.'), {
    hint: t(
      'Set SESAME_PASSPHRASE to the whole line that "sesame configure --store encrypted-file --new-key" printed.',
    ),
  })
}

function checksumOf(key: Buffer): Buffer {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(prefix).update(key).digest().subarray(0, checksumLength)
}
