import type { KeyObject } from 'node:crypto'
import { SesameError } from '../errors.ts'
import { type FormerKey, readKeyFile } from './key-file.ts'
import { deriveSealingKey, type OpeningKey } from './sealing-key.ts'

/** Where a token service has its keys from: exactly one of the three. */
export interface KeyOptions {
  /** The key text. */
  key?: string
  /** Path of a key file. */
  keyFile?: string
  /** Several: the first seals, all open. A former one may have a time from which it opens nothing more. */
  keys?: readonly (string | FormerKey)[]
  /** Accept a key file that its group or others can read. */
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

/** Reads and derives the keys. @throws SesameError ERR_CONFIG, ERR_FILE */
export async function resolveServiceKeys(options: KeyOptions): Promise<ServiceKeys> {
  const { key, keyFile, keys } = options
  if ([key, keyFile, keys].filter((given) => given !== undefined).length !== 1) {
    throw new SesameError('ERR_CONFIG', 'A token service needs exactly one of key, keyFile and keys.')
  }
  if (keyFile !== undefined) {
    const file = await readKeyFile(keyFile, { allowShared: options.allowSharedKeyFile ?? false })
    const { serviceName } = file
    const derived = derive([file.key, ...file.formerKeys], options)
    return serviceName === undefined ? derived : { ...derived, serviceName }
  }
  return derive(keys ?? [key ?? ''], options)
}

function derive(texts: readonly (string | FormerKey)[], { allowWeakKey = false }: KeyOptions): ServiceKeys {
  const opening = texts.map((text): OpeningKey => {
    if (typeof text === 'string') return { key: deriveSealingKey(text, { allowWeak: allowWeakKey }) }
    const key = deriveSealingKey(text.key, { allowWeak: allowWeakKey })
    return text.until === undefined ? { key } : { key, until: text.until }
  })
  const [first] = opening
  if (first === undefined) throw new SesameError('ERR_CONFIG', 'A token service needs at least one key.')
  if (first.until !== undefined) {
    throw new SesameError('ERR_CONFIG', 'The first key seals new tokens, so it cannot have an end.')
  }
  return { sealing: first.key, opening }
}
