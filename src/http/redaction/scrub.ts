import { printable, redacted } from '../../kit/index.ts'
import { findKnownSecrets, type Spellings, spellingsOf } from './known-secrets.ts'
import { findSecretPatterns, runOf } from './secret-patterns.ts'
import { type HiddenRange, rangeIn, type TextView } from './text-view.ts'

/** base64 within base64 is looked into so many times. */
const deepestBase64 = 3

/**
 * Makes any text fit to leave the process (logs, error messages, stacks): known secrets go in whatever spelling they
 * stand, then whatever looks like one: tokens, keys, `Bearer …`, `password=…`. AccessKey ids and RequestIds stay.
 *
 * The text is decoded and searched: percent-encoding, HTML entities, `\u` and `\x` escapes are undone to any depth, base64 three
 * times. Linear in the length of the text. Control characters are left alone: see `printable`.
 */
export function scrub(text: string): string {
  const source = Buffer.from(text)
  const spellings = spellingsOf(source)
  const ranges = [...findAllKnown(spellings, deepestBase64), ...findAllPatterns(spellings)]
  return ranges.length === 0 ? text : hide(source, ranges)
}

/**
 * Foreign text (of a server, a proxy, a browser) for a message: scrubbed, made printable, and only then cut, since half a secret
 * would not be recognised.
 */
export function foreignText(text: string, maxLength = 300): string {
  return printable(scrub(text), maxLength)
}

function findAllKnown(spellings: Spellings, depth: number): HiddenRange[] {
  // As it is, too: with what stands around it, a secret may look like an escape.
  const views = new Set([spellings.source, spellings.comparable])
  const found = [...views].flatMap(findKnownSecrets)
  if (depth === 0) return found
  const holdsSecret = (content: Buffer) => findAllKnown(spellingsOf(content), depth - 1).length > 0
  return [...found, ...findSecretsInBase64(spellings.decoded ?? spellings.source, holdsSecret)]
}

/** In the source as well, since decoding may put an end to what is one value there (`password=a%26b`). */
function findAllPatterns({ source, decoded }: Spellings): HiddenRange[] {
  return [...findSecretPatterns(source), ...(decoded === undefined ? [] : findSecretPatterns(decoded))]
}

/** Replaces the ranges; those that overlap are one. */
function hide(source: Buffer, ranges: HiddenRange[]): string {
  let result = ''
  let copied = 0
  for (const { start, end, shown } of joined(ranges.map((range) => onCharacters(source, range)))) {
    result +=
      source.toString('utf8', copied, start) + (shown ?? redacted(source.toString('utf8', start, end)))
    copied = end
  }
  return result + source.toString('utf8', copied)
}

/** Whole characters: what two secrets have in common may end within the bytes of one. */
function onCharacters(source: Buffer, range: HiddenRange): HiddenRange {
  const continues = (index: number) => ((source[index] ?? 0) & 0xc0) === 0x80
  let { start, end } = range
  while (start > 0 && continues(start)) start--
  while (continues(end)) end++
  return { ...range, start, end }
}

function joined(ranges: HiddenRange[]): HiddenRange[] {
  const result: HiddenRange[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (last === undefined || range.start >= last.end) result.push(range)
    else if (range.end > last.end) result[result.length - 1] = { start: last.start, end: range.end }
  }
  return result
}

/** Twenty characters of a secret take 27; a shorter run is found by what the secret itself is in base64. */
const shortestRun = 24
const endOfRun = runOf('A-Za-z0-9+/_-')
const endOfPadding = runOf('=')
/** Random bytes hold no such run of text; what is encoded text does. */
const shortestText = 16

/** Finds the base64 and base64url in a text whose content `holdsSecret`; all of such a run goes. */
function findSecretsInBase64(view: TextView, holdsSecret: (content: Buffer) => boolean): HiddenRange[] {
  const text = view.bytes.toString('latin1')
  const found: HiddenRange[] = []
  for (let start = 0; start < text.length; start++) {
    const end = endOfRun(text, start)
    if (end - start >= shortestRun && alignments(text.slice(start, end)).some(holdsSecret))
      found.push(rangeIn(view, start, endOfPadding(text, end)))
    start = end
  }
  return found
}

/** Where a run begins amid other characters of the alphabet (a path), one of four alignments is the right one. */
function alignments(run: string): Buffer[] {
  return [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64')).filter(holdsText)
}

/** Whether a piece of it is printable UTF-8. */
function holdsText(bytes: Buffer): boolean {
  let length = 0
  /** Bytes of a character that are still to come. */
  let pending = 0
  // By index: an iterator costs ten times as much.
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    const continues = (byte & 0xc0) === 0x80
    if (continues !== pending > 0 || !isTextByte(byte)) length = 0
    else length++
    pending = continues ? Math.max(0, pending - 1) : byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    if (length >= shortestText) return true
  }
  return false
}

function isTextByte(byte: number): boolean {
  if (byte < 0x20) return byte === 0x09 || byte === 0x0a || byte === 0x0d
  return byte !== 0x7f && byte < 0xf5
}
