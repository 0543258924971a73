import { afterEach, describe, expect, test, vi } from 'vitest'
import { type CloudSso, faults, makeDirectory } from '../../mocks/index.ts'
import { get, signIn, startPortal } from './portal-client.ts'

let portal: CloudSso
afterEach(() => portal.close())

const lists = '/access-assignments/access-configurations'
const route = `GET ${lists}` as const
const list = (account: string) => `${lists}?AccountId=${account}&MaxResults=100`

async function open(throttle = {}) {
  portal = await startPortal({ approve: 'auto', directory: makeDirectory(4), throttle })
  const token = await signIn(portal)
  const ids = portal.directory.accounts.map(({ AccountId }) => AccountId)
  return { token, ids }
}

describe('a portal that throttles', () => {
  test('refuses what is too much at once, with Retry-After, until it has answered', async () => {
    const { token, ids } = await open({ atOnce: 2, retryAfterSeconds: 3 })
    const [first = '', second = '', third = ''] = ids.map(list)
    portal.fault(route, { kind: 'hang' }, { times: 2 })
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${token}` }
    const hung = [first, second].map((path) =>
      fetch(`${portal.url}${path}`, { headers, signal: leaving.signal }).catch(() => 'left'),
    )
    await vi.waitFor(() => expect(portal.requests.filter(({ path }) => path === lists)).toHaveLength(2))
    const refused = await get(portal, third, token)
    expect(refused).toMatchObject({ status: 429, body: { ErrorCode: 'Throttling.User' } })
    expect(refused.headers.get('retry-after')).toBe('3')
    leaving.abort()
    expect(await Promise.all(hung)).toEqual(['left', 'left'])
    await vi.waitFor(async () => expect((await get(portal, third, token)).status).toBe(200), 10_000)
  })

  test('refuses what is too much in a second', async () => {
    const { token, ids } = await open({ perSecond: 3 })
    const answers = await Promise.all(ids.map((id) => get(portal, list(id), token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429])
  })
})

test('a fault for one account leaves the others alone', async () => {
  const { token, ids } = await open()
  portal.fault(route, faults.badGatewayEmpty, {
    when: ({ query }) => query.AccountId === ids[2],
  })
  const statuses: number[] = []
  for (const id of [...ids, ...ids]) statuses.push((await get(portal, list(id), token)).status)
  expect(statuses).toEqual([200, 200, 502, 200, 200, 200, 200, 200])
})
