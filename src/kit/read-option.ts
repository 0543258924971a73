import { isDate } from 'node:util/types'
import { SesameError } from './errors.ts'
import { type FixedText, t } from './text.ts'

/*
 * Options of public functions, read by type. JavaScript callers pass what they have: a number that came as text out of the
 * environment, a date out of JSON, a list with holes. Nothing is coerced: text in a sum is concatenated, and a comparison
 * with what is no number is false either way, so that a check which is written as `if (late) refuse()` accepts for ever.
 *
 * Each reader takes a value and the name it has in the message, returns `undefined` for `undefined`, a copy where the
 * caller could change the value later, and throws SesameError `ERR_USAGE` for everything else. Read an option once and use
 * what came back: a getter may answer differently the second time.
 */

/** The bounds of a number; all of them inclusive. */
export interface NumberRange {
  min?: number
  max?: number
  /** Whole numbers only. */
  integer?: boolean
  /** In the message, such as `seconds`. */
  unit?: FixedText
}

/** A finite number within a range. */
export function readNumber(value: unknown, name: string, range: NumberRange = {}): number | undefined {
  if (value === undefined) return undefined
  const { min = -Infinity, max = Infinity, integer = false, unit } = range
  const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max
  if (fits && (!integer || Number.isSafeInteger(value))) return value
  throw misuse(name, within(numberOf(integer, unit), min, max), value)
}

/** A valid `Date`, of any realm. The result is a copy. */
export function readDate(value: unknown, name: string): Date | undefined {
  if (value === undefined) return undefined
  // The intrinsic, since an object may bring a getTime of its own.
  const ms = isDate(value) ? Date.prototype.getTime.call(value) : Number.NaN
  if (Number.isNaN(ms)) throw misuse(name, t('a valid Date'), value)
  return new Date(ms)
}

export function readBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw misuse(name, t('true or false'), value)
}

/** A text that is not empty. */
export function readText(value: unknown, name: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw misuse(name, t('a non-empty string'), value)
}

/** A list of texts of which none is empty; a single text is a list of one. The result is a copy without holes. */
export function readTexts(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  const list: unknown[] = Array.isArray(value) ? Array.from(value) : [value]
  if (list.every((each): each is string => typeof each === 'string' && each !== '')) return list
  throw misuse(name, t('a non-empty string, or a list of them'), value)
}

/** One of the given words. */
export function readChoice<T extends string>(
  value: unknown,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const found = choices.find((each) => each === value)
  if (found === undefined) throw misuse(name, t('one of {names}', { names: choices.join(', ') }), value)
  return found
}

// biome-ignore lint/complexity/noBannedTypes: what it takes and returns is the caller's
export function readFunction<T extends Function>(value: T | undefined, name: string): T | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw misuse(name, t('a function'), value)
}

/** The options object itself. */
export function readOptions<T extends object>(value: T, name = 'options'): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw misuse(name, t('an object'), value)
}

/** @param value shown by its type alone: it may be a secret in the wrong place */
export function misuse(name: string, wanted: string, value?: unknown): SesameError {
  const message =
    value === undefined
      ? t('{name} must be {wanted}.', { name, wanted })
      : t('{name} must be {wanted}, not {value}.', { name, wanted, value: typeOf(value) })
  return new SesameError('ERR_USAGE', message)
}

function numberOf(integer: boolean, unit: FixedText | undefined): string {
  if (unit === undefined) return integer ? t('a whole number') : t('a number')
  return integer
    ? t('a whole number of {unit}', { unit: t(unit) })
    : t('a number of {unit}', { unit: t(unit) })
}

function within(number: string, min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return number
  if (max === Infinity) return t('{number}, at least {min}', { number, min })
  if (min === -Infinity) return t('{number}, at most {max}', { number, max })
  return t('{number} from {min} to {max}', { number, min, max })
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return t('an array')
  if (isDate(value)) return t('an invalid Date')
  // For a number, the type was right and the value was not.
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' ? t('an object') : t('a {type}', { type: typeof value })
}
