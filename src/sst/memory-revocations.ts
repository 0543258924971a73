import type { Clock } from '../kit/index.ts'
import {
  fingerprintOf,
  keptAfterExpirySeconds,
  type OpenRevocations,
  type Revocation,
  type RevocationList,
} from './revocation-list.ts'

/** Revocations of this process alone, gone with it. Services that are given the same one share it. */
export function memoryRevocations(): OpenRevocations {
  const revocations = new Map<string, Revocation>()
  return async ({ clock }) => memoryList(revocations, clock)
}

function memoryList(revocations: Map<string, Revocation>, clock: Clock): RevocationList {
  let sweepAt = 1024
  return {
    isRevoked: (sealed) => revocations.has(fingerprintOf(sealed)),
    revoke({ sealed, userId, revokedAt, expiresAt }) {
      const fingerprint = fingerprintOf(sealed)
      if (revocations.has(fingerprint)) return false
      if (revocations.size >= sweepAt) {
        removeExpired(revocations, clock.now())
        sweepAt = Math.max(1024, revocations.size * 2)
      }
      revocations.set(fingerprint, {
        fingerprint,
        userId,
        revokedAt,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      })
      return true
    },
    entries: () => [...revocations.values()].reverse(),
    // Another service may still hold the same revocations.
    close: () => undefined,
  }
}

function removeExpired(revocations: Map<string, Revocation>, now: Date): void {
  const oldest = now.getTime() - keptAfterExpirySeconds * 1000
  for (const [fingerprint, { expiresAt }] of revocations) {
    if (expiresAt !== undefined && expiresAt.getTime() < oldest) revocations.delete(fingerprint)
  }
}
