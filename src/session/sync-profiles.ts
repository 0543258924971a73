import type { Account, ListedAccount } from '../identity/index.ts'
import { SesameError, t } from '../kit/index.ts'
import { type Assignment, type Config, planSync, type SyncPlan, type SyncScope } from '../profiles/index.ts'
import type { Person } from '../terminal/index.ts'
import { normalizeSignInUrl } from '../values/index.ts'
import { changeConfig } from './change-config.ts'
import { type ListingOptions, openKind } from './kinds/kind.ts'
import { resolvableProfiles, resolveDirectory } from './kinds/resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

export interface SyncOptions
  extends Omit<SyncScope, 'complete' | 'store' | 'states'>,
    Omit<ListingOptions, 'person'> {
  /** Only says what would happen. */
  dry: boolean
}

export interface SyncResult {
  steps: SyncPlan['steps']
  /** How many accounts the user has. */
  accounts: number
  /** Those whose access configurations could not be listed; while there is one, nothing is pruned. */
  failed: readonly { account: Account; failure: SesameError }[]
}

/**
 * A profile for everything that the user may use in a directory: one sign-in, all lists, and then one change of the configuration,
 * which finds what other processes have written meanwhile. What could not be listed stays as it is. Errors: ERR_FILE before the
 * sign-in for a configuration that cannot be changed; what the sign-in or the list of accounts ends in.
 */
export async function syncProfiles(
  options: SyncOptions,
  context: SessionContext,
  person: Person,
): Promise<SyncResult> {
  const { signInUrl, dry, again, onProgress } = options
  if (!dry) context.checkConfigWritable?.()
  const directory = resolveDirectory(signInUrl, context.readConfig(), context)
  const { listAssignments } = await openKind(directory, context)
  if (listAssignments === undefined) throw new TypeError(`${directory.kind} lists no assignments`)
  const { accounts: listed, store: signedInAt } = await listAssignments({ person, again, onProgress })
  const failed = listed.flatMap((each) => ('failure' in each ? [each] : []))
  const store = signedInAt.kind === 'memory' ? undefined : signedInAt.kind
  const assignments = listed.flatMap(assignmentsOf)
  const planFor = (config: Config): SyncPlan => {
    const states = context.state.read().profiles
    return planSync(assignments, config, { ...options, complete: failed.length === 0, store, states })
  }
  let steps: SyncPlan['steps'] = []
  const change = (config: Config): Config => {
    const plan = planFor(config)
    steps = plan.steps
    return plan.config
  }
  context.signal.throwIfAborted()
  if (dry) change(context.readConfig())
  else await changeConfig(change, context)
  return { steps, accounts: listed.length, failed }
}

/**
 * The directory that is meant where none is named: the one of all profiles, else the only one that there is.
 * @throws SesameError ERR_CONFIG for none, ERR_USAGE for several, ERR_INSECURE_URL
 */
export function directoryUrl(
  context: Pick<SessionContext, 'readConfig' | 'cloudSsoClientId' | 'storeOverride'>,
): string {
  const config = context.readConfig()
  if (config.signInUrl !== undefined) return normalizeSignInUrl(config.signInUrl)
  const urls = resolvableProfiles(config, context).flatMap((each) =>
    'signIn' in each && 'signInUrl' in each.signIn ? [each.signIn.signInUrl] : [],
  )
  const [first, ...others] = [...new Set(urls)]
  if (first !== undefined && others.length === 0) return first
  if (first === undefined)
    throw new SesameError('ERR_CONFIG', t('No sign-in URL is configured.'), {
      hint: t('Name it: sesame profile sync --signin-url https://…/login'),
    })
  throw new SesameError('ERR_USAGE', t('The profiles have several sign-in URLs.'), {
    hint: t('Name one of them with --signin-url: {urls}', { urls: [first, ...others].join(' ') }),
  })
}

function assignmentsOf(listed: ListedAccount): Assignment[] {
  if ('failure' in listed) return []
  const { account, configurations } = listed
  return configurations.map(({ id, name }) => ({
    accountId: account.id,
    accountName: account.name,
    accessConfigurationId: id,
    accessConfigurationName: name,
  }))
}
