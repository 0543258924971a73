import type { Peer } from './peer.ts'
import { allauth } from './providers/allauth/peer.ts'
import { betterAuth } from './providers/better-auth/peer.ts'
import { dex } from './providers/dex/peer.ts'
import { glewlwyd } from './providers/glewlwyd/peer.ts'
import { keycloak } from './providers/keycloak/peer.ts'
import { oidcProvider } from './providers/oidc-provider/peer.ts'
import { springAuthorizationServer } from './providers/spring-authorization-server/peer.ts'

/** All peers, in the order of the table. */
export const peers: readonly Peer[] = [
  oidcProvider,
  betterAuth,
  glewlwyd,
  dex,
  keycloak,
  allauth,
  springAuthorizationServer,
]
