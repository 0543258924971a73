/** `util.inspect.custom`, by its public name: a standalone executable would load `node:util` for it, which takes 1 ms. */
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/** Shorter strings are too common to be searched for in text: redacting "1" would eat every log. */
const shortestScrubbed = 8

const known = new Set<string>()

/**
 * A value that must never be shown. It prints as `[redacted 1288 #3fa2]` (length, short fingerprint)
 * in strings, JSON and `util.inspect`; `reveal()` is for the wire, the store and the output formats.
 * Every secret made is remembered, so that `knownSecrets()` can be scrubbed from logs and errors.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    rememberSecret(value)
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return redacted(this.#value)
  }

  toJSON(): string {
    return redacted(this.#value)
  }

  [inspectCustom](): string {
    return redacted(this.#value)
  }
}

/** Remembers a value for scrubbing without wrapping it (wire bodies, proxy passwords). */
export function rememberSecret(value: string): void {
  if (value.length >= shortestScrubbed) known.add(value)
}

/** All secrets seen by this process, in the order in which they came. It only ever grows. */
export function knownSecrets(): ReadonlySet<string> {
  return known
}

/** How a secret is shown: its length and a 16-bit fingerprint to distinguish two of them in a log. */
export function redacted(value: string): string {
  return `[redacted ${value.length} #${fingerprint(value)}]`
}

/** FNV-1a folded to 16 bits: needs no node:crypto (4 ms), and 16 bits give nothing away. */
function fingerprint(value: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  return (((hash >>> 16) ^ hash) & 0xffff).toString(16).padStart(4, '0')
}
