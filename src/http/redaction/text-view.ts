/**
 * A text as bytes (UTF-8), and where each byte stands in the source that it was decoded from. Offsets are byte offsets of that
 * source; `start` and `end` differ by more than one where an escape was decoded.
 */
export interface TextView {
  bytes: Buffer
  startOf(index: number): number
  endOf(index: number): number
}

/** A piece of the source that must not be shown, in byte offsets. */
export interface HiddenRange {
  start: number
  end: number
  /** What stands in its place, where that is more than its own length and fingerprint. */
  shown?: string
}

export function sourceView(bytes: Buffer): TextView {
  return { bytes, startOf: (index) => index, endOf: (index) => index + 1 }
}

/** Builds a view of another one, byte by byte; what a byte stands for may be several bytes of the other. */
export class ViewBuilder {
  readonly #bytes: Buffer
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  #length = 0

  /** @param capacity the most bytes that the view can have */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity)
    this.#starts = new Int32Array(capacity)
    this.#ends = new Int32Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  at(index: number): number {
    return this.#bytes[index] ?? 0
  }

  /** How many bytes of the source the byte stands for. */
  widthAt(index: number): number {
    return (this.#ends[index] ?? 0) - (this.#starts[index] ?? 0)
  }

  push(byte: number, start: number, end: number): void {
    this.#bytes[this.#length] = byte
    this.#starts[this.#length] = start
    this.#ends[this.#length] = end
    this.#length++
  }

  /** Takes back what follows `from`, and puts bytes there that stand for all of it. */
  replaceFrom(from: number, replacement: readonly number[]): void {
    const start = this.#starts[from] ?? 0
    const end = this.#ends[this.#length - 1] ?? start
    this.#length = from
    for (const byte of replacement) this.push(byte, start, end)
  }

  view(): TextView {
    const [starts, ends] = [this.#starts, this.#ends]
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      startOf: (index) => starts[index] ?? 0,
      endOf: (index) => ends[index] ?? 0,
    }
  }
}

/** The bytes from `start` to `end` of a view, as a range of its source. */
export function rangeIn(view: TextView, start: number, end: number): HiddenRange {
  return { start: view.startOf(start), end: view.endOf(end - 1) }
}
