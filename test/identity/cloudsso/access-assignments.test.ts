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

/** A portal that answers these pages, in turn. */
function paged(...pages: object[]) {
  const clock = fakeClock()
  const asked: (string | null)[] = []
  const fetch = async (url: string) => {
    asked.push(new URL(url).searchParams.get('NextToken'))
    return Response.json(pages[asked.length - 1] ?? {})
  }
  const portal = { signInUrl: 'https://portal.example/acme/login', clientId: 'c', fetch, clock }
  const signal = new AbortController().signal
  const options = { accessToken: new Secret('token-of-the-test'), signal, random: () => 1 }
  const ids = async () => (await listAccounts(portal, options)).map(({ id }) => id)
  return { asked, ids }
}

const rows = (...ids: string[]) => ({ Accounts: ids.map((AccountId) => ({ AccountId, DisplayName: 'x' })) })

describe('[case 146] a list goes on', () => {
  test.each<[string, object]>([
    ['NextToken alone', { NextToken: 'next' }],
    ['NextToken, and IsTruncated that is null', { NextToken: 'next', IsTruncated: null }],
    ['IsTruncated true', { NextToken: 'next', IsTruncated: true }],
    ['IsTruncated "true"', { NextToken: 'next', IsTruncated: 'true' }],
    ['IsTruncated "True"', { NextToken: 'next', IsTruncated: 'True' }],
    ['IsTruncated 1', { NextToken: 'next', IsTruncated: 1 }],
  ])('with %s', async (_, more) => {
    const { ids, asked } = paged({ ...rows('1'), ...more }, rows('2'))
    expect(await ids()).toEqual(['1', '2'])
    expect(asked).toEqual([null, 'next'])
  })

  test('over pages without rows, and without the list', async () => {
    const next = (NextToken: string, more: object = {}) => ({ NextToken, ...more })
    const { ids } = paged(next('a', rows()), next('b'), next('c', { Accounts: null }), rows('1'))
    expect(await ids()).toEqual(['1'])
  })

  test.each<[string, object]>([
    ['IsTruncated false', { IsTruncated: false }],
    ['IsTruncated "false", though a token is there', { IsTruncated: 'false', NextToken: 'next' }],
    ['nothing said', {}],
    ['an empty token', { NextToken: '' }],
    ['a token that is null', { NextToken: null }],
  ])('and ends with %s', async (_, end) => {
    const { ids, asked } = paged({ ...rows('1'), ...end }, rows('2'))
    expect(await ids()).toEqual(['1'])
    expect(asked).toEqual([null])
  })

  test.each<[string, object[]]>([
    [
      'a token that comes again',
      [
        { ...rows('1'), NextToken: 'a' },
        { ...rows('2'), NextToken: 'a' },
      ],
    ],
    ['more pages and no token', [{ ...rows('1'), IsTruncated: 'true' }]],
    ['a first page without the list', [{}]],
    ['a last page without the list', [{ ...rows('1'), NextToken: 'a' }, {}]],
  ])('but %s is an error, not a shorter list', async (_, pages) => {
    expect(await failureOf(paged(...pages).ids())).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })
})
