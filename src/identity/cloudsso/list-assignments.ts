import { setMaxListeners } from 'node:events'
import { bearerError, isRetryable } from '../../http/index.ts'
import { isSesameError, type SesameError, t } from '../../kit/index.ts'
import {
  type AccessConfiguration,
  type Account,
  type ListOptions,
  listAccessConfigurations,
  listAccounts,
} from './access-assignments.ts'
import { createPace } from './pace.ts'
import type { CloudSsoPortal } from './portal.ts'

/** An account, with what the user may use in it, or with why that could not be listed. */
export type ListedAccount = { account: Account } & (
  | { configurations: readonly AccessConfiguration[] }
  | { failure: SesameError }
)

export interface ListAllOptions extends Omit<ListOptions, 'pace'> {
  /** Called with the number of accounts that are through, first with none. */
  onProgress?: ((done: number, all: number) => void) | undefined
}

/** As many as the pace lets through at most. */
const workers = 16
/** After so many accounts in a row that the network or the server failed, the rest is not asked for. */
const mostFailures = 16

/**
 * Lists the access configurations of all accounts, many at once. What fails for an account is part of the result; the list of the
 * accounts itself, and a token that is not accepted (ERR_UNAUTHORIZED), are errors of the whole.
 */
export async function listAssignments(
  portal: CloudSsoPortal,
  { onProgress = () => {}, signal, ...options }: ListAllOptions,
): Promise<ListedAccount[]> {
  const stop = new AbortController()
  // Each request listens while it runs.
  setMaxListeners(0, stop.signal)
  const forward = () => stop.abort(signal.reason)
  signal.addEventListener('abort', forward, { once: true })
  if (signal.aborted) forward()
  try {
    const pace = createPace({
      clock: portal.clock,
      signal: stop.signal,
      random: options.random,
      onExhausted: (answer) => stop.abort(bearerError(answer, t('The portal is throttling'))),
    })
    const listing = { ...options, pace, signal: stop.signal }
    const accounts = distinct(await listAccounts(portal, listing))
    const list = (account: Account) => listAccessConfigurations(portal, account.id, listing)
    return await listEach(accounts, { list, stop, onProgress })
  } finally {
    signal.removeEventListener('abort', forward)
  }
}

interface Listing {
  list(account: Account): Promise<AccessConfiguration[]>
  /** Ends all that are running, with the reason. */
  stop: AbortController
  onProgress(done: number, all: number): void
}

async function listEach(
  accounts: readonly Account[],
  { list, stop, onProgress }: Listing,
): Promise<ListedAccount[]> {
  const listed: ListedAccount[] = []
  let next = 0
  let done = 0
  let failuresInARow = 0
  onProgress(done, accounts.length)
  const work = async () => {
    for (let i = next++; i < accounts.length; i = next++) {
      const account = accounts[i] as Account
      const one = await listOne(account, { list, stop })
      listed[i] = one
      failuresInARow = 'failure' in one && isRetryable(one.failure) ? failuresInARow + 1 : 0
      if ('failure' in one && failuresInARow >= mostFailures) stop.abort(one.failure)
      onProgress(++done, accounts.length)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return listed
}

async function listOne(
  account: Account,
  { list, stop }: Omit<Listing, 'onProgress'>,
): Promise<ListedAccount> {
  try {
    stop.signal.throwIfAborted()
    return { account, configurations: distinct(await list(account)) }
  } catch (error) {
    // The sign-in as a whole, an interruption, or a mistake of ours: nothing of one account.
    if (isSesameError(error) && !isSesameError(error, 'ERR_UNAUTHORIZED', 'ERR_INTERRUPTED'))
      return { account, failure: error }
    stop.abort(error)
    throw error
  }
}

/** A page that moved on while it was read gives an entry twice. */
function distinct<T extends { id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}
