import type { BinaryLike, ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/*
 * In a test file each scrypt key is computed once. The program pays a derivation once a process; tests that run many commands
 * in this one process (`run-here.ts`) would pay it, on purpose a quarter of a second, for each of them. Nothing else differs:
 * the same passphrase, salt and parameters give the same key, to the built program as well.
 */

const crypto = process.getBuiltinModule('node:crypto')
const { scrypt, scryptSync } = crypto
const keys = new Map<string, Buffer | Promise<Buffer>>()

let isCheap = false

/**
 * From now on a derivation of this test file costs next to nothing. For tests of what lies around it, whose stores no other process
 * opens: the real one gives another key.
 */
export function deriveCheaply(): void {
  isCheap = true
}

const costOf = (options: ScryptOptions): ScryptOptions => (isCheap ? { ...options, N: 2 } : options)

type Input = [password: BinaryLike, salt: BinaryLike, length: number, options?: ScryptOptions]

function nameOf([password, salt, length, options = {}]: Input): string {
  const hex = (value: BinaryLike) => Buffer.from(value as Uint8Array).toString('hex')
  const { N, r, p } = options
  return [hex(password), hex(salt), length, N, r, p].join()
}

function scryptOnce(...words: [...Input, (error: Error | null, key?: Buffer) => void]): void {
  const [password, salt, length, options = {}] = words.slice(0, -1) as Input
  const name = nameOf([password, salt, length, options])
  const key =
    keys.get(name) ??
    new Promise<Buffer>((resolve, reject) => {
      scrypt(password, salt, length, costOf(options), (error, made) =>
        error ? reject(error) : resolve(made),
      )
    })
  keys.set(name, key)
  const callback = words.at(-1) as (error: Error | null, key?: Buffer) => void
  void Promise.resolve(key).then((made) => callback(null, Buffer.from(made)), callback)
}

function scryptSyncOnce(...[password, salt, length, options = {}]: Input): Buffer {
  const name = nameOf([password, salt, length, options])
  const known = keys.get(name)
  const key = known instanceof Buffer ? known : scryptSync(password, salt, length, costOf(options))
  keys.set(name, key)
  return Buffer.from(key)
}

Object.assign(crypto, { scrypt: scryptOnce, scryptSync: scryptSyncOnce })
syncBuiltinESMExports()
