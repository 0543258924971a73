import type { CloudSso } from '../../mocks/index.ts'
import { startPortal } from '../support/portal.ts'
import { openStage, type Stage } from './stage.ts'

/** A CloudSSO portal that waits for a person. */
export interface PortalStage extends Stage {
  portal: CloudSso
}

export function openPortalStage(): Promise<PortalStage> {
  return openStage<PortalStage>(async () => {
    const portal = await startPortal({ approve: 'manual', intervalSeconds: 1 })
    const verifiers = () => portal.receivedVerifiers.map((value) => ({ kind: 'code-verifier', value }))
    return { portal, secrets: () => [...portal.issued, ...verifiers()], stop: portal.stop }
  })
}
