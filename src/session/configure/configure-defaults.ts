import { isSesameError, type StoreChoice, t } from '../../kit/index.ts'
import { type Config, type Profile, signInUrlOf, withoutForgotten } from '../../profiles/index.ts'
import { normalizeSignInUrl } from '../../values/index.ts'
import { adoptAllFormerItems } from '../change-config.ts'
import { persistOrWarn } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { changeStore } from './change-store.ts'

/** What holds for all profiles; what is not named stays. */
export interface Defaults {
  signInUrl?: string | undefined
  store?: StoreChoice | undefined
}

/**
 * Sets the default sign-in URL and store. Profiles that move to another directory choose their account anew; what they kept for
 * the former one serves again when they come back.
 */
export async function configureDefaults(
  { signInUrl, store }: Defaults,
  context: SessionContext,
): Promise<void> {
  const adopt = () => adoptAllFormerItems(context.readConfig(), context)
  if (signInUrl !== undefined) await persistOrWarn(adopt, t('Could not move the sign-in'), context)
  await context.updateConfig((config) => {
    const withStore = store === undefined ? config : { ...config, store }
    return signInUrl === undefined ? withStore : withDefaultUrl(withStore, signInUrl)
  })
  if (store !== undefined) await changeStore(context)
}

function withDefaultUrl(before: Config, signInUrl: string): Config {
  const after = { ...before, signInUrl }
  const move = (profile: Profile): Profile =>
    isSameUrl(signInUrlOf(before, profile), signInUrlOf(after, profile))
      ? profile
      : withoutForgotten(profile, ['signInUrl'])
  const profiles = new Map([...before.profiles].map(([name, profile]) => [name, move(profile)]))
  return { ...after, profiles }
}

/** In whichever spelling: a person may have written the former one. */
function isSameUrl(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  try {
    return normalizeSignInUrl(before) === normalizeSignInUrl(after)
  } catch (error) {
    if (!isSesameError(error)) throw error
    return before === after
  }
}
