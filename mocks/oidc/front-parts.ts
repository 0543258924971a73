import type { Handler } from '../http-server.ts'
import type { DeviceWatch } from './device-watch.ts'
import type { OidcEvent } from './journal.ts'
import type { OidcSettings } from './options.ts'
import type { RequestChecks } from './request-checks.ts'
import type { Secrets } from './secrets.ts'
import type { OidcViolation } from './violations.ts'

/** What stands between the client and oidc-provider works with these. */
export interface FrontParts {
  settings: OidcSettings
  violations: OidcViolation[]
  log: OidcEvent[]
  secrets: Secrets
  watch: DeviceWatch
  checks: RequestChecks
  forward: Handler
  decide(userCode: string, approve: boolean): Promise<void>
  isPending(deviceCode: string): boolean
}
