import { misuse, readOptions, t } from '../kit/index.ts'

/**
 * Names and values of a plain object, each read once. A `Map`, `Headers` or `URLSearchParams` has none that could be seen here:
 * taken for an empty object, what it holds would be left out of the signature.
 *
 * @throws SesameError ERR_USAGE
 */
export function readRecord(value: object | undefined, name: string): [string, unknown][] {
  if (value === undefined) return []
  if (Symbol.iterator in readOptions(value, name)) throw misuse(name, t('a plain object'), value)
  return Object.entries(value)
}
