import {
  createOidcDialect,
  type OidcProvider,
  revokeTokens,
  runCodeFlow,
  type TokenSet,
} from '../../identity/index.ts'
import { isSesameError, type SesameError, t } from '../../kit/index.ts'
import type { SignInFlow } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { Person } from '../../terminal/index.ts'
import type { SessionContext } from '../session-context.ts'
import { firstOfBoth, sharedScreen, type WaySignals } from './both-ways.ts'
import { askByDeviceCode } from './device-sign-in.ts'
import { type Learning, openProvider } from './oidc-provider.ts'
import { forgetPending } from './pending-sign-in.ts'
import type { ResolvedOidc } from './resolved-profile.ts'
import { untilApproved } from './sign-in.ts'

/** How the person signs in, and where the tokens can be kept, which is settled before anything is shown. */
export interface Asking {
  person: Person
  /** What the sign-in learns about the provider. */
  learned: Learning
  ready: () => Promise<CredentialStore>
  /** Begin anew, whatever is pending. */
  force: boolean
}

/** One attempt at the provider, in one way or in both. */
interface Attempt extends Asking {
  resolved: ResolvedOidc
  provider: OidcProvider
}

/**
 * Leads the person to the provider: by the browser of this machine where it has one (authorization code, RFC 8252), else
 * with a code for any browser (device authorization, RFC 8628), or by both at once.
 */
export async function askAtProvider(
  resolved: ResolvedOidc,
  asking: Asking,
  context: SessionContext,
): Promise<TokenSet> {
  const { person, learned } = asking
  const provider = await openProvider(resolved, context, learned)
  const wanted = resolved.profile.flow ?? 'auto'
  const flow = chooseFlow(wanted, provider, { person, tokensOnly: resolved.tokensOnly === true })
  context.log('sesame:device', `sign-in by ${flow}`)
  if (wanted === 'auto') sayHowToChange(flow, provider, person)
  const attempt = { ...asking, resolved, provider }
  return untilApproved(person, async () => {
    if (flow === 'both') return askBothWays({ ...attempt, insists: wanted === 'both' }, context)
    if (flow === 'device') return askByDeviceCode(createOidcDialect(provider), attempt, context)
    return askByBrowser(attempt, context)
  })
}

/** Where the code flow is not alone on the screen. */
interface Screen {
  show?: Person['showStartUrl']
  onBegin?: () => void
}

function askByBrowser(
  { person, ready, provider, ...how }: Attempt & Partial<WaySignals> & Screen,
  { clock, log, signal }: SessionContext,
): Promise<TokenSet> {
  const { show } = how
  return runCodeFlow(provider, {
    clock,
    log,
    signal: how.signal ?? signal,
    stop: how.stop,
    onBegin: how.onBegin,
    onStartUrl: async (url, deadlineMs) => {
      await ready()
      await (show === undefined ? person.showStartUrl(url, deadlineMs) : show(url, deadlineMs))
    },
    // The other way is on the screen, too: that nothing comes by this one means nothing.
    ...(show === undefined && { onSilence: (line: string) => person.notify(line) }),
  })
}

/**
 * The browser of this machine and a code for any other, on one screen: the first to be approved signs in. Where the user did not ask
 * for both, the address of this machine may lead nowhere: it is not waited for once the code has failed, unless a browser has
 * opened it.
 */
async function askBothWays(
  { insists, ...attempt }: Attempt & { insists: boolean },
  context: SessionContext,
): Promise<TokenSet> {
  const { person, provider } = attempt
  let hasBegun = insists
  const onBegin = () => {
    hasBegun = true
  }
  const { clock, signal } = context
  const screen = sharedScreen(person, { clock, signal })
  const byBrowser = ({ signal, stop }: WaySignals) =>
    askByBrowser({ ...attempt, signal, stop, show: screen.showStartUrl, onBegin }, context).finally(() =>
      screen.ended('code'),
    )
  const byDevice = ({ signal, stop }: WaySignals) => {
    const signIn = { ...attempt, stop, show: screen.showVerification }
    return askByDeviceCode(createOidcDialect(provider), signIn, { ...context, signal }).finally(() =>
      screen.ended('device'),
    )
  }
  const goesOn = ({ message }: SesameError, failed: number) => {
    const goes = failed === 0 || hasBegun
    if (goes) person.notify(t('{message} The other way is still open.', { message }))
    return goes
  }
  const discard = (tokens: TokenSet) => discardTokens(provider, tokens, context)
  try {
    return await firstOfBoth([byBrowser, byDevice], { clock, signal, goesOn, discard })
  } catch (error) {
    // Tokens would take the place of the code that is still pending; a no does not.
    const { tokens } = attempt.resolved.items
    if (isSesameError(error, 'ERR_ACCESS_DENIED')) await forgetPending(tokens, await attempt.ready(), context)
    throw error
  }
}

/** Tokens that are not used; the user is signed in with others, so that no failure matters. */
async function discardTokens(
  provider: OidcProvider,
  tokens: TokenSet,
  context: SessionContext,
): Promise<void> {
  const { accessToken, refreshToken } = tokens
  const [end] = await Promise.allSettled([
    revokeTokens(
      provider,
      { accessToken, ...(refreshToken && { refreshToken }) },
      { signal: context.signal },
    ),
  ])
  const outcome = end.status === 'fulfilled' ? end.value : `not revoked, ${String(end.reason)}`
  context.log('sesame:device', `both ways gave tokens; the second ones: ${outcome}`)
}

/**
 * What is asked for by name is tried, and fails with the provider's own words; `auto` and `both` take what there is. Both at once
 * where the browser may be elsewhere, if no role has to have an ID token, which the device grant does not always give.
 */
function chooseFlow(
  wanted: SignInFlow,
  { supports }: OidcProvider,
  { person, tokensOnly }: { person: Person; tokensOnly: boolean },
): 'code' | 'device' | 'both' {
  if (wanted === 'code' || wanted === 'device') return wanted
  if (!supports.device) return 'code'
  if (!supports.code) return 'device'
  if (wanted === 'both' || (tokensOnly && person.mayReachHere)) return 'both'
  return person.hasBrowserHere ? 'code' : 'device'
}

/** Where the browser may be elsewhere, one line says what was chosen for it, and how to choose otherwise. */
function sayHowToChange(flow: 'code' | 'device' | 'both', { supports }: OidcProvider, person: Person): void {
  const { remotePlace: place } = person
  if (place === undefined) return
  if (flow === 'code')
    person.notify(
      t(
        'This is {place}: the provider has no device sign-in, so the browser must reach 127.0.0.1 of this machine.',
        { place },
      ),
    )
  else if (flow === 'device' && supports.code)
    person.notify(
      t(
        'This is {place}: you sign in with a code in any browser. If yours reaches 127.0.0.1 of this machine: --flow code.',
        { place },
      ),
    )
}
