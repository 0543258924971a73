import { afterEach, describe, expect, test } from 'vitest'
import { startResourceServer } from '../../mocks/index.ts'
import { createBearerGuard, verifyJwt } from '../../src/jwt/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { issuedAt, issuedAtSeconds, issuer, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'

/*
 * The access token of an identity server that gives it a life of 5 s. Used after 6 s it still opens the API: each API judges
 * by its own clock tolerance, and the usual one is 5 minutes.
 */

const key = makeKey()
const lifeSeconds = 5
const token = signToken(key, {
  nbf: issuedAtSeconds,
  exp: issuedAtSeconds + lifeSeconds,
  iss: issuer,
  aud: [`${issuer}/resources`, 'api1'],
  client_id: 'ro.client',
  scope: ['api1'],
})
const options = { issuer, audience: 'api1' }
const jwks = jwkSet(key)

const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** What the API answers, and what each of our ways to judge says, `afterSeconds` after the token was issued. */
async function outcomes(afterSeconds: number, clockToleranceSeconds: number | undefined) {
  const clock = fakeClock(new Date(issuedAt.getTime() + afterSeconds * 1000))
  const tolerance = clockToleranceSeconds === undefined ? {} : { clockTolerance: clockToleranceSeconds }
  const api = await startResourceServer({
    ...options,
    jwks: JSON.parse(JSON.stringify(jwks)),
    now: () => clock.now(),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
  })
  servers.push(api)
  const authorization = `Bearer ${token}`
  const world = { clock, fetch: () => Promise.reject(new Error('no network here')) }
  const { status } = await fetch(`${api.url}/api1/values`, { headers: { authorization } })
  const verified = await verifyJwt(token, { ...options, jwks, ...tolerance }, world).then(
    () => 'accepted',
    ({ reason }) => reason,
  )
  const guard = createBearerGuard({ ...options, jwks, ...tolerance }, world)
  const outcome = await guard.check({ headers: { authorization } })
  return { status, verified, guarded: outcome.kind === 'refused' ? outcome.status : 200 }
}

const accepted = { status: 200, verified: 'accepted', guarded: 200 }
const expired = { status: 401, verified: 'expired', guarded: 401 }

describe('an access token that is valid for 5 s', () => {
  test.each([
    { after: 1, tolerance: undefined, expected: accepted },
    { after: 1, tolerance: 0, expected: accepted },
    { after: 6, tolerance: undefined, expected: accepted },
    { after: 6, tolerance: 0, expected: expired },
    { after: 6, tolerance: 1, expected: expired },
    { after: 6, tolerance: 2, expected: accepted },
    { after: 304, tolerance: undefined, expected: accepted },
    { after: 305, tolerance: undefined, expected: expired },
    { after: 305, tolerance: 600, expected: accepted },
  ])('after $after s, with a tolerance of $tolerance s', async ({ after, tolerance, expected }) => {
    expect(await outcomes(after, tolerance)).toEqual(expected)
  })
})
