import type { Reply } from '../../http/reply.ts'
import type { DeviceWatch } from '../device-watch.ts'
import type { OidcApproval } from '../options.ts'
import type { Bend } from './bends.ts'
import type { Dialect } from './dialect.ts'
import type { QuirkyGrants } from './grants.ts'
import type { TokenKeys } from './id-token-bends.ts'

/** What the calls of one provider work with. */
export interface QuirkyParts {
  dialect: Dialect
  keys: TokenKeys
  grants: QuirkyGrants
  watch: DeviceWatch
  bends: () => readonly Bend[]
  refusesRenewal: () => Reply | undefined
  url: () => string
  clientId: string
  /** Whether an access token was handed out here. */
  isIssued: (accessToken: string) => boolean
  clientSecret: string | undefined
  intervalSeconds: number
  wireIntervalSeconds: number
  approve: OidcApproval
  dateOffsetSeconds: number
}

/** Whom its tokens say they are from. */
export function issuerOf({ dialect, url }: QuirkyParts): string {
  return `${url()}${dialect.issuerPath}`
}
