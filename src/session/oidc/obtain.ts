import { SesameError, shellWord } from '../../kit/index.ts'
import type { Person } from '../../terminal/index.ts'
import { loginRequired, type Obtained, type ObtainOptions } from '../obtained.ts'
import { replacingOnce } from '../renewal/replacing-once.ts'
import type { ResolvedOidc } from '../resolve-profile.ts'
import { assumeWithIdToken } from '../role/assume.ts'
import type { SessionContext } from '../session-context.ts'
import { type KeptToken, signIn, type WantedToken } from '../sign-in.ts'
import type { StoredToken } from '../stored-token.ts'
import { askAtProvider } from './ask-person.ts'
import { type UsableTokenOptions, usableTokens } from './tokens.ts'

type SignInChoice = Pick<ObtainOptions, 'force' | 'flow'>

/** The role that a profile takes with its ID token. */
export interface IdTokenRole {
  roleArn: string
  oidcProviderArn: string
}

/** Fresh tokens: those in the store, renewed ones, or by a sign-in where there is a person (ERR_LOGIN_REQUIRED without). */
export async function obtainTokens(
  resolved: ResolvedOidc,
  wanted: WantedToken,
  choice: SignInChoice,
  context: SessionContext,
  person?: Person,
): Promise<KeptToken> {
  const kept = choice.force
    ? undefined
    : await usableTokens(resolved, { wanted, ...askedBy(person) }, context)
  return kept ?? (await bySignIn(resolved, { wanted }, choice, context, person))
}

/**
 * Credentials of the profile's role for its ID token, which is exchanged at once: some providers let it live for five
 * minutes. One that rested in the store and is no longer accepted by STS is replaced once.
 */
export async function obtainByIdToken(
  resolved: ResolvedOidc,
  role: IdTokenRole,
  choice: SignInChoice,
  context: SessionContext,
  person?: Person,
): Promise<Obtained> {
  const wanted = 'id'
  const asked = { wanted, ...askedBy(person) } as const
  const proceed = async ({ token, store }: KeptToken): Promise<Obtained> => {
    if (token.idToken === undefined) throw withoutIdToken(resolved)
    return { credentials: await assumeWithIdToken(resolved.profile, role, token.idToken, context), store }
  }
  const found = choice.force ? undefined : await usableTokens(resolved, asked, context)
  if (found === undefined) return proceed(await bySignIn(resolved, { wanted }, choice, context, person))
  return replacingOnce(found, proceed, async ({ token: notThis }) => {
    const renewed = await usableTokens(resolved, { ...asked, notThis }, context)
    return renewed ?? bySignIn(resolved, { wanted, notThis }, choice, context, person)
  })
}

/** A person may go on with the sign-in of another profile; a program has what its own profile kept. */
function askedBy(person: Person | undefined): Pick<UsableTokenOptions, 'by' | 'fromOthers'> {
  return person === undefined ? { by: 'program' } : { by: 'person', fromOthers: true }
}

async function bySignIn(
  resolved: ResolvedOidc,
  token: { wanted: WantedToken; notThis?: StoredToken },
  { force, flow }: SignInChoice,
  context: SessionContext,
  person: Person | undefined,
): Promise<KeptToken> {
  if (person === undefined) throw loginRequired(resolved.name)
  const ask = (ready: () => Promise<unknown>) => askAtProvider(resolved, flow, ready, context, person)
  return signIn(resolved, { ...token, force, ask }, context)
}

function withoutIdToken({ name, signIn: { scope, issuer } }: ResolvedOidc): SesameError {
  return new SesameError('ERR_CONFIG', `${new URL(issuer).host} gave no ID token for the scope "${scope}".`, {
    hint: `A role needs one: sesame configure --profile ${shellWord(name)} --scope "openid offline_access"`,
  })
}
