import { knownSecrets, redacted } from '../secret.ts'
import { runOf } from './character-run.ts'
import { formsOf } from './secret-forms.ts'

/** All known secrets are this long at least (see src/secret.ts), and so are their forms. */
const windowLength = 8
/** So many characters of a longer secret give it away: a text can hold it cut off. */
const tellingLength = 32

interface Needle {
  text: string
  shown: string
}

interface Index {
  secretCount: number
  /** Needles by the hash of their first eight characters. */
  byHash: Map<number, Needle[]>
  /** One byte for each upper half of a hash: most positions are ruled out by it alone. */
  mayMatch: Uint8Array
}

let index: Index = { secretCount: 0, byHash: new Map(), mayMatch: new Uint8Array(65536) }

/**
 * Replaces every known secret, in each of its forms, by `[redacted …]`. One pass with a rolling hash over windows of
 * eight characters, so that the time grows with the text and not with the number of secrets.
 */
export function replaceKnownSecrets(text: string): string {
  const { byHash, mayMatch } = currentIndex()
  if (byHash.size === 0 || text.length < windowLength) return text
  let result = ''
  let copied = 0
  let start = 0
  let hash = hashAt(text, 0)
  while (start + windowLength <= text.length) {
    const match = mayMatch[hash >>> 16] === 1 ? matchAt(text, start, byHash.get(hash)) : undefined
    if (match) {
      result += text.slice(copied, start) + match.shown
      start = match.end
      copied = start
      hash = hashAt(text, start)
    } else {
      hash = rolled(hash, text.charCodeAt(start), text.charCodeAt(start + windowLength))
      start++
    }
  }
  return result + text.slice(copied)
}

function matchAt(
  text: string,
  start: number,
  needles: readonly Needle[] = [],
): { shown: string; end: number } | undefined {
  let best: { shown: string; end: number } | undefined
  for (const needle of needles) {
    const end = start + commonLength(text, start, needle.text)
    const complete = end - start === needle.text.length
    if (!complete && end - start < tellingLength) continue
    if (best && best.end >= end) continue
    if (complete) best = { shown: needle.shown, end }
    else {
      const runEnd = endOfWord(text, end)
      best = { shown: redacted(text.slice(start, runEnd)), end: runEnd }
    }
  }
  return best
}

function commonLength(text: string, start: number, needle: string): number {
  if (text.startsWith(needle, start)) return needle.length
  let length = 0
  while (length < needle.length && text.charCodeAt(start + length) === needle.charCodeAt(length)) length++
  return length
}

/** What shares its beginning with a token is most likely one too: all of the word goes. */
const endOfWord = runOf('A-Za-z0-9_.~+/=%-')

function currentIndex(): Index {
  const secrets = knownSecrets()
  if (secrets.length === index.secretCount) return index
  const byHash = new Map<number, Needle[]>()
  const mayMatch = new Uint8Array(65536)
  for (const secret of secrets) {
    for (const text of formsOf(secret)) {
      if (text.length < windowLength) continue
      const hash = hashAt(text, 0)
      mayMatch[hash >>> 16] = 1
      const needles = byHash.get(hash) ?? []
      needles.push({ text, shown: redacted(secret) })
      byHash.set(hash, needles)
    }
  }
  index = { secretCount: secrets.length, byHash, mayMatch }
  return index
}

const base = 0x01000193
const outgoingFactor = powerOfBase(windowLength)

function powerOfBase(exponent: number): number {
  return exponent === 0 ? 1 : Math.imul(powerOfBase(exponent - 1), base)
}

function hashAt(text: string, start: number): number {
  let hash = 0
  for (let i = start; i < start + windowLength; i++) hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0
  return hash
}

function rolled(hash: number, outgoing: number, incoming: number): number {
  return (Math.imul(hash, base) + incoming - Math.imul(outgoing, outgoingFactor)) | 0
}
