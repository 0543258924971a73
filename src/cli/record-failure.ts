import type { Program } from '../compose/index.ts'
import { isSesameError, type SesameError, standaloneTarget, version } from '../kit/index.ts'

/** Codes of failures that are no failed flow: the command line, the configuration, a person who ended it. */
const without = ['ERR_USAGE', 'ERR_CONFIG', 'ERR_INTERRUPTED', 'ERR_OUTPUT', 'ERR_UNSAFE_OUTPUT'] as const

/**
 * Keeps what a command that signs in or renews had done when it failed, for `sesame doctor --bundle`. A failure without any request,
 * such as "sign in first", does not take the place of one that shows something. Never throws.
 */
export async function recordFailure(
  error: unknown,
  { command, program }: { command: string; program: Program },
): Promise<void> {
  if (!isSesameError(error) || isSesameError(error, ...without)) return
  const steps = program.exchanges()
  if (steps.length === 0) return
  try {
    await keep(error, { command, program })
  } catch (failure) {
    if (!isSesameError(failure)) throw failure
    program.session.log('sesame:http', `the failure was not recorded: ${failure.message}`)
  }
}

async function keep(
  error: SesameError,
  { command, program }: { command: string; program: Program },
): Promise<void> {
  const { edges, session } = program
  const { failureRecord, keepFailure } = await import('../doctor/index.ts')
  const flow = {
    at: session.clock.now(),
    command,
    versions: versionsOf(edges.platform),
    env: edges.env,
    steps: program.exchanges(),
  }
  keepFailure(failureRecord(error, flow), program.place())
}

/** What runs here. */
export function versionsOf(platform: NodeJS.Platform) {
  return {
    sesame: version,
    build: standaloneTarget,
    node: process.versions.node,
    bun: process.versions.bun,
    platform: `${platform} ${process.arch}`,
  }
}
