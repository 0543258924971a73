import { SesameError, shellWord, t } from '../kit/index.ts'
import { checkConfigured, type LoginSettings, type Profile, withProfile } from '../profiles/index.ts'
import type { Person } from '../terminal/index.ts'
import { changeConfig } from './change-config.ts'
import { type LoginResult, openKind, type SignedIn } from './kinds/kind.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import { baseOf, type ResolvedProfile } from './kinds/resolved-profile.ts'
import { persistOrWarn } from './profile-stores.ts'
import { loginAt, readCachedCredentials, type WantedAssignment } from './read-cached.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'
import { loginCommand, withoutRole } from './sign-in-errors.ts'
import { serializeCredentials } from './stored-items.ts'
import { takeAlong } from './take-along.ts'
import { rememberUse } from './use-profile.ts'

/** With what holds for this sign-in at an OIDC provider in place of what the profile says. */
export interface LoginOptions extends LoginSettings {
  wanted: WantedAssignment
  /** Ask for account and access configuration anew, whatever the profile remembers. */
  choose?: boolean | undefined
  /** Sign in again, whatever is in the store. */
  force: boolean
  /** Whether the profile becomes the current one (default); not where a login is for one shell only. */
  makeCurrent?: boolean | undefined
}

/**
 * The login: what is fresh in the store; else what a token that is still valid gives; else a sign-in by the person. Of many
 * processes that find nothing, one does the work and the others take its result.
 */
export async function login(
  name: string,
  options: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<LoginResult> {
  return loginTo(name, { ...options, person, isBase: false }, context)
}

interface LinkOptions extends LoginOptions {
  person: Person
  /** True for the base of a chain of roles. */
  isBase: boolean
}

/** Of one link: a chain of roles comes here once for each. */
function loginTo(name: string, options: LinkOptions, context: SessionContext): Promise<LoginResult> {
  const { wanted, force, choose = false } = options
  const resolve = () => resolveProfile(name, context.readConfig(), context)
  const first = resolve()
  refuseForeignChoice(first, options)
  let signedIn: { resolved: ResolvedProfile; end: SignedIn } | undefined
  return renewTogether<LoginResult | undefined, LoginResult>(
    {
      lock: `profile:${name}`,
      by: 'person',
      of: loginAt(first, options),
      read: async () => {
        const cached = force || choose ? undefined : await readCachedCredentials(resolve(), wanted, context)
        return cached && { kind: 'credentials', stored: cached }
      },
      isGood: (result) => result !== undefined,
      renew: async () => {
        const resolved = resolve()
        await takeAlong(resolved, { leaveAll: false }, context)
        signedIn = { resolved, end: await signInTo(resolved, options, context) }
        return signedIn.end.result
      },
      write: async () => {
        if (signedIn === undefined) return
        const { resolved, end } = signedIn
        await keepCredentials(end, context)
        const isCurrent = options.makeCurrent !== false && !options.isBase
        const remember = () => rememberLogin(resolved, end, isCurrent, context)
        const isRemembered = await persistOrWarn(remember, t('Could not save the profile'), context)
        if (isRemembered && !options.isBase) await rememberUse(name, context)
      },
    },
    context,
  )
}

async function signInTo(
  resolved: ResolvedProfile,
  options: LinkOptions,
  context: SessionContext,
): Promise<SignedIn> {
  checkConfigured(resolved)
  const fromSource = async (source: string) => {
    // `login` on a chained profile signs in at its base, and only there.
    const result = await loginTo(source, { ...options, wanted: {}, choose: false, isBase: true }, context)
    if (result.kind === 'credentials') return result.stored
    throw withoutRole(source)
  }
  return (await openKind(resolved, context)).signIn({ ...options, fromSource })
}

async function keepCredentials({ result, store, item }: SignedIn, context: SessionContext): Promise<void> {
  if (result.kind !== 'credentials' || item === undefined) return
  const write = () => store.write(item, serializeCredentials(result.stored))
  await persistOrWarn(write, t('Could not store the credentials'), context)
}

/** Accounts are CloudSSO's; anywhere else the role is part of the profile. */
function refuseForeignChoice(resolved: ResolvedProfile, { wanted, choose }: LoginOptions): void {
  const insists = choose || wanted.account !== undefined || wanted.accessConfiguration !== undefined
  if (!insists || resolved.chosen !== undefined) return
  const { name } = resolved
  const message = t(
    '--account-id, --access-config and --choose belong to CloudSSO; profile {name} has its role configured.',
    { name },
  )
  const base = baseOf(resolved)
  const hint =
    base.chosen === undefined
      ? t('Change it with: {command} …', {
          command: `sesame configure --profile ${shellWord(name)} --role-arn`,
        })
      : t('The account is chosen at its base: {command} …', {
          command: `${loginCommand(base.name)} --account-id`,
        })
  throw new SesameError('ERR_USAGE', message, { hint })
}

/** The choice, and where the secrets are kept now, become part of the profile; it is the current one from now on. */
async function rememberLogin(
  { name, profile }: ResolvedProfile,
  { store, remember = (before) => before }: SignedIn,
  makeCurrent: boolean,
  context: SessionContext,
): Promise<void> {
  if (profile.store !== undefined && profile.store !== store.kind && store.kind !== 'memory') {
    context.warn(
      t('The secrets of profile {name} are now kept in: {store} (before: {former}).', {
        name,
        store: store.kind,
        former: profile.store,
      }),
    )
  }
  await changeConfig(
    (config) => {
      const before = remember(config.profiles.get(name) ?? profile)
      const after: Profile = { ...before, ...(store.kind === 'memory' ? {} : { store: store.kind }) }
      const changed = withProfile(config, name, after)
      return makeCurrent ? { ...changed, currentProfile: name } : changed
    },
    context,
    'login',
  )
}
