import { aliyunClis } from './clients/aliyun/peer.ts'
import { goClients } from './clients/go/peers.ts'
import { javaClients } from './clients/java/peers.ts'
import { nodeClients } from './clients/node/peers.ts'
import { ossutil } from './clients/ossutil/peer.ts'
import { pythonClients } from './clients/python/peers.ts'
import { serverlessDevs } from './clients/serverless-devs/peer.ts'
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
  ...aliyunClis,
  ossutil,
  ...nodeClients,
  ...goClients,
  ...pythonClients,
  ...javaClients,
  serverlessDevs,
]
