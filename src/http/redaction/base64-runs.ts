import { runOf } from './secret-patterns.ts'
import { type HiddenRange, rangeIn, type TextView } from './text-view.ts'

/** Twenty characters of a secret take 27; a shorter run is found by what the secret itself is in base64. */
const shortestRun = 24
const endOfRun = runOf('A-Za-z0-9+/_-')
const endOfPadding = runOf('=')
/** Random bytes hold no such run of text; what is encoded text does. */
const shortestText = 16

/** Finds the base64 and base64url in a text whose content `holdsSecret`; all of such a run goes. */
export function findSecretsInBase64(
  view: TextView,
  holdsSecret: (content: Buffer) => boolean,
): HiddenRange[] {
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
