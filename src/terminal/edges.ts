import { type Clock, Secret } from '../kit/index.ts'
import type { StandardDescriptor, WriteOutcome } from './streams.ts'

/** The I/O of the program with its process and machine; tests pass in their own. */
export interface Edges {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  homeDirectory: string
  uid: number | undefined
  clock: Clock
  /** A number in [0, 1). */
  random: () => number
  stdout(text: string): WriteOutcome
  stderr(text: string): WriteOutcome
  /** Whether standard input (0), output (1) or error (2) is a terminal. */
  isTerminal(descriptor: StandardDescriptor): boolean
}

/** The passphrase of the encrypted file, if SESAME_PASSPHRASE holds one. */
export function passphraseOf({ env }: Pick<Edges, 'env'>): Secret | undefined {
  return env.SESAME_PASSPHRASE ? new Secret(env.SESAME_PASSPHRASE) : undefined
}

/** The same edges, without a person to ask. */
export function withoutPerson(edges: Edges): Edges {
  return { ...edges, isTerminal: (descriptor) => descriptor !== 0 && edges.isTerminal(descriptor) }
}
