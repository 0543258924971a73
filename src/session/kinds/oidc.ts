import { endSessionUrl, type TokenSet } from '../../identity/index.ts'
import { t } from '../../kit/index.ts'
import { withLoginSettings } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { openKept } from '../profile-stores.ts'
import { replacingOnce } from '../renewal/after-failure.ts'
import type { SessionContext } from '../session-context.ts'
import { noSuchToken } from '../sign-in-errors.ts'
import { parseToken } from '../stored-items.ts'
import { askAtProvider } from './ask-at-provider.ts'
import { assumeWithIdToken, idTokenRoleOf, namesOf } from './assume-role.ts'
import { hasSecret } from './client-secret.ts'
import type { Kind, LoginResult, Renewed, SignedIn, SignInOptions, WantedToken } from './kind.ts'
import { blockOf, outlookOf, whyNone, withoutIdToken } from './oidc-outlook.ts'
import { learning, openProvider, revokeAtProvider, trustedHostsOf } from './oidc-provider.ts'
import { usableTokens } from './oidc-tokens.ts'
import { withProfile } from './resolve-profile.ts'
import { asksForIdToken, type ResolvedOidc } from './resolved-profile.ts'
import { canRenewSignIn, type KeptToken, signInOnce } from './sign-in.ts'
import { stsFor } from './sts-context.ts'

/** A profile of an OIDC provider: it gives tokens, and STS gives credentials of its role for the ID token. */
export function openOidc(resolved: ResolvedOidc, context: SessionContext): Kind {
  const readToken = async () =>
    parseToken(await (await openKept(resolved, context))?.read(resolved.items.tokens))
  return {
    needsPerson: true,
    lifeSetBy: 'The role',
    signIn: (options) => signInAtProvider(resolved, options, context),
    renew: () => obtainCredentials(resolved, programTokens(resolved, 'id', context), context),
    canRenew: () => canRenewSignIn(resolved, context),
    async outlook(of) {
      if (resolved.store === undefined) return undefined
      if (resolved.profile.confidential && !(await hasSecret(resolved, context)))
        return { kind: 'no-secret', of: resolved.name, option: '--client-secret-stdin' }
      const token = await readToken()
      return token && (blockOf(resolved, token, of) ?? outlookOf(token, of, context))
    },
    getToken: (wanted) => getToken(resolved, wanted ?? 'access', context),
    async keptTokens() {
      const token = await readToken()
      return token && { lifetime: token.lifetime, userNames: token.idToken ? namesOf(token.idToken) : [] }
    },
    servers: () => [
      { role: 'issuer', url: resolved.signIn.issuer, trustedHosts: trustedHostsOf(resolved) },
      ...(resolved.tokensOnly
        ? []
        : [{ role: 'sts' as const, url: stsFor(resolved.profile, context).endpoint }]),
    ],
    async revoke(item) {
      const token = parseToken(item)
      return token && revokeAtProvider(resolved, token, context)
    },
    endSessionUrl: async () => endSessionUrl(await openProvider(resolved, context)),
  }
}

async function signInAtProvider(
  resolved: ResolvedOidc,
  options: SignInOptions,
  context: SessionContext,
): Promise<SignedIn> {
  if (!resolved.tokensOnly) {
    const source = personTokens(resolved, 'id', options, context)
    const { credentials: stored, store } = await obtainCredentials(resolved, source, context)
    return { result: { kind: 'credentials', stored }, store, item: resolved.items.credentials }
  }
  const source = personTokens(resolved, 'access', options, context)
  const { token, store } = (await source.usable()) ?? (await source.signIn())
  const result: LoginResult = {
    kind: 'tokens',
    userName: token.idToken?.userName,
    expiresAt: token.lifetime.expiresAt,
    renewable: token.refreshToken !== undefined,
    ...(token.idToken === undefined && asksForIdToken(resolved.signIn) && { lacksIdToken: true }),
  }
  return { result, store }
}

/** Where tokens come from: two steps, the second only if the first gives none. `notThis` was just refused by a server. */
interface TokenSource {
  /** From the store or by the refresh token; undefined when only a sign-in helps. */
  usable(notThis?: TokenSet): Promise<KeptToken | undefined>
  signIn(notThis?: TokenSet): Promise<KeptToken>
}

/** A program has what its own profile kept. */
function programTokens(resolved: ResolvedOidc, wanted: WantedToken, context: SessionContext): TokenSource {
  return {
    usable: (notThis) => usableTokens(resolved, { wanted, by: 'program', notThis }, context),
    signIn: async () => {
      throw await whyNone(resolved, wanted, context)
    },
  }
}

/** A person may go on with the sign-in of another profile. */
function personTokens(
  resolved: ResolvedOidc,
  wanted: WantedToken,
  { person, force, flow, prompt, noPrompt, acrValues }: SignInOptions,
  context: SessionContext,
): TokenSource {
  const asked = { wanted, by: 'person', fromOthers: true } as const
  return {
    usable: async (notThis) => (force ? undefined : usableTokens(resolved, { ...asked, notThis }, context)),
    signIn: async (notThis) => {
      const learned = learning(resolved, context)
      const said = { flow, prompt, noPrompt, acrValues }
      const thisOnce = withProfile(resolved, withLoginSettings(resolved.profile, said))
      const ask = (ready: () => Promise<CredentialStore>) =>
        askAtProvider(thisOnce, { person, learned, ready, force }, context)
      const kept = await signInOnce(resolved, { wanted, notThis, force, ask }, context)
      await learned.keep()
      return kept
    },
  }
}

/**
 * Credentials of the profile's role for its ID token, which is exchanged at once: some providers issue it for five
 * minutes. One that was kept in the store and is no longer accepted by STS is replaced once.
 */
async function obtainCredentials(
  resolved: ResolvedOidc,
  source: TokenSource,
  context: SessionContext,
): Promise<Renewed> {
  const role = idTokenRoleOf(resolved)
  const proceed = async ({ token, store }: KeptToken): Promise<Renewed> => {
    if (token.idToken === undefined) throw withoutIdToken(resolved)
    return { credentials: await assumeWithIdToken(role, token.idToken, context), store }
  }
  const found = await source.usable()
  if (found === undefined) return proceed(await source.signIn())
  return replacingOnce(found, proceed, async ({ token }) => {
    return (await source.usable(token)) ?? source.signIn(token)
  })
}

async function getToken(resolved: ResolvedOidc, wanted: WantedToken, context: SessionContext) {
  const { name, signIn } = resolved
  if (wanted === 'id' && !asksForIdToken(resolved.signIn))
    throw noSuchToken(
      name,
      t('its scope is "{scope}"', { scope: signIn.scope }),
      t('ID tokens need the scope openid.'),
    )
  const kept = await programTokens(resolved, wanted, context).usable()
  if (kept !== undefined && wanted === 'access')
    return { token: kept.token.accessToken, lifetime: kept.token.lifetime }
  const idToken = kept?.token.idToken
  if (idToken === undefined) throw await whyNone(resolved, wanted, context)
  return idToken
}
