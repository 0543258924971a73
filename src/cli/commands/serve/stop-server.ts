import type { Program } from '../../../compose/index.ts'
import { errorCode, inspectProcess, SesameError, t } from '../../../kit/index.ts'
import { formatServerEnd, type ServerFormat, serverProcessVariable } from '../../../output/index.ts'
import { commandLineOf, untilProcessEnds } from '../../../terminal/index.ts'
import { exitCodes } from '../../exit-codes.ts'

/**
 * `sesame serve --stop`: ends the server that `--env` has started for this shell, and prints what takes its variables out again. The
 * number of an ended process is used again for others, so that it is looked at first.
 */
export async function stopServer(format: ServerFormat, program: Program): Promise<number> {
  const { edges, session, print, notify } = program
  const text = edges.env[serverProcessVariable]
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) {
    const message = t('This shell has no server: {name} is not set.', { name: serverProcessVariable })
    const hint = t('One is started with: {command}', { command: 'eval "$(sesame serve --env)"' })
    throw new SesameError('ERR_USAGE', message, { hint })
  }
  const pid = Number(text)
  if (isServer(pid, edges.platform) && end(pid)) {
    const { startTime } = inspectProcess(pid)
    await untilProcessEnds({ pid, startTime }, session.clock, session.signal)
  } else notify(t('The server of this shell has ended before.'))
  print(formatServerEnd(format))
  return exitCodes.done
}

/** On Windows the system does not report command lines without starting another program. */
function isServer(pid: number, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? inspectProcess(pid).alive : (commandLineOf(pid)?.includes('serve') ?? false)
}

/** False for a process that is gone, or another user's. */
function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGTERM')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error
    return false
  }
}
