import type { Held } from '../files/index.ts'

/** What the cached path has done before it leaves the rest to the whole program. */
export interface Handover {
  /** When the process started; monotonic, in ms. */
  startedMs?: number | undefined
  /** How long it waited for other processes, starvation left out. */
  waitedMs?: number | undefined
  /** Warnings that were printed; none is said twice. */
  said?: Set<string> | undefined
  /** The lock of the profile, if it was free. */
  claimed?: Claim | undefined
  /** The signal that ended the wait: no error of ours, as each bundle has its own class of them. */
  interrupted?: unknown
  /** The keychain has not answered within its limit, and would take as long again. */
  unanswered?: boolean | undefined
}

/** Says each line once, however many parts of the program come upon the same thing. */
export function sayOnce(say: (line: string) => void, said: Set<string>): (line: string) => void {
  return (line) => {
    if (said.has(line)) return
    said.add(line)
    say(line)
  }
}

/** A lock that the caller must take over; the one that takes it releases it. */
export class Claim {
  #held: Held | undefined

  constructor(held: Held) {
    this.#held = held
  }

  /** The lock, if it is the one at `path` (any without a path); only once. */
  take(path?: string): Held | undefined {
    const held = path === undefined || this.#held?.path === path ? this.#held : undefined
    if (held !== undefined) this.#held = undefined
    return held
  }
}
