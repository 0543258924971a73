import {
  createOidcDialect,
  discoverProvider,
  type KnownAuthentication,
  type OidcProvider,
  revokeTokens,
  runCodeFlow,
  type TokenSet,
} from '../../identity/index.ts'
import type { OidcProfile, SignInFlow, State } from '../../profiles/index.ts'
import type { Person } from '../../terminal/index.ts'
import { persistOrWarn } from '../persist-or-warn.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredTokens } from '../stored-items.ts'
import { readSecret } from './client-secret.ts'
import type { ResolvedOidc } from './resolve-profile.ts'
import { askByDeviceCode, untilApproved } from './sign-in.ts'

/** Asks the provider of a profile what it can do, and checks that it is the one that was meant. */
export async function openProvider(
  resolved: ResolvedOidc,
  context: SessionContext,
  knownAuthentication: KnownAuthentication = learning(resolved, context),
): Promise<OidcProvider> {
  const { signIn, profile } = resolved
  const { issuer, clientId, scope, audience } = signIn
  const secret = profile.confidential && (await readSecret(resolved, '--client-secret-stdin', context))
  const client = {
    issuer,
    clientId,
    scope,
    devicePkce: profile.devicePkce ?? true,
    ...requestSettings(profile),
    knownAuthentication,
    ...(audience === undefined ? {} : { audience }),
    trustedHosts: trustedHostsOf(resolved),
    ...(profile.redirectPort === undefined ? {} : { redirectPort: profile.redirectPort }),
    ...(secret ? { clientSecret: secret } : {}),
  }
  return discoverProvider(client, context)
}

/** What was learned about a provider, to be kept for the next process when there is nothing more urgent to keep. */
export interface Learning extends KnownAuthentication {
  keep(): Promise<void>
}

/** What the state knows of the provider of a sign-in, and what this process learns. */
export function learning({ items }: ResolvedOidc, context: SessionContext): Learning {
  const { state } = context
  const before = state.read().providers.get(items.tokens)
  let method = before?.clientAuth
  return {
    get method() {
      return method
    },
    learn(accepted) {
      method = accepted
    },
    async keep() {
      if (method === before?.clientAuth) return
      const keep = (now: State): State => {
        const providers = new Map(now.providers)
        providers.set(items.tokens, { ...providers.get(items.tokens), ...(method && { clientAuth: method }) })
        return { ...now, providers }
      }
      const failure = 'Could not note how the provider takes the client secret'
      await persistOrWarn(() => state.change(keep), failure, context)
    },
  }
}

/** How the provider is asked, where the profile says so. */
function requestSettings({ clientAuth, prompt, noPrompt, acrValues, deviceEndpoint }: OidcProfile) {
  const asked = noPrompt ? '' : prompt
  return {
    // Written by hand, it may have the name that discovery documents use.
    ...(clientAuth !== undefined &&
      ({ clientAuth: clientAuth.endsWith('post') ? 'post' : 'basic' } as const)),
    ...(asked !== undefined && { prompt: asked }),
    ...(acrValues !== undefined && { acrValues }),
    ...(deviceEndpoint !== undefined && { deviceEndpoint }),
  }
}

/** Hosts beside the issuer's own where its endpoints may be. */
export function trustedHostsOf({ profile }: ResolvedOidc): string[] {
  return profile.trustedHosts?.split(' ') ?? []
}

/** How the person signs in, and where the tokens can be kept, which is settled before anything is shown. */
export interface Asking {
  person: Person
  /** What the sign-in learns about the provider. */
  learned: Learning
  ready: () => Promise<unknown>
}

/**
 * Leads the person to the provider: by the browser of this machine where it has one (authorization code, RFC 8252), else
 * with a code for any browser (device authorization, RFC 8628).
 */
export async function askAtProvider(
  resolved: ResolvedOidc,
  { person, learned, ready }: Asking,
  context: SessionContext,
): Promise<TokenSet> {
  const { clock, log, signal } = context
  const provider = await openProvider(resolved, context, learned)
  const wanted = resolved.profile.flow ?? 'auto'
  const flow = chooseFlow(wanted, provider, person)
  log('sesame:device', `sign-in by ${flow}`)
  if (wanted === 'auto') sayHowToChange(flow, provider, person)
  if (flow === 'device') {
    const signIn = { person, profile: resolved.name, ready }
    return askByDeviceCode(createOidcDialect(provider), signIn, context)
  }
  return untilApproved(person, () =>
    runCodeFlow(provider, {
      clock,
      log,
      signal,
      onStartUrl: async (url, deadlineMs) => {
        await ready()
        await person.showStartUrl(url, deadlineMs)
      },
      onSilence: (line) => person.notify(line),
    }),
  )
}

/** What is asked for by name is tried, and fails with the provider's own words; `auto` takes what there is. */
function chooseFlow(wanted: SignInFlow, { supports }: OidcProvider, person: Person): 'code' | 'device' {
  if (wanted !== 'auto') return wanted
  if (!supports.device) return 'code'
  return person.hasBrowserHere && supports.code ? 'code' : 'device'
}

/** Where the browser may be elsewhere, one line says what was chosen for it, and how to choose otherwise. */
function sayHowToChange(flow: 'code' | 'device', { supports }: OidcProvider, person: Person): void {
  const { remotePlace: place } = person
  if (place === undefined) return
  if (flow === 'code')
    person.notify(
      `This is ${place}: the provider has no device sign-in, so the browser must reach 127.0.0.1 of this machine.`,
    )
  else if (supports.code)
    person.notify(
      `This is ${place}: you sign in with a code in any browser. If yours reaches 127.0.0.1 of this machine: --flow code.`,
    )
}

/** Revokes the tokens (RFC 7009). */
export async function revokeAtProvider(
  resolved: ResolvedOidc,
  { accessToken, refreshToken, refusal }: StoredTokens,
  context: SessionContext,
): Promise<'revoked' | 'not-supported'> {
  const isOver = refusal !== undefined && refreshToken === undefined
  const named = { accessToken, isOver, ...(refreshToken && { refreshToken }) }
  const learned = learning(resolved, context)
  const end = await revokeTokens(await openProvider(resolved, context, learned), named)
  await learned.keep()
  return end
}
