import {
  type DeviceFlowDialect,
  type PendingAuthorization,
  runDeviceFlow,
  type TokenSet,
} from '../../identity/index.ts'
import { type ErrorCode, isSesameError, type SesameError, t } from '../../kit/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { Person } from '../../terminal/index.ts'
import type { SessionContext } from '../session-context.ts'
import { loginCommand } from '../sign-in-errors.ts'
import { forgetPending, isPending, type KeptPending, keepPending, readPending } from './pending-sign-in.ts'
import type { ResolvedCloudSso, ResolvedOidc } from './resolved-profile.ts'

/** Who is led through a device authorization, and for which profile. */
export interface DeviceSignIn {
  person: Person
  resolved: ResolvedCloudSso | ResolvedOidc
  /** Begin anew, whatever is pending. */
  force: boolean
  /** The command that begins anew; else the login of the profile. */
  again?: string | undefined
  /** Opens the store. Nothing is shown before this has come. */
  ready: () => Promise<CredentialStore>
  /** See `DeviceFlowOptions`. */
  stop?: AbortSignal
  /** Shows the code in place of the person's own screen. */
  show?: Person['showVerification']
}

/**
 * Leads the person through a device authorization, and says once each what it waits for and why. One that an earlier process began is
 * gone on with while it lives; what was decided about it meanwhile is not this login's end.
 */
export async function askByDeviceCode(
  dialect: DeviceFlowDialect,
  signIn: DeviceSignIn,
  context: SessionContext,
): Promise<TokenSet> {
  const before = await pendingOf(signIn, context)
  return (
    (before && (await goOn(dialect, { ...signIn, before }, context))) ?? runFlow(dialect, signIn, context)
  )
}

/** The pending sign-in that is to be gone on with. Without one the store need not be open yet. */
async function pendingOf(
  { resolved, force, ready }: DeviceSignIn,
  context: SessionContext,
): Promise<KeptPending | undefined> {
  const { tokens } = resolved.items
  if (!isPending(tokens, context)) return undefined
  const store = await ready()
  if (!force) return readPending({ tokens, shape: resolved.deviceShape?.() ?? '', store }, context)
  await forgetPending(tokens, store, context)
  return undefined
}

/** Its tokens; undefined where it had ended before this process asked, which is said. */
async function goOn(
  dialect: DeviceFlowDialect,
  { before, ...signIn }: DeviceSignIn & { before: KeptPending },
  context: SessionContext,
): Promise<TokenSet | undefined> {
  let isUndecided = false
  const onUndecided = () => {
    isUndecided = true
  }
  try {
    return await runFlow(dialect, { ...signIn, before, onUndecided }, context)
  } catch (error) {
    if (isUndecided || !isSesameError(error, ...final)) throw error
    signIn.person.notify(howItEnded(error, before.authorization.userCode))
    return undefined
  }
}

function howItEnded({ code: reason, message }: SesameError, code: string): string {
  if (reason === 'ERR_ACCESS_DENIED')
    return t('The sign-in {code} was denied in the browser. A new one begins.', { code })
  if (reason === 'ERR_DEVICE_CODE_EXPIRED')
    return t('The sign-in {code} has expired, or was used already. A new one begins.', { code })
  return t('The sign-in {code} has ended: {message} A new one begins.', { code, message })
}

interface Flow extends DeviceSignIn {
  before?: KeptPending
  onUndecided?: () => void
}

/** How the server ends a sign-in, whatever its words. */
const final: readonly ErrorCode[] = [
  'ERR_ACCESS_DENIED',
  'ERR_DEVICE_CODE_EXPIRED',
  'ERR_REFUSED',
  'ERR_FORBIDDEN',
]

/** What leaves a sign-in pending: it did not end, the way to the server did. */
const passing: readonly ErrorCode[] = [
  'ERR_INTERRUPTED',
  'ERR_NETWORK',
  'ERR_TIMEOUT',
  'ERR_TLS',
  'ERR_PROXY',
]

async function runFlow(dialect: DeviceFlowDialect, flow: Flow, context: SessionContext): Promise<TokenSet> {
  const { person, resolved, ready, stop, before, onUndecided } = flow
  const { clock, log, signal } = context
  const { tokens } = resolved.items
  try {
    return await runDeviceFlow(dialect, {
      clock,
      log,
      signal,
      ...(stop && { stop }),
      ...(onUndecided && { onUndecided }),
      pending: before,
      onVerification: (pending) => keepAndShow(pending, flow, context),
      onUnanswered: ({ message }) => {
        person.notify(t('{message} The sign-in is asked for again until its code expires.', { message }))
      },
      onLongWait: () => sayLongWait(flow),
    })
  } catch (error) {
    if (!isSesameError(error, ...passing) && isPending(tokens, context))
      await forgetPending(tokens, await ready(), context)
    throw error
  }
}

/** It is kept first: from the moment that the user sees the code, they may approve it. */
async function keepAndShow(
  pending: PendingAuthorization,
  flow: Flow,
  context: SessionContext,
): Promise<void> {
  const { person, resolved, ready, show, before } = flow
  const { authorization, deadlineMs } = pending
  const store = await ready()
  const { mayOpen } = authorization.verificationUriComplete ?? authorization.verificationUri
  const opened = before?.opened === true || (person.opensBrowser && mayOpen && show === undefined)
  const place = { tokens: resolved.items.tokens, shape: resolved.deviceShape?.() ?? '', store }
  if (opened !== before?.opened) await keepPending(place, { ...pending, opened }, context)
  const again = before && { again: true as const, opened: before.opened }
  const screen = show ?? ((...shown) => person.showVerification(...shown))
  await screen({ ...authorization, ...again }, deadlineMs)
  if (before !== undefined)
    person.notify(t('To begin anew, press Ctrl-C and run: {command}', { command: anew(flow) }))
}

/** The code may have been denied or used where the server does not tell the client. */
function anew({ resolved, again }: Flow): string {
  return again ?? `${loginCommand(resolved.name)} --force`
}

/** What can be done while nothing comes: a provider need not tell the client that the user denied, or that its page failed. */
function sayLongWait(flow: Flow): void {
  const command = anew(flow)
  flow.person.notify(
    t(
      'Still waiting. If the page in your browser says that it was denied or failed, press Ctrl-C and run: {command}',
      { command },
    ),
  )
}
