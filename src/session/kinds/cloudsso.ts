import { createCloudSsoDialect, listAssignments, type TokenSet } from '../../identity/index.ts'
import { isSesameError, t } from '../../kit/index.ts'
import { type CloudSsoProfile, type Profile, withoutAssignment } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { requestCloudCredentials } from '../../sts/index.ts'
import type { Person } from '../../terminal/index.ts'
import { openKept } from '../profile-stores.ts'
import { replacingOnce } from '../renewal/after-failure.ts'
import type { SessionContext } from '../session-context.ts'
import { choiceRefused, givesCredentials, loginRequired } from '../sign-in-errors.ts'
import { parseToken, type StoredCredentials, toStored } from '../stored-items.ts'
import type { Assignment } from './choose-assignment.ts'
import { askByDeviceCode } from './device-sign-in.ts'
import { type CloudSsoAssignment, credentialsKey } from './item-names.ts'
import type { Kind, Listing, ListingOptions, Renewed, SignedIn, SignInOptions } from './kind.ts'
import type { ResolvedCloudSso } from './resolved-profile.ts'
import {
  canRenewSignIn,
  findToken,
  type KeptToken,
  signInOnce,
  untilApproved,
  whileFresh,
} from './sign-in.ts'
import { useAssignment } from './use-assignment.ts'

/** A profile of an Alibaba Cloud CloudSSO directory: the portal gives a token, and for it the credentials of an assignment. */
export function openCloudSso(resolved: ResolvedCloudSso, context: SessionContext): Kind {
  return {
    needsPerson: true,
    lifeSetBy: 'The access configuration',
    signIn: (options) => signInAtPortal(resolved, options, context),
    renew: () => renewAtPortal(resolved, context),
    canRenew: () => canRenewSignIn(resolved, context),
    async outlook() {
      const store = await openKept(resolved, context)
      const token = parseToken(await store?.read(resolved.items.tokens))
      return resolved.items.credentials === undefined ? undefined : whileFresh(token?.lifetime, context)
    },
    getToken: async () => {
      throw givesCredentials(resolved.name)
    },
    keptTokens: async () => undefined,
    servers: () => [{ role: 'portal', url: resolved.signIn.signInUrl }],
    listAssignments: (options) => listAtPortal(resolved, options, context),
  }
}

/** Token, choice, exchange; a token that the portal no longer accepts is replaced by one new sign-in. */
async function signInAtPortal(
  resolved: ResolvedCloudSso,
  { wanted, choose = false, force, person }: SignInOptions,
  context: SessionContext,
): Promise<SignedIn> {
  const proceed = async ({ token, store }: KeptToken): Promise<SignedIn> => {
    const { accessToken } = token
    const assignmentOf = ({ account, accessConfiguration }: Assignment) => {
      const ids = { accountId: account.id, accessConfigurationId: accessConfiguration.id }
      return { ...resolved.signIn, ...ids }
    }
    const use = (chosen: Assignment) => exchange(assignmentOf(chosen), token, context)
    const used = await useAssignment(resolved, { wanted, choose, person }, { accessToken, use }, context)
    const { assignment: chosen, result: stored } = used
    const item = credentialsKey(assignmentOf(chosen))
    const remember = (profile: Profile) =>
      isSameKind(profile, resolved.profile) ? withAssignment(profile, chosen) : profile
    return { result: { kind: 'credentials', stored }, store, item, remember }
  }
  return withPortalToken(resolved, { force, person }, proceed, context)
}

/** All lists of the directory, with the token that is kept, or that of a new sign-in. */
function listAtPortal(
  resolved: ResolvedCloudSso,
  { person, again, onProgress }: ListingOptions,
  context: SessionContext,
): Promise<Listing> {
  const { fetch, clock, signal, random } = context
  const list = async ({ token: { accessToken }, store }: KeptToken): Promise<Listing> => {
    const options = { accessToken, signal, random, onProgress }
    return { accounts: await listAssignments({ ...resolved.signIn, fetch, clock }, options), store }
  }
  return withPortalToken(resolved, { person, force: false, again }, list, context)
}

/** Who signs in where it is necessary, and whether what is kept counts. */
interface PortalSignIn {
  person: Person
  force: boolean
  /** The command that starts anew; else the login of the profile. */
  again?: string
}

/** Uses the token of a directory: the one that is kept, else that of a new sign-in; one that the portal refuses is replaced once. */
async function withPortalToken<T>(
  resolved: ResolvedCloudSso,
  { force, person, again }: PortalSignIn,
  use: (kept: KeptToken) => Promise<T>,
  context: SessionContext,
): Promise<T> {
  const dialect = () =>
    createCloudSsoDialect({ ...resolved.signIn, fetch: context.fetch, clock: context.clock })
  const signIn = (options: { force: boolean; notThis?: TokenSet }) => {
    const ask = async (ready: () => Promise<CredentialStore>) => {
      // A command without --force always begins anew: there would be no way to leave a code that was denied.
      const how = { person, resolved, ready, again, force: options.force || again !== undefined }
      return untilApproved(person, () => askByDeviceCode(dialect(), how, context))
    }
    return signInOnce(resolved, { ...options, wanted: 'access', ask }, context)
  }
  const kept = force ? undefined : await findToken(resolved, context)
  if (kept === undefined) return use(await signIn({ force }))
  return replacingOnce(kept, use, ({ token: notThis }) => {
    person.notify(t('The portal no longer accepts the last sign-in.'))
    return signIn({ force: false, notThis })
  })
}

/** The same without a person: what was chosen, with the token that is still valid. */
async function renewAtPortal(resolved: ResolvedCloudSso, context: SessionContext): Promise<Renewed> {
  const { accountId, accessConfigurationId } = resolved.chosen
  const kept = resolved.store === undefined ? undefined : await findToken(resolved, context)
  if (accountId === undefined || accessConfigurationId === undefined || kept === undefined)
    throw loginRequired(resolved.name)
  const assignment = { ...resolved.signIn, accountId, accessConfigurationId }
  try {
    return { credentials: await exchange(assignment, kept.token, context), store: kept.store }
  } catch (error) {
    if (!isSesameError(error, 'ERR_FORBIDDEN', 'ERR_REFUSED')) throw error
    throw choiceRefused(resolved.name, error)
  }
}

/** Exchanges a bearer token for the credentials of one assignment, ready to be kept. */
async function exchange(
  assignment: CloudSsoAssignment,
  { accessToken }: TokenSet,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { fetch, clock, random, signal } = context
  const issued = await requestCloudCredentials({ ...assignment, accessToken, fetch, clock, random, signal })
  return toStored(issued, `account ${assignment.accountId}`, context)
}

/** The profile may have been configured anew, as one of another kind, while the person signed in. */
function isSameKind<P extends Profile>(profile: Profile, former: P): profile is P {
  return profile.kind === former.kind
}

function withAssignment(
  profile: CloudSsoProfile,
  { account, accessConfiguration }: Assignment,
): CloudSsoProfile {
  return {
    ...withoutAssignment(profile),
    accountId: account.id,
    ...(account.name === '' ? {} : { accountName: account.name }),
    accessConfigurationId: accessConfiguration.id,
    ...(accessConfiguration.name === '' ? {} : { accessConfigurationName: accessConfiguration.name }),
  }
}
