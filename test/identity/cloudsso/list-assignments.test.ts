import { describe, expect, test } from 'vitest'
import { listAssignments } from '../../../src/identity/index.ts'
import { SesameError } from '../../../src/kit/errors.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { failureOf } from '../../http/support/open-fetch.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'

interface Sent {
  atMs: number
  account: string | undefined
  url: URL
}

/** What a portal does with one request, if not what it usually does. */
type Mood = (sent: Sent, running: number) => Response | Promise<Response> | undefined

/** A portal at some distance, with a list of many accounts, one access configuration each. */
function distantPortal(count: number, mood: Mood = () => undefined) {
  const clock = virtualClock()
  const beginMs = clock.monotonicMs()
  const stop = new AbortController()
  const sent: Sent[] = []
  const progress: number[] = []
  const seen = { running: 0, most: 0 }
  const ids = Array.from({ length: count }, (_, i) => `id-${String(i).padStart(4, '0')}`)

  async function answer(request: Sent): Promise<Response> {
    const other = mood(request, seen.running)
    if (other !== undefined) return other
    const { account, url } = request
    const from = Number(url.searchParams.get('NextToken') ?? 0)
    const page = from + Number(url.searchParams.get('MaxResults'))
    const more = account === undefined && page < count
    return Response.json({
      Accounts: ids.slice(from, page).map((id) => ({ AccountId: id, DisplayName: `name of ${id}` })),
      AccessConfigurationsForAccount: [
        { AccessConfigurationId: `ac-${account}`, AccessConfigurationName: 'x' },
      ],
      IsTruncated: more,
      ...(more && { NextToken: String(page) }),
    })
  }
  const fetch = async (address: string, { signal }: { signal?: AbortSignal | null | undefined } = {}) => {
    const url = new URL(address)
    const account = url.searchParams.get('AccountId') ?? undefined
    const request = { atMs: clock.monotonicMs() - beginMs, account, url }
    sent.push(request)
    seen.most = Math.max(seen.most, ++seen.running)
    try {
      await clock.sleep(50, signal ?? undefined)
      return await answer(request)
    } finally {
      seen.running--
    }
  }
  const list = () =>
    clock.until(
      listAssignments(
        { signInUrl: 'https://portal.example/acme/login', clientId: 'c', fetch, clock },
        {
          accessToken: new Secret('token-of-the-test'),
          signal: stop.signal,
          random: () => 1,
          onProgress: (done) => void progress.push(done),
        },
      ),
    )
  return { clock, ids, sent, progress, seen, stop, list, tookMs: () => clock.monotonicMs() - beginMs }
}

const refusal = (status: number, ErrorCode: string, headers = {}) =>
  Response.json({ ErrorCode, ErrorMessage: 'No.', RequestId: 'request-1' }, { status, headers })
const throttled = (headers = {}) => refusal(429, 'Throttling.User', headers)

describe('a list of everything', () => {
  test('has a thousand accounts within 5 s at 50 ms, in the order of the portal, at most 16 requests at once', async () => {
    const portal = distantPortal(1000)
    const listed = await portal.list()
    expect(portal.tookMs()).toBeLessThan(5_000)
    expect(portal.seen.most).toBe(16)
    expect(portal.sent).toHaveLength(10 + 1000)
    expect(portal.sent.every(({ url }) => url.searchParams.get('MaxResults') === '100')).toBe(true)
    expect(listed.map(({ account }) => account.id)).toEqual(portal.ids)
    expect(listed[7]).toEqual({
      account: { id: 'id-0007', name: 'name of id-0007' },
      configurations: [{ id: 'ac-id-0007', name: 'x', description: '' }],
    })
    expect(portal.progress).toEqual(Array.from({ length: 1001 }, (_, done) => done))
  })

  test('is empty for a user without accounts', async () => {
    const portal = distantPortal(0)
    expect(await portal.list()).toEqual([])
    expect(portal.progress).toEqual([0])
  })

  test('has an account once that two pages name', async () => {
    const portal = distantPortal(3)
    portal.ids.push('id-0001')
    expect((await portal.list()).map(({ account }) => account.id)).toEqual(['id-0000', 'id-0001', 'id-0002'])
  })
})

describe('a portal that throttles', () => {
  test.each<[string, (headers?: object) => Response]>([
    ['429 and a code', throttled],
    ['429 alone', () => new Response('', { status: 429 })],
    ['400 and a code', () => refusal(400, 'Throttling.Api')],
    ['200 and a code', () => refusal(200, 'Throttling')],
    ['503 and Retry-After', () => new Response('busy', { status: 503, headers: { 'retry-after': '1' } })],
  ])('with %s: what it takes at once is found out, and all accounts are listed', async (_, refuse) => {
    const portal = distantPortal(200, (_sent, running) => (running > 4 ? refuse() : undefined))
    const listed = await portal.list()
    expect(listed.filter((each) => 'configurations' in each)).toHaveLength(200)
    // Far fewer refusals than if each request went on by itself.
    expect(portal.sent.length).toBeLessThan(2 * 202)
  })

  test('by the second: listed all the same, however long that takes', async () => {
    let recent: number[] = []
    const portal = distantPortal(665, ({ atMs }) => {
      recent = recent.filter((each) => each > atMs - 1000)
      if (recent.length >= 20) return throttled()
      recent.push(atMs)
      return undefined
    })
    const listed = await portal.list()
    expect(listed.filter((each) => 'failure' in each)).toEqual([])
    expect(listed).toHaveLength(665)
    expect(portal.sent.length).toBeLessThan(2 * 672)
  })

  test('is left in peace until Retry-After is over', async () => {
    let untilMs = 0
    const portal = distantPortal(64, ({ atMs }) => {
      if (untilMs > 0) return undefined
      untilMs = atMs + 50 + 7_000
      return throttled({ 'retry-after': '7' })
    })
    await portal.list()
    // The list of accounts was the first request.
    const later = portal.sent.slice(1)
    expect(later.filter(({ atMs }) => atMs < untilMs)).toEqual([])
    expect(later).toHaveLength(1 + 64)
  })

  test.each<[string, () => Response, number]>([
    ['for ever', throttled, 130_000],
    ['and wants an hour', () => throttled({ 'retry-after': '3600' }), 1_000],
  ])('%s is given up: what was listed is there, and the rest failed', async (_, refuse, withinMs) => {
    const portal = distantPortal(100, ({ account = '' }) => (account > 'id-0049' ? refuse() : undefined))
    const listed = await portal.list()
    const failed = listed.filter((each) => 'failure' in each)
    expect(failed).toHaveLength(50)
    expect(failed[0]).toMatchObject({
      account: { id: 'id-0050' },
      failure: { code: 'ERR_SERVER', serverCode: 'Throttling.User', requestId: 'request-1' },
    })
    expect(portal.tookMs()).toBeLessThan(withinMs)
  })
})

describe('what fails', () => {
  test('for one account is part of the list', async () => {
    const portal = distantPortal(40, ({ account }) =>
      account === 'id-0020' ? refusal(403, 'Forbidden') : undefined,
    )
    const listed = await portal.list()
    expect(listed.filter((each) => 'failure' in each)).toMatchObject([
      { account: { id: 'id-0020' }, failure: { code: 'ERR_FORBIDDEN' } },
    ])
  })

  test('once is tried again', async () => {
    let failures = 0
    const portal = distantPortal(40, ({ account }) =>
      account === 'id-0020' && failures++ < 2 ? refusal(502, 'Oops') : undefined,
    )
    expect((await portal.list()).filter((each) => 'failure' in each)).toEqual([])
    expect(failures).toBe(3)
  })

  test('on any page of the accounts fails the whole', async () => {
    const portal = distantPortal(250, ({ url }) =>
      url.searchParams.get('NextToken') === '200' ? refusal(400, 'InvalidParameter') : undefined,
    )
    expect(await failureOf(portal.list())).toMatchObject({ code: 'ERR_REFUSED' })
    expect(portal.sent).toHaveLength(3)
  })

  test('at a server that is gone is not tried a thousand times', async () => {
    const portal = distantPortal(1000, ({ account = '' }) => {
      if (account < 'id-0100') return undefined
      throw new SesameError('ERR_NETWORK', 'portal.example cannot be reached.')
    })
    const listed = await portal.list()
    expect(listed.filter((each) => 'failure' in each)).toHaveLength(900)
    expect(portal.sent.length).toBeLessThan(10 + 100 + 200)
  })

  test('because the token is no longer accepted fails the whole, and nothing more is asked', async () => {
    const portal = distantPortal(1000, ({ account }) =>
      account === 'id-0020' ? refusal(401, 'InvalidAccessToken') : undefined,
    )
    expect(await failureOf(portal.list())).toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    expect(portal.sent.length).toBeLessThan(10 + 60)
  })

  test.each(['during the list', 'before it'])(
    'an interruption %s ends all requests with its reason',
    async (when) => {
      const portal = distantPortal(1000, ({ account }) => {
        if (account === 'id-0100') portal.stop.abort(interrupted)
        return undefined
      })
      const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
      if (when === 'before it') portal.stop.abort(interrupted)
      expect(await failureOf(portal.list())).toBe(interrupted)
      expect(portal.seen.running).toBe(0)
      expect(portal.sent.length).toBeLessThan(10 + 120)
    },
  )

  test('in an interruption while the portal is left in peace is felt at once', async () => {
    const interrupted = new SesameError('ERR_INTERRUPTED', 'Interrupted.')
    const portal = distantPortal(100, () => throttled({ 'retry-after': '30' }))
    const clock: VirtualClock = portal.clock
    const listing = portal.list()
    void clock.sleep(1_000).then(() => portal.stop.abort(interrupted))
    expect(await failureOf(listing)).toBe(interrupted)
    expect(portal.tookMs()).toBeLessThan(2_000)
  })
})
