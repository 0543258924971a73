import { aliyunClis } from './clients/aliyun/peer.ts'
import { javaClients } from './clients/java/peers.ts'
import { nodeClients } from './clients/node/peers.ts'
import { pythonClients } from './clients/python/peers.ts'
import type { Peer } from './peer.ts'
import { dex } from './providers/dex/peer.ts'
import { oidcProvider } from './providers/oidc-provider/peer.ts'

/** All peers, in the order of the table. */
export const peers: readonly Peer[] = [
  oidcProvider,
  dex,
  ...aliyunClis,
  ...nodeClients,
  ...pythonClients,
  ...javaClients,
]
