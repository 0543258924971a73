import { describe, expect, test } from 'vitest'
import { listAccessConfigurations, listAccounts } from '../../../src/identity/index.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { failureOf } from '../../http/support/open-fetch.ts'
import { fakeClock } from '../../support/fake-clock.ts'

/** A portal that answers page after page, each `pageMs` later than the one before. */
function slowPortal(pageMs: number, nextToken: (page: number) => unknown, status = 200) {
  const clock = fakeClock()
  let pages = 0
  const fetch = async () => {
    pages++
    clock.advance(pageMs)
    return Response.json(
      {
        Accounts: [{ AccountId: String(pages), DisplayName: 'x' }],
        AccessConfigurationsForAccount: [{ AccessConfigurationId: String(pages) }],
        IsTruncated: true,
        NextToken: nextToken(pages),
      },
      { status },
    )
  }
  const portal = { signInUrl: 'https://portal.example/acme/login', clientId: 'c', fetch, clock }
  const options = {
    accessToken: new Secret('token-of-the-test'),
    signal: new AbortController().signal,
    random: () => 1,
  }
  return {
    clock,
    pages: () => pages,
    lists: {
      accounts: () => listAccounts(portal, options),
      configurations: () => listAccessConfigurations(portal, '1', options),
    },
  }
}

describe.each(['accounts', 'configurations'] as const)('[case 123] the list of %s', (what) => {
  test('has a total time: pages that each come just in time are not followed for an hour', async () => {
    const portal = slowPortal(9_000, (page) => `page-${page}`)
    const error = await failureOf(portal.lists[what]())
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', message: expect.stringContaining('60 s') })
    expect(portal.pages()).toBe(7)
  })

  test('repetitions count too', async () => {
    const portal = slowPortal(8_000, () => 'x', 503)
    expect(await failureOf(portal.lists[what]())).toMatchObject({ code: 'ERR_SERVER' })
    expect(portal.pages()).toBeLessThan(6)
  })

  test.each<[string, (page: number) => unknown]>([
    ['the same', () => 'again'],
    ['an earlier one', (page) => `page-${page % 3}`],
    ['none', () => ''],
    ['no text', (page) => page],
  ])('a next page that is %s ends it', async (_which, nextToken) => {
    const portal = slowPortal(1, nextToken)
    expect(await failureOf(portal.lists[what]())).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(portal.pages()).toBeLessThan(5)
  })

  test('has a number of pages', async () => {
    const portal = slowPortal(1, (page) => `page-${page}`)
    expect(await failureOf(portal.lists[what]())).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(portal.pages()).toBe(100)
  })
})
