import { knownSecrets, redacted } from '../../secret.ts'
import { secretForms } from './secret-forms.ts'
import { comparableBytes } from './spellings.ts'
import { type HiddenRange, rangeIn, type TextView } from './text-view.ts'

/** All known secrets are this long at least (see src/secret.ts). */
const windowLength = 8
/**
 * So many characters of a longer secret give it away, wherever it was cut. Fewer than twenty, of which none may be left: what stands
 * before a secret (`%2`) may make one escape with its first characters.
 */
const tellingLength = 16
/** Whatever piece of a secret is as long as `tellingLength` holds one of the windows whole. */
const stride = tellingLength - windowLength + 1

interface Form {
  text: Buffer
  shown: string
}

interface Window {
  form: Form
  offset: number
}

/** All forms of all known secrets, by the hash of every window of theirs; grows with the secrets. */
const windows = new Map<number, Window[]>()
/** One byte for some bits of a hash: most positions are ruled out by it alone. */
const mayMatch = new Uint8Array(1 << 20)
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
    const hash = hashAt(words, at)
    if (mayMatch[hash >>> 12] === 0) continue
    const match = bestMatch(bytes, at, free, windows.get(hash))
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
  candidates: readonly Window[] = [],
): Match | undefined {
  let best: Match | undefined
  for (const { form, offset } of candidates) {
    const end = at + commonAfter(bytes, at, form.text, offset)
    if (end - at < windowLength) continue
    const start = at - commonBefore(bytes, at, free, form.text, offset)
    const whole = end - start === form.text.length
    if (!whole && end - start < tellingLength) continue
    if (best !== undefined && best.end - best.start >= end - start) continue
    best = whole ? { start, end, shown: form.shown } : { start, end: endOfWord(bytes, end) }
  }
  return best
}

function commonAfter(bytes: Buffer, at: number, text: Buffer, offset: number): number {
  let length = 0
  while (offset + length < text.length && bytes[at + length] === text[offset + length]) length++
  return length
}

function commonBefore(bytes: Buffer, at: number, free: number, text: Buffer, offset: number): number {
  let length = 0
  while (length < offset && at - length > free && bytes[at - length - 1] === text[offset - length - 1])
    length++
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
    addForm({ text: Buffer.from(secret), shown })
    for (const form of secretForms(secret)) addForm({ text: comparableBytes(form), shown })
  }
  indexed = secrets.size
}

function addForm(form: Form): void {
  const words = new DataView(form.text.buffer, form.text.byteOffset, form.text.byteLength)
  for (let offset = 0; offset + windowLength <= form.text.length; offset += stride) {
    const hash = hashAt(words, offset)
    const same = windows.get(hash)
    // A form that repeats itself is matched from where it first does so.
    if (same?.at(-1)?.form === form) continue
    if (same === undefined) windows.set(hash, [{ form, offset }])
    else same.push({ form, offset })
    mayMatch[hash >>> 12] = 1
  }
}

/** Of the eight bytes from `at`, mixed so that the upper bits depend on all of them. */
function hashAt(words: DataView, at: number): number {
  const mixed = Math.imul(words.getInt32(at), 0x9e3779b1) ^ Math.imul(words.getInt32(at + 4), 0x85ebca77)
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d)
}
