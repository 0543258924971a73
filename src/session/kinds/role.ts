import { replacingOnce } from '../renewal/after-failure.ts'
import type { SessionContext } from '../session-context.ts'
import { givesCredentials } from '../sign-in-errors.ts'
import type { StoredCredentials } from '../stored-items.ts'
import { assumeFrom } from './assume-role.ts'
import type { FromSource, Kind } from './kind.ts'
import { resolveProfile } from './resolve-profile.ts'
import { type ResolvedProfile, type ResolvedRole, storeChoiceOf } from './resolved-profile.ts'
import { stsFor } from './sts-context.ts'

/** A role that is assumed with the credentials of another profile; whatever has to do with the sign-in is that profile's. */
export function openRole(
  resolved: ResolvedRole,
  { source, openKind }: SourceKind,
  context: SessionContext,
): Kind {
  const open = (purpose: 'read' | 'write') => context.openStore(storeChoiceOf(resolved), purpose)
  const { needsPerson, canRenew, outlook, keptTokens } = source
  return {
    needsPerson,
    lifeSetBy: 'The role',
    async signIn({ force, fromSource }) {
      const stored = await obtainFromSource({ resolved, openKind, fromSource, force }, context)
      const store = await open('write')
      // The base of a chain may have chosen its role just now, and that is a part of the name.
      const { items } = resolveProfile(resolved.name, context.readConfig(), context)
      return { result: { kind: 'credentials', stored }, store, item: items.credentials }
    },
    async renew(fromSource) {
      const credentials = await obtainFromSource({ resolved, openKind, fromSource, force: false }, context)
      return { credentials, store: await open('read') }
    },
    canRenew,
    outlook,
    getToken: async () => {
      throw givesCredentials(resolved.name)
    },
    keptTokens,
    servers: () => [...source.servers(), { role: 'sts', url: stsFor(resolved.profile, context).endpoint }],
  }
}

/** The kind of the source, and what opens it again after a sign-in, which may have chosen the store. */
interface SourceKind {
  source: Kind
  openKind: (resolved: ResolvedProfile, context: SessionContext) => Promise<Kind>
}

interface FromSourceOptions extends Pick<SourceKind, 'openKind'> {
  resolved: ResolvedRole
  fromSource: FromSource
  force: boolean
}

/** Credentials of the source that were kept in the store, and that STS no longer accepts, are replaced once. */
async function obtainFromSource(
  { resolved, openKind, fromSource, force }: FromSourceOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { source, profile } = resolved
  const assume = async (credentials: StoredCredentials) => {
    const now = resolveProfile(source.name, context.readConfig(), context)
    const tokens = await (await openKind(now, context)).keptTokens()
    return assumeFrom(credentials, profile, tokens?.userNames ?? [], context)
  }
  const first = await fromSource(source.name)
  const key = source.items.credentials
  if (force || key === undefined) return assume(first)
  return replacingOnce(first, assume, async (_refused, error) => {
    context.log('sesame:sts', `refused, renewing those of profile ${source.name}: ${error.message}`)
    await (await context.openStore(storeChoiceOf(source), 'read')).remove(key)
    return fromSource(source.name)
  })
}
