import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { keysOfRun } from './keys-of-run.ts'

/*
 * RSA keys take a tenth of a second of a core each, and most test files start servers that need some. So the first key that a test
 * process asks for is the same in each file of a run, and so is the second, and so on; within a process all are different.
 */

interface RsaPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

const crypto = process.getBuiltinModule('node:crypto')
const { generateKeyPair, generateKeyPairSync } = crypto
const asked = new Map<number, number>()

/** The next key of this process, from the run's keys where another file had it before. */
function nextKey(bits: number, directory: string): RsaPair {
  const index = asked.get(bits) ?? 0
  asked.set(bits, index + 1)
  const file = join(directory, `${bits}-${index}.der`)
  const privateKey = readKey(file) ?? makeKey(bits, file)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function readKey(file: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: readFileSync(file), format: 'der', type: 'pkcs8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function makeKey(bits: number, file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const own = `${file}.${process.pid}`
  writeFileSync(own, privateKey.export({ format: 'der', type: 'pkcs8' }), { mode: 0o600 })
  try {
    linkSync(own, file)
  } catch (error) {
    // Another worker was first: its key is for the files that come, this one is as good for now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  rmSync(own)
  return privateKey
}

/** The size of a plain RSA key, when it is one that is asked for. */
function bitsOf(type: string, options: object = {}): number | undefined {
  const { modulusLength, ...more } = options as { modulusLength?: number }
  return type === 'rsa' && Object.keys(more).length === 0 ? modulusLength : undefined
}

type Callback = (error: Error | null, publicKey?: KeyObject, privateKey?: KeyObject) => void

function shareKeys(directory: string): void {
  const shared = (type: string, options?: object) => {
    const bits = bitsOf(type, options)
    return bits === undefined ? undefined : nextKey(bits, directory)
  }
  const original = generateKeyPair as (...words: unknown[]) => void
  const originalSync = generateKeyPairSync as (...words: unknown[]) => unknown
  const promised = promisify(generateKeyPair) as (type: string, options: object) => Promise<RsaPair>
  const later = (type: string, options: object, done: Callback) => {
    const pair = shared(type, options)
    if (pair === undefined) original(type, options, done)
    else setImmediate(done, null, pair.publicKey, pair.privateKey)
  }
  Object.assign(later, {
    [promisify.custom]: async (type: string, options: object) =>
      shared(type, options) ?? promised(type, options),
  })
  const now = (type: string, options?: object) => shared(type, options) ?? originalSync(type, options)
  Object.assign(crypto, { generateKeyPair: later, generateKeyPairSync: now })
  syncBuiltinESMExports()
}

const directory = process.env[keysOfRun]
if (directory !== undefined) shareKeys(directory)
