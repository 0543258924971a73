import type { KeyObject } from 'node:crypto'
import { misuse, readBoolean, readDate, readOptions, SesameError, t } from '../kit/index.ts'
import { type FormerKey, readKeyFile } from './key-file.ts'
import { deriveSealingKeys, type OpeningKey } from './sealing-key.ts'

/** Where a token service has its keys from: exactly one of the three. */
export interface KeyOptions {
  /** The key text. */
  key?: string
  /** Path of a key file. */
  keyFile?: string
  /** Several: the first seals, all open. A former one may have a time from which it opens nothing more. */
  keys?: readonly (string | FormerKey)[]
  /**
   * Accept a key file that its group or others can read, in directories that they can write to: secrets mounted into a container.
   * Never one that others can write, or that belongs to a user other than this one and root.
   */
  allowSharedKeyFile?: boolean
  /** Accept a key text of fewer than 16 characters. */
  allowWeakKey?: boolean
}

export interface ServiceKeys {
  sealing: KeyObject
  /** The sealing key first. */
  opening: readonly OpeningKey[]
  /** The service name that the key file gives. */
  serviceName?: string
}

/** Reads and derives the keys. @throws SesameError ERR_USAGE, ERR_CONFIG, ERR_FILE */
export async function resolveServiceKeys(options: KeyOptions): Promise<ServiceKeys> {
  const { key, keyFile, keys } = options
  const allowWeak = readBoolean(options.allowWeakKey, 'allowWeakKey') ?? false
  const allowShared = readBoolean(options.allowSharedKeyFile, 'allowSharedKeyFile') ?? false
  if ([key, keyFile, keys].filter((given) => given !== undefined).length !== 1) {
    throw new SesameError('ERR_CONFIG', t('A token service needs exactly one of key, keyFile and keys.'))
  }
  if (keyFile !== undefined) {
    const file = await readKeyFile(keyFile, { allowShared })
    const { serviceName } = file
    const derived = derive([{ key: file.key }, ...file.formerKeys], allowWeak)
    return serviceName === undefined ? derived : { ...derived, serviceName }
  }
  return derive(keys === undefined ? [{ key: readKeyText(key, 'key') }] : readKeys(keys), allowWeak)
}

function readKeys(value: unknown): FormerKey[] {
  if (!Array.isArray(value)) throw misuse('keys', t('a list of keys'), value)
  // Not `map`: it leaves holes out.
  return Array.from(value, (entry: unknown, i): FormerKey => {
    const name = `keys[${i}]`
    if (typeof entry === 'string') return { key: entry }
    const fields: Partial<Record<keyof FormerKey, unknown>> = readOptions(entry as object, name)
    const key = readKeyText(fields.key, `${name}.key`)
    const until = readDate(fields.until, `${name}.until`)
    return until === undefined ? { key } : { key, until }
  })
}

function readKeyText(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw misuse(name, t('a string'), value)
}

function derive(texts: readonly FormerKey[], allowWeak: boolean): ServiceKeys {
  const [first, ...former] = texts
  if (first === undefined) throw new SesameError('ERR_CONFIG', t('A token service needs at least one key.'))
  if (first.until !== undefined) {
    throw new SesameError('ERR_CONFIG', t('The first key seals new tokens, so it cannot have an end.'))
  }
  const { sealing, opening } = deriveSealingKeys(first.key, { allowWeak })
  const others = former.flatMap(({ key, until }) =>
    deriveSealingKeys(key, { allowWeak }).opening.map(
      (each): OpeningKey => (until === undefined ? { key: each } : { key: each, until }),
    ),
  )
  return { sealing, opening: [...opening.map((key) => ({ key })), ...others] }
}
