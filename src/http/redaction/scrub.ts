import { printable, redacted } from '../../kit/index.ts'
import { findSecretsInBase64 } from './base64-runs.ts'
import { findKnownSecrets, type Spellings, spellingsOf } from './known-secrets.ts'
import { findSecretPatterns } from './secret-patterns.ts'
import type { HiddenRange } from './text-view.ts'

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
