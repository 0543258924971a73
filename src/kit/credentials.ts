import type { Secret } from './secret.ts'

/** Short-lived STS credentials, as Alibaba Cloud hands them out. */
export interface Credentials {
  accessKeyId: string
  accessKeySecret: Secret
  securityToken: Secret
  /** Instant of the server's clock at which they expire. */
  expiresAt: Date
}

/**
 * The one spelling of an expiry that every official SDK reads: UTC, whole seconds, literal Z
 * (`2026-11-21T08:00:00Z`; milliseconds make Python raise and Java and Go fall back).
 */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}
