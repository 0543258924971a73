import type { OidcApproval } from '../options.ts'
import type { Bend } from './bends.ts'
import type { Dialect } from './dialect.ts'
import type { PresetName } from './presets.ts'

export interface QuirkyOptions {
  /** Whose ways the provider has. Default `plain`: RFC 8628 and OpenID Connect to the letter. */
  preset?: PresetName
  /** Changes the preset. */
  dialect?: Partial<Dialect>
  /** What is wrong; may be changed while the provider runs. */
  bends?: readonly Bend[]
  /** 0 (default) takes any free port. */
  port?: number
  tls?: { key: string; cert: string }
  /** Base of all addresses when it is not `url`, as behind a proxy that maps names. */
  publicUrl?: string
  /** Default `sesame-cli`. */
  clientId?: string
  /** Needed for a preset that wants a secret; with it the client must send it. */
  clientSecret?: string
  /** The wait that is enforced. May be a fraction. Default 5. */
  intervalSeconds?: number
  /** What is sent as `interval`. Default: `intervalSeconds`. */
  wireIntervalSeconds?: number
  /** Default `auto`. There is no page to press a button on: `approve(userCode)` of the provider does it. */
  approve?: OidcApproval
  /** The server's clock minus the true time, in `Date` headers and tokens. Default 0. */
  dateOffsetSeconds?: number
}
