import type { DeviceAuthorization, PendingAuthorization } from '../../identity/index.ts'
import {
  asRecord,
  asText,
  isSesameError,
  type Lifetime,
  parseUrl,
  printable,
  remainingMs,
} from '../../kit/index.ts'
import type { State } from '../../profiles/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import type { SessionContext } from '../session-context.ts'
import { addPending, parsePending, readLifetime, removePending, writeLifetime } from '../stored-items.ts'

/*
 * A device authorization that waits for the user survives the process that began it: a closed terminal or Ctrl-C costs no
 * approval. Device code and PKCE verifier are in the store; what the user sees, and when it expires, is in the state.
 */

/** Which sign-in is pending, and where. */
export interface PendingPlace {
  /** The item of its tokens. */
  tokens: string
  /** Everything that the request was made of: what another profile, or another option, asked for is not gone on with. */
  shape: string
  store: CredentialStore
}

/** A pending sign-in of an earlier process. */
export interface KeptPending extends PendingAuthorization {
  /** Its page was opened in a browser then. */
  opened: boolean
}

type Entry = Readonly<Record<string, unknown>>

/** All that are pending, by the item of their tokens. */
export function pendingIn({ pendingSignIns = new Map() }: State): ReadonlyMap<string, Entry> {
  return pendingSignIns
}

export function isPending(tokens: string, { state }: Pick<SessionContext, 'state'>): boolean {
  return pendingIn(state.read()).has(tokens)
}

/** The pending sign-in, while its device code lives. What cannot be gone on with is forgotten. */
export async function readPending(
  place: PendingPlace,
  context: SessionContext,
): Promise<KeptPending | undefined> {
  const { tokens, shape, store } = place
  const entry = pendingIn(context.state.read()).get(tokens)
  if (entry === undefined || store.kind === 'memory') return undefined
  const pending =
    entry.shape === shape ? readEntry(entry, await readSecrets(place, context), context) : undefined
  if (pending === undefined) await forgetPending(tokens, store, context)
  return pending
}

/** Keeps it for the next login. That it cannot be kept ends no sign-in. */
export async function keepPending(
  { tokens, shape, store }: PendingPlace,
  { authorization, codeVerifier, lifetime, opened }: KeptPending,
  context: SessionContext,
): Promise<void> {
  if (store.kind === 'memory') return
  const { userCode, deviceCode, configuredHost, verificationUri, intervalSeconds } = authorization
  const { verificationUriComplete } = authorization
  const entry: Entry = {
    shape,
    userCode,
    configuredHost,
    verificationUri,
    ...(verificationUriComplete && { verificationUriComplete }),
    intervalSeconds,
    ...writeLifetime(lifetime),
    opened,
  }
  await orLog('the pending sign-in is not kept', context, async () => {
    const secrets = { userCode, deviceCode, codeVerifier }
    // Side by side, as the user waits for the code: half of it alone is nothing that a login goes on with.
    await Promise.all([
      store.read(tokens).then((before) => store.write(tokens, addPending(before, secrets))),
      context.state.change((state) => withPending(state, tokens, entry)),
    ])
    await forgetExpired(store, context)
  })
}

/** Forgets it, here and in the state. */
export async function forgetPending(
  tokens: string,
  store: CredentialStore,
  context: Pick<SessionContext, 'state' | 'log'>,
): Promise<void> {
  if (store.kind === 'memory' || !isPending(tokens, context)) return
  await orLog('the pending sign-in is not forgotten', context, async () => {
    await forgetSecrets(tokens, store)
    await noteEnd(tokens, context)
  })
}

/** Its device code and verifier; the tokens beside them stay. */
export async function forgetSecrets(tokens: string, store: CredentialStore): Promise<void> {
  const text = await store.read(tokens)
  if (parsePending(text) === undefined) return
  const rest = removePending(text)
  await (rest === undefined ? store.remove(tokens) : store.write(tokens, rest))
}

/** The tokens of the sign-in are there, and have taken the place of its secrets. */
export async function noteEnd(tokens: string, { state }: Pick<SessionContext, 'state'>): Promise<void> {
  await state.change((before) => withoutPending(before, [tokens]))
}

/** The state without these pending sign-ins. */
export function withoutPending(state: State, items: readonly string[]): State {
  const pending = new Map(pendingIn(state))
  for (const each of items) pending.delete(each)
  const { pendingSignIns: _, ...rest } = state
  return pending.size === 0 ? rest : { ...rest, pendingSignIns: pending }
}

function withPending(state: State, tokens: string, entry: Entry): State {
  return { ...state, pendingSignIns: new Map(pendingIn(state)).set(tokens, entry) }
}

/** Those of other sign-ins that were never gone on with. */
async function forgetExpired(store: CredentialStore, context: SessionContext): Promise<void> {
  const ended = [...pendingIn(context.state.read())].flatMap(([tokens, entry]) =>
    leftMs(readLifetime({ ...entry }), context) > 0 ? [] : [tokens],
  )
  for (const tokens of ended) await forgetPending(tokens, store, context)
}

async function readSecrets({ tokens, store }: PendingPlace, context: SessionContext) {
  return orLog('the pending sign-in cannot be read', context, async () =>
    parsePending(await store.read(tokens)),
  )
}

function readEntry(
  entry: Entry,
  secrets: ReturnType<typeof parsePending>,
  context: SessionContext,
): KeptPending | undefined {
  const lifetime = readLifetime({ ...entry })
  const authorization = readAuthorization(entry, secrets, lifetime)
  if (secrets === undefined || lifetime === undefined || authorization === undefined) return undefined
  // Set back, the local clock may show more than the code ever had.
  const left = Math.min(leftMs(lifetime, context), authorization.expiresInSeconds * 1000)
  if (left <= 0) return undefined
  const deadlineMs = context.clock.monotonicMs() + left
  const { codeVerifier } = secrets
  return { authorization, codeVerifier, lifetime, deadlineMs, opened: entry.opened === true }
}

function readAuthorization(
  entry: Entry,
  secrets: ReturnType<typeof parsePending>,
  lifetime: Lifetime | undefined,
): DeviceAuthorization | undefined {
  const { userCode, intervalSeconds } = entry
  const [verificationUri, complete] = [entry.verificationUri, entry.verificationUriComplete].map(readAddress)
  const configuredHost = asText(entry.configuredHost)
  // The store may hold those of another sign-in: each has one place in each store, and the state knows only the last.
  if (secrets === undefined || secrets.userCode !== userCode) return undefined
  if (lifetime === undefined || verificationUri === undefined || configuredHost === undefined)
    return undefined
  if (typeof intervalSeconds !== 'number' || !(intervalSeconds > 0)) return undefined
  return {
    deviceCode: secrets.deviceCode,
    userCode: printable(secrets.userCode, 40),
    configuredHost: printable(configuredHost, 300),
    verificationUri,
    ...(complete && { verificationUriComplete: complete }),
    expiresInSeconds: (lifetime.expiresAt.getTime() - lifetime.obtainedAt.getTime()) / 1000,
    intervalSeconds,
  }
}

function readAddress(value: unknown): DeviceAuthorization['verificationUri'] | undefined {
  const { text, mayOpen } = asRecord(value) ?? {}
  const address = asText(text)
  if (address === undefined || !/^https?:\/\//.test(address) || parseUrl(address) === undefined)
    return undefined
  return { text: printable(address, 2048), mayOpen: mayOpen === true }
}

function leftMs(lifetime: Lifetime | undefined, { clock }: Pick<SessionContext, 'clock'>): number {
  return lifetime === undefined ? 0 : remainingMs(lifetime, clock.now(), clock.bootedAt())
}

async function orLog<T>(
  failure: string,
  { log }: Pick<SessionContext, 'log'>,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    log('sesame:store', `${failure}: ${error.message}`)
    return undefined
  }
}
