import type { Narrator } from './narrator.ts'
import { shorten } from './secret-search.ts'
import type { Ran, RunOptions, Stage } from './stage.ts'

/** What a step has to play with. */
export interface Scene<S extends Stage = Stage> {
  stage: S
  narrator: Narrator
}

export interface Step<S extends Stage> {
  title: string
  play(scene: Scene<S>): Promise<void>
}

/** The demo did not show what it says: the message names what was expected. */
class DemoFailure extends Error {}

export function must(condition: boolean, expectation: string): asserts condition {
  if (!condition) throw new DemoFailure(expectation)
}

/** Shows a line, runs it, shows what it printed with its secrets shortened, and insists that it succeeded. */
export async function show(line: string, { stage, narrator }: Scene, options: RunOptions = {}): Promise<Ran> {
  narrator.command(line)
  const ran = await stage.run(line, options)
  if (options.onStderrLine === undefined) narrator.output(ran.stderr)
  narrator.output(shorten(ran.stdout, stage.secrets()))
  must(ran.code === 0, `"${line}" should end with exit code 0, not ${ran.code}: ${ran.stderr}`)
  return ran
}
