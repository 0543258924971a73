import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileNameOf } from '../../src/store/item-file.ts'

/** Writes an encrypted store as version 0.1.0 did (scrypt with p=1), independently of the code under test. */
export function writeOldStore(directory: string, passphrase: string, items: Record<string, string>): void {
  const secrets = join(directory, 'secrets')
  mkdirSync(secrets, { recursive: true, mode: 0o700 })
  const salt = randomBytes(16)
  const [N, r, p] = [32768, 8, 1]
  const key = scryptSync(passphrase, salt, 32, { N, r, p, maxmem: 2 ** 26 })
  const write = (file: string, name: string, value: string) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.from(`sesame secret v1\n${name}`))
    const data = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]).toString('base64')
    const kdf = { name: 'scrypt', N, r, p, salt: salt.toString('base64') }
    const envelope = { v: 1, kdf, nonce: nonce.toString('base64'), data }
    writeFileSync(join(secrets, `${file}.json`), JSON.stringify(envelope), { mode: 0o600 })
  }
  write('.verifier', '.verifier', '{}')
  for (const [name, value] of Object.entries(items)) write(fileNameOf(name), name, value)
}
