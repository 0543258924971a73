import type { Clock } from '../kit/index.ts'
import type { WriteOutcome } from './streams.ts'

/** What the program touches of the world around it; tests hand in another one. */
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
  readonly stdinIsTerminal: boolean
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
}
