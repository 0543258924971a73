/** An independent program on the other side of the wire, and what is tried with it. */
export interface Peer {
  /** As it is called on the command line: `dex`. */
  name: string
  kind: 'provider' | 'client'
  /** True if it starts within seconds and comes from npm or Debian, or is there already: then `npm test` runs it as well. */
  quick: boolean
  /** Steps that fail for the peer's own fault, and why. */
  known?: Readonly<Record<string, string>>
  /** Why it cannot run here, and the command that brings it; undefined when it can. */
  missing(): Promise<Missing | undefined>
  /** Brings what is missing into a folder of the user's cache, never into the system. Absent when it cannot. */
  install?(): Promise<void>
  version(): Promise<string>
  /** Runs all its steps. What it starts has ended when this has. */
  run(steps: Steps): Promise<void>
}

/** What a peer lacks. */
export interface Missing {
  /** One line: `no Java 17 in PATH`. */
  reason: string
  /** The exact command. */
  install: string
}

/** Where the steps of one peer are reported. */
export interface Steps {
  /** Runs one step; what it throws is why it failed. True if it passed. */
  step(name: string, run: () => Promise<void>): Promise<boolean>
  /** A step that this peer cannot take, and why. */
  skip(name: string, why: string): void
}

export type Outcome = 'ok' | 'failed' | 'known' | 'skipped'

/** One row of the table. */
export interface Row {
  peer: string
  kind: Peer['kind']
  version: string
  step: string
  outcome: Outcome
  /** Why it is not ok. */
  why?: string
}
