import { resolve } from 'node:path'
import type { Program } from '../../../compose/index.ts'
import { refused, removePrivateFile, statsOf, writePrivateFile } from '../../../files/index.ts'
import { isSesameError, printable, type SesameError, t } from '../../../kit/index.ts'
import { getTokenToKeep, type ValidToken } from '../../../session/index.ts'
import { watchParent } from '../../../terminal/index.ts'
import { exitCodeOf, exitCodes } from '../../exit-codes.ts'
import { longRunning } from '../../long-running.ts'
import { recordFailure } from '../../record-failure.ts'

/** A token is looked at this often at least: the clock of a suspended machine does not count the time it slept. */
const longestPauseMs = 30_000
/** Between attempts while a server or the store is out of reach. */
const retryMs = 15_000

/** Replaces the file by one that holds the text and nothing else: SDKs trim no newline. @throws SesameError ERR_FILE */
export function writeTokenFile(path: string, text: string): void {
  const stats = statsOf(path)
  // A device or a link is not replaced: at /dev/stdout, that would be the end of the system's own.
  if (stats !== undefined && !stats.isFile())
    throw refused(path, t('it is not a regular file'), t('Name a file, or a path where nothing is.'))
  writePrivateFile(path, text, { secret: true })
}

export interface KeptTokenFile {
  path: string
  profile: string
  wanted: 'access' | 'id' | undefined
  /** What stands in the file for a token. */
  write(token: ValidToken): string
}

/**
 * Writes the token and renews it in time, until the parent process ends; then the file is removed, as it is in whatever other way this
 * ends. A server that is out of reach is asked again. @throws SesameError ERR_LOGIN_REQUIRED when the sign-in is over
 */
export async function keepTokenFile(file: KeptTokenFile, program: Program): Promise<number> {
  const { clock, signal } = program.session
  const parentEnds = watchParent()
  const path = resolve(file.path)
  const end = new AbortController()
  const kept: Kept = { token: undefined }
  const renewing = renewUntil(end.signal, { ...file, path, kept }, program)
  try {
    program.loadRest()
    await Promise.race([parentEnds(clock, signal), renewing])
    return exitCodes.done
  } finally {
    end.abort()
    // What lay there before is not ours to remove.
    if (kept.token !== undefined) removePrivateFile(path)
  }
}

/** What has been written. */
interface Kept {
  token: string | undefined
}

async function renewUntil(
  end: AbortSignal,
  { path, profile, wanted, write, kept }: KeptTokenFile & { kept: Kept },
  program: Program,
): Promise<never> {
  const { session, notify } = program
  const attempt = longRunning(session)
  for (;;) {
    const got = await getTokenToKeep(profile, wanted, attempt()).catch(async (error: unknown) => {
      // Without a first token there is nothing to keep.
      if (kept.token === undefined || !passes(error)) throw error
      attempt().warn(t('The token is not renewed: {reason}', { reason: error.message }))
      await recordFailure(error, { command: 'token get', program })
      return undefined
    })
    // This has ended meanwhile, and the file is gone.
    end.throwIfAborted()
    if (got !== undefined && got.token.reveal() !== kept.token) {
      writeTokenFile(path, write(got))
      if (kept.token === undefined)
        notify(t('The token is kept in {path} until this program ends.', { path: printable(path) }))
      kept.token = got.token.reveal()
    }
    // A millisecond later the margin has begun.
    const dueMs = got === undefined || got.freshForMs <= 0 ? retryMs : got.freshForMs + 1
    await session.clock.sleep(Math.min(dueMs, longestPauseMs), session.signal)
  }
}

/** What may be over by itself: the network, a server, a locked keychain, another process. */
function passes(error: unknown): error is SesameError {
  if (!isSesameError(error)) return false
  const exitCode = exitCodeOf[error.code]
  return exitCode === exitCodes.network || exitCode === exitCodes.store || error.code === 'ERR_LOCK_TIMEOUT'
}
