import { SesameError, shellWord, t } from '../../kit/index.ts'
import { openKept } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { loginCommand, loginRequired, noSuchToken } from '../sign-in-errors.ts'
import { parseToken, type StoredTokens } from '../stored-items.ts'
import type { Outlook, WantedToken } from './kind.ts'
import { asksForIdToken, type ResolvedOidc } from './resolved-profile.ts'
import { whileFresh } from './sign-in.ts'

/** Whether the refresh token is there, and may bring what is wanted. */
export function canRenew(token: StoredTokens, wanted: WantedToken): boolean {
  return token.refreshToken !== undefined && (wanted === 'access' || renewsIdToken(token))
}

/** A provider that gave no ID token with the sign-in, or with a renewal, is not asked for one again at each try. */
function renewsIdToken({ idToken, idTokenNotRenewed }: StoredTokens): boolean {
  return idToken !== undefined && idTokenNotRenewed === undefined
}

/** What would renew the credentials of a role, or the tokens; undefined when only a sign-in would. */
export function outlookOf(
  token: StoredTokens,
  of: 'credentials' | 'tokens',
  context: SessionContext,
): Outlook | undefined {
  if (canRenew(token, of === 'credentials' ? 'id' : 'access')) return { kind: 'open' }
  return of === 'tokens' ? undefined : whileFresh(token.idToken?.lifetime, context)
}

/** What keeps kept tokens from being renewed, where something does. */
export function blockOf(
  resolved: ResolvedOidc,
  { idToken, refreshToken, refusal }: StoredTokens,
  of: 'credentials' | 'tokens',
): (Outlook & { kind: 'blocked' }) | undefined {
  if (of === 'credentials' && idToken === undefined)
    return { kind: 'blocked', why: lacking(resolved), fix: wayToIdToken(resolved) }
  if (refusal === undefined || refreshToken === undefined) return undefined
  return { kind: 'blocked', why: refusal, fix: loginCommand(resolved.name) }
}

/** Why a program gets no token of a profile that has been asked in vain. */
export async function whyNone(
  resolved: ResolvedOidc,
  wanted: WantedToken,
  context: SessionContext,
): Promise<SesameError> {
  const { name, tokensOnly } = resolved
  const store = await openKept(resolved, context)
  const token = parseToken(await store?.read(resolved.items.tokens))
  if (token === undefined) return loginRequired(name)
  if (wanted === 'id' && token.idToken === undefined) {
    return tokensOnly
      ? noSuchToken(name, lacking(resolved), wayToIdToken(resolved))
      : withoutIdToken(resolved)
  }
  if (wanted === 'access' || token.idTokenNotRenewed === undefined)
    return loginRequired(name, undefined, token.refusal)
  // The access token may be fresh, and then a login by itself would ask for nothing.
  const host = hostOf(resolved)
  const reason = tokensOnly
    ? t('{host} renews the access token, but not the ID token; only a new sign-in gives one: {command}', {
        host,
        command: `${loginCommand(name)} --force`,
      })
    : t('{host} renews the access token, but not the ID token; only a new sign-in gives one.', { host })
  return loginRequired(name, undefined, reason)
}

/** A role was to be taken with an ID token that the sign-in did not give. */
export function withoutIdToken(resolved: ResolvedOidc): SesameError {
  const what = lacking(resolved)
  return new SesameError('ERR_CONFIG', `${what.charAt(0).toUpperCase()}${what.slice(1)}.`, {
    hint: t('A role needs one: {command}', { command: wayToIdToken(resolved) }),
  })
}

/** With a nonce in the request, the code grant always ends with one: that it is missing is a matter of the device grant. */
function lacking(resolved: ResolvedOidc): string {
  return asksForIdToken(resolved.signIn)
    ? t('the sign-in by device code at {host} gives no ID token', { host: hostOf(resolved) })
    : t('{host} gives no ID token for the scope "{scope}"', {
        host: hostOf(resolved),
        scope: resolved.signIn.scope,
      })
}

/** The command that leads to an ID token. */
function wayToIdToken(resolved: ResolvedOidc): string {
  const { name, tokensOnly } = resolved
  if (!asksForIdToken(resolved.signIn))
    return `sesame configure --profile ${shellWord(name)} --scope "openid offline_access"`
  return `${loginCommand(name)} --flow code${tokensOnly ? ' --force' : ''}`
}

function hostOf({ signIn: { issuer } }: ResolvedOidc): string {
  return new URL(issuer).host
}
