import type { Peer } from './peer.ts'
import { betterAuth } from './providers/better-auth/peer.ts'
import { dex } from './providers/dex/peer.ts'
import { glewlwyd } from './providers/glewlwyd/peer.ts'
import { oidcProvider } from './providers/oidc-provider/peer.ts'

/** All peers, in the order of the table. */
export const peers: readonly Peer[] = [oidcProvider, betterAuth, glewlwyd, dex]
