import { join } from 'node:path'
import { isPrivateDirectory, proveDirectory } from '../files/index.ts'
import { errorCode, isSesameError, SesameError, t, type Warn } from '../kit/index.ts'
import type { CredentialStore } from './credential-store.ts'

/** What to do where the keychain cannot be used. */
export const keepInFile = 'To keep it, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.'

/** What is remembered of a keychain's proof. */
export interface Proof {
  isKept(): boolean
  keep(): Promise<unknown>
  /** Something could not be written after all: it proves itself again. */
  forget(): Promise<unknown>
}

/**
 * Makes sure that a keychain keeps what will be put into it, and is open now. It proves itself by a test item once: password
 * managers keep a trace of every entry that was deleted.
 */
export async function proveOnce(store: CredentialStore, proof: Proof | undefined): Promise<CredentialStore> {
  // Looking for an item that is not there opens what must be opened, and changes nothing.
  if (proof?.isKept()) await store.read('canary')
  else await proveByCanary(store)
  await proof?.keep()
  return {
    ...store,
    async write(key, value) {
      try {
        await store.write(key, value)
      } catch (error) {
        await proof?.forget()
        throw error
      }
    },
  }
}

/** Writes, reads back and deletes an item of the size of real credentials: a good answer alone proves nothing. */
async function proveByCanary(store: CredentialStore): Promise<void> {
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  // A name of its own for each run: runs side by side must not delete each other's.
  const key = `canary:${randomBytes(8).toString('hex')}`
  const value = JSON.stringify(randomBytes(1350).toString('base64'))
  await store.write(key, value)
  let back: string | undefined
  try {
    back = await store.read(key)
  } finally {
    await store.remove(key)
  }
  if (back !== value) {
    throw new SesameError('ERR_STORE_UNAVAILABLE', t('The keychain did not return what was put into it.'), {
      hint: t(keepInFile),
    })
  }
}

/**
 * The same for a store of files, in `<directory>/<name>`: a read-only disk, and a directory that is not ours, are found before
 * the user signs in. A full disk is only said then, unless this is an inspection: what this run obtains is of use, and there may be
 * room for it later. @throws SesameError ERR_FILE
 */
export function proveFileStore(
  name: 'plaintext-secrets' | 'secrets',
  { directory, warn, inspects = false }: { directory: string; warn: Warn; inspects?: boolean | undefined },
): void {
  isPrivateDirectory(directory, warn)
  try {
    proveDirectory(join(directory, name), { secret: name === 'plaintext-secrets', warn })
  } catch (error) {
    if (inspects || !isSesameError(error, 'ERR_FILE') || !isFull(error.cause)) throw error
    warn(t('Nothing can be kept now: {reason}', { reason: error.message }))
  }
}

function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errorCode(cause) ?? '')
}
