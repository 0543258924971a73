import { createFetch } from '../../../src/http/index.ts'
import {
  createOidcDialect,
  type DeviceAuthorization,
  discoverProvider,
  type OidcClient,
  type OidcContext,
  type OidcProvider,
  runDeviceFlow,
  type TokenSet,
} from '../../../src/identity/index.ts'
import { type Clock, systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'

/** The context of a sign-in: our real fetch, with timeouts short enough for tests of servers that hang. */
export function makeContext(clock: Clock = systemClock, overrides: Partial<OidcContext> = {}): OidcContext {
  const fetch = createFetch({
    version: 'test',
    proxy: {},
    log: silentLog,
    clock: systemClock,
    requestTimeoutMs: 2_000,
  })
  return { fetch, clock, log: silentLog, signal: new AbortController().signal, ...overrides }
}

/** Our public client at a provider, discovered. */
export function discover(
  issuer: string,
  client: Partial<OidcClient> = {},
  context: OidcContext = makeContext(),
): Promise<OidcProvider> {
  const defaults = { issuer, clientId: 'sesame-cli', scope: 'openid offline_access', devicePkce: true }
  return discoverProvider({ ...defaults, ...client }, context)
}

export interface DeviceSignIn {
  tokens: TokenSet
  clock: FakeClock
  shown: DeviceAuthorization[]
}

/** A whole device sign-in with a clock that does not wait. */
export async function signInByDevice(
  issuer: string,
  client: Partial<OidcClient> = {},
  clock: FakeClock = fakeClock(),
): Promise<DeviceSignIn> {
  const provider = await discover(issuer, client, makeContext(clock))
  const shown: DeviceAuthorization[] = []
  const { log, signal } = provider.context
  const tokens = await runDeviceFlow(createOidcDialect(provider), {
    clock,
    log,
    signal,
    onVerification: ({ authorization }) => {
      shown.push(authorization)
    },
  })
  return { tokens, clock, shown }
}
