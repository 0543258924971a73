import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRole, assumeRoleWithOidc, getCallerIdentity } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { arnOf, openSts, sessionOf } from './support/alice.ts'
import { makeProvider, providerArn } from './support/provider.ts'

const role = { roleArn: arnOf('test'), roleSessionName: 'alice' }
const minute = 60_000
const day = 24 * 60 * minute

/** A world whose local clock is that far from the server's. */
const openWithSkew = (skewMs: number, options = {}) =>
  openSts(options, fakeClock(new Date(Date.now() + skewMs)))

const dates = (requests: { headers: Record<string, unknown> }[]) =>
  requests.map(({ headers }) => Date.parse(String(headers['x-acs-date'])))

describe('[case 29] a local clock that is wrong', () => {
  test.each([-10 * minute, 10 * minute])('by %d ms: STS takes it', async (skewMs) => {
    const { sts, context } = await openWithSkew(skewMs)
    await assumeRole({ ...role, credentials: sessionOf(sts, 'dev') }, context)
    expect(sts.calls.map(({ status }) => status)).toEqual([200])
  })

  test.each([-day, -20 * minute, 20 * minute, day])(
    'by %d ms: refused once, then signed with the time of the server',
    async (skewMs) => {
      const { sts, context } = await openWithSkew(skewMs)
      const issued = await assumeRole({ ...role, credentials: sessionOf(sts, 'dev') }, context)
      expect(sts.calls.map(({ code }) => code)).toEqual(['InvalidTimeStamp.Expired', undefined])
      const [first = 0, second = 0] = dates(sts.requests)
      expect(Math.abs(first - Date.now() - skewMs)).toBeLessThan(10_000)
      expect(Math.abs(second - Date.now())).toBeLessThan(10_000)
      expect(Math.abs(issued.issuedAt.getTime() - Date.now())).toBeLessThan(10_000)
      expect(issued.serverDate).toEqual(issued.issuedAt)
      expect(sts.violations).toEqual([])
    },
  )

  test('the expiry is judged by the time of the server', async () => {
    const { sts, context } = await openWithSkew(day)
    const { credentials } = await assumeRole({ ...role, credentials: sessionOf(sts, 'dev') }, context)
    expect(credentials.expiresAt.getTime() - Date.now()).toBeGreaterThan(3590_000)
  })

  test('an unsigned call is corrected too', async () => {
    const provider = await makeProvider()
    const { sts, context } = await openWithSkew(-day, {
      oidcProviders: [provider.registration],
      roles: [{ arn: role.roleArn, trust: [providerArn] }],
    })
    const idToken = new Secret(await provider.token())
    await assumeRoleWithOidc({ ...role, oidcProviderArn: providerArn, idToken }, context)
    expect(sts.calls.map(({ code }) => code)).toEqual(['InvalidTimeStamp.Expired', undefined])
  })

  test('what was measured holds for the retries of the call', async () => {
    const { sts, context } = await openWithSkew(day)
    const credentials = sessionOf(sts, 'dev')
    sts.refuse('GetCallerIdentity', 'InvalidTimeStamp.Expired')
    sts.refuse('GetCallerIdentity', 'Throttling', { times: 2 })
    await getCallerIdentity(credentials, context)
    expect(sts.calls.map(({ code }) => code)).toEqual([
      'InvalidTimeStamp.Expired',
      'Throttling',
      'Throttling',
      undefined,
    ])
    expect(sts.calls.filter(({ code }) => code === 'InvalidTimeStamp.Expired')).toHaveLength(1)
  })

  test.each(['InvalidTimeStamp.Expired', 'IllegalTimestamp'])(
    '%s again and again: two calls, then the error says to set the clock',
    async (code) => {
      const { sts, context } = await openWithSkew(0)
      sts.refuse('GetCallerIdentity', code, { times: 99 })
      const error = await failureOf(getCallerIdentity(sessionOf(sts, 'dev'), context))
      expect(error).toMatchObject({ code: 'ERR_REFUSED', serverCode: code })
      expect(error.hint).toContain('clock')
      expect(sts.calls).toHaveLength(2)
    },
  )
})
