import { printable, shellWord, t } from '../kit/index.ts'
import {
  type ChildCredentials,
  type ChildOutcome,
  childEnvironment,
  defaultShell,
  ignoredRegion,
  runChild,
} from '../output/index.ts'
import type { Edges } from '../terminal/index.ts'

/** What `exec` needs of the program that runs it: the whole one, or the cached path. */
export interface ExecHost {
  edges: Pick<Edges, 'env' | 'platform'>
  /** A line for the person; it has been said when the promise resolves. */
  notify(line: string): Promise<void> | void
  /** Called before the child is there, which decides what Ctrl-C means. */
  releaseSignals(): void
}

/** Of the profile whose credentials the program gets. */
export interface ExecProfile {
  profile: string
  region: string | undefined
}

/**
 * Runs a program, or without words the user's shell, with credentials in its environment, and resolves with its exit code.
 * @throws SesameError ERR_UNSAFE_OUTPUT before anything runs, for a value that an environment cannot carry
 */
export async function runProgram(
  [named, ...words]: readonly string[],
  source: ChildCredentials,
  { profile, region }: ExecProfile,
  host: ExecHost,
): Promise<number> {
  const { env, platform } = host.edges
  const command = named ?? (await shell(host))
  host.releaseSignals()
  const childEnv = childEnvironment(env, source, { profile, region, platform })
  const ignored = ignoredRegion(command, words, childEnv)
  if (ignored !== undefined)
    await host.notify(
      t('The aliyun CLI takes no region from its environment, but cn-hangzhou; for {region} add: {option}', {
        region: printable(ignored, 64),
        option: `--region ${shellWord(printable(ignored, 64))}`,
      }),
    )
  const outcome = await runChild({ command, arguments: words, env: childEnv, signals: process, platform })
  const problem = problemOf(outcome, command)
  if (problem !== undefined) await host.notify(problem)
  return outcome.exitCode
}

async function shell({ edges: { env, platform }, notify }: ExecHost): Promise<string> {
  const { command, instead } = defaultShell(env, platform)
  if (instead !== undefined)
    await notify(
      t('sesame: SHELL is {shell}, which is no program here; this is {command}.', {
        shell: printable(instead, 80),
        command,
      }),
    )
  return command
}

function problemOf(outcome: ChildOutcome, command: string): string | undefined {
  if (outcome.kind === 'not-found')
    return t('sesame: There is no program {command}.', { command: printable(command, 80) })
  if (outcome.kind === 'not-runnable')
    return t('sesame: {command} cannot be run: {reason}.', {
      command: printable(command, 80),
      reason: outcome.reason,
    })
  return undefined
}
