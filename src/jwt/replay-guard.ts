import {
  type Clock,
  misuse,
  readDate,
  readNumber,
  readOptions,
  readText,
  SesameError,
  t,
} from '../kit/index.ts'

/** Remembers which tokens have been used. Several processes need one that they share, such as a table or a cache server. */
export interface ReplayGuard {
  /**
   * True when this token has been seen before; else it is seen from now on. Both in one step: of two calls at the same time
   * only one gets false.
   *
   * @param id the token's `iss` and `jti`
   * @param expiresAt when the token is refused anyway, and the id can be forgotten
   */
  seen(id: string, expiresAt: Date): boolean | Promise<boolean>
}

/**
 * A replay guard in the memory of this process, bounded in size. It forgets no token that could still be used: when it is full
 * of those, every further one is an error (ERR_REFUSED).
 *
 * @throws SesameError ERR_USAGE for options that cannot be
 */
export function createReplayGuard(options: { maxEntries?: number | undefined; clock: Clock }): ReplayGuard {
  const { clock, maxEntries: wanted } = readOptions(options)
  const maxEntries = readNumber(wanted, 'maxEntries', { min: 1, max: 10_000_000, integer: true }) ?? 100_000
  const expiries = new Map<string, number>()
  let earliestMs = Infinity

  function forgetExpired(nowMs: number): void {
    // Without a look at the earliest, a full guard would be searched through for every request.
    if (nowMs < earliestMs) return
    earliestMs = Infinity
    for (const [id, expiryMs] of expiries) {
      if (expiryMs <= nowMs) expiries.delete(id)
      else earliestMs = Math.min(earliestMs, expiryMs)
    }
  }

  return {
    seen(token, expiry) {
      const id = readText(token, 'id')
      const expiresAt = readDate(expiry, 'expiresAt')
      if (id === undefined || expiresAt === undefined) throw misuse('seen', t('called with an id and a Date'))
      if (expiries.has(id)) return true
      if (expiries.size >= maxEntries) forgetExpired(clock.now().getTime())
      if (expiries.size >= maxEntries)
        throw new SesameError(
          'ERR_REFUSED',
          t('The replay guard is full ({count} tokens).', { count: maxEntries }),
        )
      expiries.set(id, expiresAt.getTime())
      earliestMs = Math.min(earliestMs, expiresAt.getTime())
      return false
    },
  }
}
