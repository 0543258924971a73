import type { IdaasTokens } from '../../identity/index.ts'
import { t } from '../../kit/index.ts'
import { openKept } from '../profile-stores.ts'
import { replacingOnce } from '../renewal/after-failure.ts'
import type { Attempter } from '../renewal/outcome.ts'
import type { SessionContext } from '../session-context.ts'
import { noSuchToken } from '../sign-in-errors.ts'
import { parseIdaasTokens } from '../stored-items.ts'
import { assumeWithIdToken, idTokenRoleOf, namesOf } from './assume-role.ts'
import { hasSecret } from './client-secret.ts'
import { applicationTokens } from './idaas-tokens.ts'
import type { Kind, Renewed, SignedIn, SignInOptions, WantedToken } from './kind.ts'
import type { ResolvedIdaas } from './resolved-profile.ts'
import { stsFor } from './sts-context.ts'

/** A profile of an application at Alibaba IDaaS: it gets ID tokens with its secret, and STS gives credentials of its role for them. */
export function openIdaas(resolved: ResolvedIdaas, context: SessionContext): Kind {
  return {
    needsPerson: false,
    lifeSetBy: 'The role',
    signIn: (options) => signInAsApplication(resolved, options, context),
    renew: () => obtainCredentials(resolved, { force: false, by: 'program' }, context),
    canRenew: () => hasSecret(resolved, context),
    outlook: async () =>
      (await hasSecret(resolved, context))
        ? { kind: 'open' }
        : { kind: 'no-secret', of: resolved.name, option: '--app-secret-stdin' },
    getToken: (wanted) => getToken(resolved, wanted, context),
    async keptTokens() {
      const store = await openKept(resolved, context)
      const idToken = parseIdaasTokens(await store?.read(resolved.items.tokens))?.idToken
      return idToken && { lifetime: idToken.lifetime, userNames: namesOf(idToken) }
    },
    servers: () => [
      { role: 'idaas', url: resolved.profile.idaasUrl },
      ...(resolved.tokensOnly
        ? []
        : [{ role: 'sts' as const, url: stsFor(resolved.profile, context).endpoint }]),
    ],
  }
}

async function signInAsApplication(
  resolved: ResolvedIdaas,
  { force }: SignInOptions,
  context: SessionContext,
): Promise<SignedIn> {
  const by = 'person'
  if (!resolved.tokensOnly) {
    const { credentials: stored, store } = await obtainCredentials(resolved, { force, by }, context)
    return { result: { kind: 'credentials', stored }, store, item: resolved.items.credentials }
  }
  const { tokens, store } = await applicationTokens(resolved, { force, by }, context)
  const { userName, lifetime } = tokens.idToken
  return { result: { kind: 'tokens', userName, expiresAt: lifetime.expiresAt, renewable: true }, store }
}

/** Credentials of the profile's role for the application's ID token; one that STS no longer accepts is replaced once. */
async function obtainCredentials(
  resolved: ResolvedIdaas,
  { force, by }: { force: boolean; by: Attempter },
  context: SessionContext,
): Promise<Renewed> {
  const role = idTokenRoleOf(resolved)
  const { tokens, store } = await applicationTokens(resolved, { force, by }, context)
  const use = (from: IdaasTokens) => assumeWithIdToken(role, from.idToken, context)
  const replace = async (notThis: IdaasTokens) =>
    (await applicationTokens(resolved, { by, notThis }, context)).tokens
  return { credentials: force ? await use(tokens) : await replacingOnce(tokens, use, replace), store }
}

async function getToken(resolved: ResolvedIdaas, wanted: WantedToken | undefined, context: SessionContext) {
  if (wanted === 'access')
    throw noSuchToken(resolved.name, t('IDaaS gives ID tokens only'), t('Leave --access out.'))
  return (await applicationTokens(resolved, { by: 'program' }, context)).tokens.idToken
}
