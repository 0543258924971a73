import { knownSecrets, redacted } from '../../kit/index.ts'
import { decodeEscapes, joinSurrogates } from './decode-escapes.ts'
import { type HiddenRange, rangeIn, sourceView, type TextView, ViewBuilder } from './text-view.ts'

/** All known secrets are this long at least (see `rememberSecret`). */
const windowLength = 8
/**
 * So many characters of a longer secret give it away, wherever it was cut. Fewer than twenty, of which none may be left: what stands
 * before a secret (`%2`) may make one escape with its first characters.
 */
const tellingLength = 16
/** Whatever piece of a secret is as long as `tellingLength` holds one of the windows whole. */
const stride = tellingLength - windowLength + 1

interface Form {
  /** Of a secret as it is, or of its comparable form, which may be shorter. */
  view: TextView
  shown: string
}

interface Window {
  form: Form
  offset: number
}

/** The windows of all forms of all known secrets, by their first four bytes as a number; grows with the secrets. */
const windows = new Map<number, Window[]>()
/** Which two bytes a window begins with: looked up for each byte of a text, where most begin none. */
const beginnings = new Uint8Array(2 ** 16)
let indexed = 0

/** Finds every known secret in a text (as it is, or in its comparable form), or a telling piece of one. Linear in the text. */
export function findKnownSecrets(view: TextView): HiddenRange[] {
  indexNewSecrets()
  const { bytes } = view
  const found: HiddenRange[] = []
  if (windows.size === 0) return found
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let free = 0
  for (let at = 0; at + windowLength <= bytes.length; at++) {
    if (beginnings[words.getUint16(at)] === 0) continue
    const candidates = windows.get(words.getInt32(at))
    const match = candidates && bestMatch(bytes, at, free, candidates)
    if (match === undefined) continue
    const { start, end, shown } = match
    found.push({ ...rangeIn(view, start, end), ...(shown !== undefined && { shown }) })
    free = end
    at = end - 1
  }
  return found
}

interface Match {
  start: number
  end: number
  /** Only for a whole secret: how it is shown wherever it stands. */
  shown?: string
}

/** The longest match around a window that begins at `at`, and that does not begin before `free`. */
function bestMatch(
  bytes: Buffer,
  at: number,
  free: number,
  candidates: readonly Window[],
): Match | undefined {
  let best: Match | undefined
  for (const { form, offset } of candidates) {
    const text = form.view.bytes
    const end = at + commonAfter(bytes, at, text, offset)
    if (end - at < windowLength) continue
    const start = at - commonBefore(bytes.subarray(free, at), text.subarray(0, offset))
    const whole = end - start === text.length
    if (!whole && lengthInSecret(form, offset - (at - start), offset + (end - at)) < tellingLength) continue
    if (best !== undefined && best.end - best.start >= end - start) continue
    best = whole ? { start, end, shown: form.shown } : { start, end: endOfWord(bytes, end) }
  }
  return best
}

/** How much of the secret a piece of a form stands for: the comparable form leaves backslashes out and undoes escapes. */
function lengthInSecret({ view }: Form, from: number, to: number): number {
  return view.endOf(to - 1) - view.startOf(from)
}

function commonAfter(bytes: Buffer, at: number, text: Buffer, offset: number): number {
  let length = 0
  while (offset + length < text.length && bytes[at + length] === text[offset + length]) length++
  return length
}

/** How many bytes the ends of both have in common. */
function commonBefore(bytes: Buffer, text: Buffer): number {
  const longest = Math.min(bytes.length, text.length)
  let length = 0
  while (length < longest && bytes[bytes.length - length - 1] === text[text.length - length - 1]) length++
  return length
}

const wordCharacters = new Set(
  Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~/=%-'),
)

/** What shares a piece with a token is most likely one too: the rest of the word goes as well. */
function endOfWord(bytes: Buffer, from: number): number {
  let end = from
  while (end < bytes.length && wordCharacters.has(bytes[end] ?? 0)) end++
  return end
}

function indexNewSecrets(): void {
  const secrets = knownSecrets()
  if (secrets.size === indexed) return
  for (const secret of [...secrets].slice(indexed)) {
    const shown = redacted(secret)
    addForm({ view: sourceView(Buffer.from(secret)), shown })
    for (const form of secretForms(secret)) addForm({ view: comparableView(form), shown })
  }
  indexed = secrets.size
}

function addForm(form: Form): void {
  const { bytes } = form.view
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Where the form is shorter than the secret, a telling piece may be little longer than a window.
  const step = form.view.endOf(bytes.length - 1) > bytes.length ? 1 : stride
  for (let offset = 0; offset + windowLength <= bytes.length; offset += step) {
    const beginning = words.getInt32(offset)
    const same = windows.get(beginning)
    if (same !== undefined && isListed(same, { form, offset }, words)) continue
    beginnings[words.getUint16(offset)] = 1
    if (same === undefined) windows.set(beginning, [{ form, offset }])
    else same.push({ form, offset })
  }
}

/**
 * A form that repeats itself is matched from where it first does so; its own windows are the last of the list, and have the first
 * half in common.
 */
function isListed(list: readonly Window[], { form, offset }: Window, words: DataView): boolean {
  const secondHalf = words.getInt32(offset + windowLength / 2)
  for (let i = list.length - 1; i >= 0 && list[i]?.form === form; i--)
    if (words.getInt32((list[i]?.offset ?? 0) + windowLength / 2) === secondHalf) return true
  return false
}

/**
 * The forms of a secret that undoing escapes does not lead back to the secret itself: base64 and base64url, also amid other
 * bytes (hence three alignments), and hex as text and as `util.inspect` prints a Buffer.
 */
function secretForms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset))
  const hex = bytes.toString('hex')
  return [
    ...new Set([
      secret,
      ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
      hex,
      hex.toUpperCase(),
      hex.replace(/..(?=.)/g, '$& '),
    ]),
  ]
}

/** Those base64 characters that are the secret's alone, when it stands `offset` bytes into a group of three. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const firstOwn = Math.ceil((offset * 8) / 6)
  const lastOwn = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(firstOwn, lastOwn)
}

const backslash = 0x5c
const plus = 0x2b
const space = 0x20

/** What follows the backslash where JSON or a JavaScript string writes a control character in the short way. */
const shortEscapes = new Map(
  [...'0\0b\bf\fn\nr\rt\tv\v'.matchAll(/(.)(.)/gs)].map(([, letter = '', char = '']) => [
    letter.charCodeAt(0),
    char.charCodeAt(0),
  ]),
)
const lettersOfControls = new Map([...shortEscapes].map(([letter, control]) => [control, letter]))

/** A text in all the spellings that are looked through. */
export interface Spellings {
  source: TextView
  /** With every escape undone; undefined where the source has none. */
  decoded: TextView | undefined
  /**
   * The form in which secrets are compared: two texts that differ only in how they are escaped are equal in it. Backslashes are
   * gone, since it cannot be known how many layers of quoting doubled them; so a control character and its letter (`\n`) are
   * one, and so are a plus and the space that a form makes of it.
   */
  comparable: TextView
}

export function spellingsOf(source: Buffer): Spellings {
  const view = sourceView(source)
  const unescaped = decodeEscapes(source)
  return {
    source: view,
    decoded: unescaped && withShortEscapes(unescaped),
    comparable: toComparable(unescaped ?? view),
  }
}

/** The comparable form of a secret. */
function comparableView(secret: string): TextView {
  const source = Buffer.from(secret)
  return toComparable(decodeEscapes(source) ?? sourceView(source))
}

function toComparable(view: TextView): TextView {
  const { bytes } = view
  if (!bytes.includes(backslash) && !bytes.includes(0xed)) return withComparableBytes(view)
  const result = new ViewBuilder(bytes.length)
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte === backslash) continue
    result.push(toComparableByte(byte), view.startOf(index), view.endOf(index))
    joinSurrogates(result)
  }
  return result.view()
}

/** The view itself, where no byte of it has another form. */
function withComparableBytes(view: TextView): TextView {
  const { bytes } = view
  let own: Buffer | undefined
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte >= space && byte !== plus) continue
    own ??= Buffer.from(bytes)
    own[index] = toComparableByte(byte)
  }
  return own === undefined ? view : { ...view, bytes: own }
}

function toComparableByte(byte: number): number {
  if (byte === plus) return space
  return byte < space ? (lettersOfControls.get(byte) ?? byte) : byte
}

/** `\n` is a line end here, and `\"` a quote: what looks like a secret is found by what stands around it. */
function withShortEscapes(view: TextView): TextView {
  const { bytes } = view
  if (!bytes.includes(backslash)) return view
  const result = new ViewBuilder(bytes.length)
  for (let index = 0; index < bytes.length; index++) {
    const start = view.startOf(index)
    if (bytes[index] === backslash && index + 1 < bytes.length) index++
    const byte = bytes[index] ?? 0
    const escaped = start !== view.startOf(index)
    result.push(escaped ? (shortEscapes.get(byte) ?? byte) : byte, start, view.endOf(index))
  }
  return result.view()
}
