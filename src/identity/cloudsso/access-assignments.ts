import { bearerError, isRefused, requestJson, retryTransient } from '../../http/index.ts'
import { asRecord, type Secret, SesameError, t } from '../../kit/index.ts'
import type { Pace } from './pace.ts'
import { type CloudSsoPortal, endpoint } from './portal.ts'

/** A cloud account that the user may access. Ids are strings: 19 digits do not fit a number. */
export interface Account {
  id: string
  name: string
}

/** A role configuration that the user may use in an account. */
export interface AccessConfiguration {
  id: string
  name: string
  description: string
}

/** The portal's maximum; its default of 10 makes a hundred requests of a thousand accounts. */
const pageSize = 100
/** 10,000 entries. A server that still has more is broken or hostile. */
const pageCap = 100
/** For one page, its repetitions included. */
const pageMs = 30_000
/** For the whole list: a hundred pages that each come just in time would take the better part of an hour. */
const totalMs = 60_000

export interface ListOptions {
  accessToken: Secret
  signal: AbortSignal
  random: () => number
  /** Where many lists are asked for at once: how many requests, and when. */
  pace?: Pace
}

/** All accounts that the user may access, in the portal's order. Errors: ERR_UNAUTHORIZED for an expired token. */
export async function listAccounts(portal: CloudSsoPortal, options: ListOptions): Promise<Account[]> {
  const list = { path: '/access-assignments/accounts', query: {}, member: 'Accounts' }
  const rows = await listAll(portal, list, options)
  return rows.map((row) => ({ id: idOf(row.AccountId), name: textOf(row.DisplayName) }))
}

/** All access configurations of one account. */
export async function listAccessConfigurations(
  portal: CloudSsoPortal,
  accountId: string,
  options: ListOptions,
): Promise<AccessConfiguration[]> {
  const list = {
    path: '/access-assignments/access-configurations',
    query: { AccountId: accountId },
    member: 'AccessConfigurationsForAccount',
  }
  const rows = await listAll(portal, list, options)
  return rows.map((row) => ({
    id: idOf(row.AccessConfigurationId),
    name: textOf(row.AccessConfigurationName),
    description: textOf(row.AccessConfigurationDescription),
  }))
}

type Row = Record<string, unknown>

/** Where a list is, and the member of each page that has its rows. */
interface List {
  path: string
  query: Record<string, string>
  member: string
}

/** Follows `NextToken` to the end; a repeated token, more pages than any directory has, or too much time is an error. */
async function listAll(
  portal: CloudSsoPortal,
  { path, query, member }: List,
  options: ListOptions,
): Promise<Row[]> {
  const rows: Row[] = []
  const seen = new Set<string>()
  const { clock } = portal
  const deadlineMs = clock.monotonicMs() + totalMs
  let nextToken = ''
  for (let page = 1; page <= pageCap; page++) {
    const leftMs = deadlineMs - clock.monotonicMs()
    if (!(leftMs > 0)) throw tooSlow(page)
    const wanted = { ...query, NextToken: nextToken, MaxResults: String(pageSize) }
    const limits = { ...options, totalMs: Math.min(pageMs, leftMs) }
    const body = await getPage(portal, { path, query: wanted }, limits)
    const isLast = isLastPage(body)
    // A page without rows may come without the list, as long as it says that there are more pages.
    const part = isLast ? body[member] : (body[member] ?? [])
    if (!Array.isArray(part)) throw invalid(t('{path} without {member}', { path, member }))
    for (const row of part) if (typeof row === 'object' && row !== null) rows.push(row as Row)
    if (isLast) return rows
    nextToken = textOf(body.NextToken)
    if (nextToken === '' || seen.has(nextToken))
      throw invalid(t('{path} with pages that never end', { path }))
    seen.add(nextToken)
  }
  throw invalid(t('{path} with more than {count} entries', { path, count: pageCap * pageSize }))
}

/** Half a list is worse than none: the only account of its first page would be taken unasked. So what is absent is not "no". */
function isLastPage({ IsTruncated, NextToken }: Row): boolean {
  const said = String(IsTruncated ?? '')
    .trim()
    .toLowerCase()
  if (said === 'true' || said === '1') return false
  return said === 'false' || said === '0' || textOf(NextToken) === ''
}

async function getPage(
  portal: CloudSsoPortal,
  { path, query }: Omit<List, 'member'>,
  { accessToken, signal, random, pace, totalMs }: ListOptions & { totalMs: number },
): Promise<Row> {
  const url = new URL(endpoint(portal, path))
  for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value)
  return retryTransient({ clock: portal.clock, signal, totalMs, random }, async (timeoutMs) => {
    const request = { method: 'GET', url: url.href, bearer: accessToken, signal, timeoutMs }
    const send = () => requestJson(portal.fetch, request)
    const answer = await (pace === undefined ? send() : pace.send(send))
    if (isRefused(answer)) throw bearerError(answer, t('The portal refused to list what you may use'))
    const body = asRecord(answer.body)
    if (body === undefined) throw invalid(t('{path} without JSON', { path }), answer.requestId)
    return body
  })
}

function tooSlow(page: number): SesameError {
  return new SesameError(
    'ERR_TIMEOUT',
    t('The list of the portal did not end within {seconds} s ({pages} pages).', {
      seconds: totalMs / 1000,
      pages: page - 1,
    }),
  )
}

function invalid(what: string, requestId?: string): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', t('The portal answered {what}.', { what }), { requestId })
}

/** An id goes back to the server in a query and to the user in a table: letters, digits and a few signs. */
function idOf(value: unknown): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text === 'string' && /^[\w.:-]{1,128}$/.test(text)) return text
  throw new SesameError('ERR_RESPONSE_INVALID', t('The portal returned an invalid id.'))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
