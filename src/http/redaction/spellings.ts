import { decodeEscapes, joinSurrogates } from './decode-escapes.ts'
import { sourceView, type TextView, ViewBuilder } from './text-view.ts'

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
export function comparableView(secret: string): TextView {
  const source = Buffer.from(secret)
  return toComparable(decodeEscapes(source) ?? sourceView(source))
}

function toComparable(view: TextView): TextView {
  const { bytes } = view
  if (!bytes.includes(backslash) && !bytes.includes(0xed))
    return { ...view, bytes: Buffer.from(bytes.map(toComparableByte)) }
  const result = new ViewBuilder(bytes.length)
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte === backslash) continue
    result.push(toComparableByte(byte), view.startOf(index), view.endOf(index))
    joinSurrogates(result)
  }
  return result.view()
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
