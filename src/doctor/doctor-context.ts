import type { StoreChoice } from '../kit/index.ts'
import type { Place } from '../profiles/index.ts'
import type { Environment } from './shell-variables.ts'
import type { StoreInspection } from './store.ts'
import type { Versions } from './versions.ts'

/** What the doctor sees beyond the context of the other use cases. */
export interface DoctorContext {
  versions: Versions
  platform: NodeJS.Platform
  env: Environment
  homeDirectory: string
  /** SESAME_PASSPHRASE is set. */
  passphraseAtHand: boolean
  /** Where the configuration and the state are. @throws SesameError ERR_CONFIG */
  place: () => Place
  /** Opens a store as a login would, without a prompt. */
  inspectStore(choice: StoreChoice): Promise<StoreInspection>
  /** The proxy that a request to this URL takes, with the variable that names it. @throws SesameError ERR_PROXY */
  wayTo(url: string): Promise<string | undefined>
}
