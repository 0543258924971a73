import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CloudSso } from '../../mocks/index.ts'
import { type Answer, beginLogin, deviceRequest, get, post, signIn, startPortal } from './portal-client.ts'

let portal: CloudSso
beforeAll(async () => {
  portal = await startPortal()
})
afterAll(() => portal.close())

function expectRefusal(answer: Answer, status: number, errorCode: string): void {
  expect([answer.status, answer.body.ErrorCode]).toEqual([status, errorCode])
  expect(Object.keys(answer.body)).toEqual(['ErrorCode', 'ErrorMessage', 'RequestId'])
}

describe('POST /device-authorization refuses', () => {
  test.each([
    ['an unknown member', { Scope: 'openid' }, 400, 'InvalidParameter'],
    ['a missing member', { PortalUrl: undefined }, 400, 'InvalidParameter'],
    ['a number for a string', { ClientId: 7 }, 400, 'InvalidParameter'],
    ['the plain challenge method', { CodeChallengeMethod: 'plain' }, 400, 'InvalidParameter'],
    ['a challenge of 42 characters', { CodeChallenge: 'A'.repeat(42) }, 400, 'InvalidParameter'],
    ['a padded challenge', { CodeChallenge: `${'A'.repeat(43)}=` }, 400, 'InvalidParameter'],
    ['a challenge in plain base64', { CodeChallenge: `${'A'.repeat(42)}+` }, 400, 'InvalidParameter'],
    ['another client', { ClientId: 'app-other' }, 400, 'InvalidClientError'],
    [
      'another sign-in URL',
      { PortalUrl: 'https://x.example.test/acme/login' },
      404,
      'EntityNotExists.Portal',
    ],
  ])('%s', async (_title, change, status, errorCode) => {
    const body = { ...deviceRequest(portal), ...change }
    expectRefusal(await post(portal, '/device-authorization', body), status, errorCode)
  })

  test('its own host with another path', async () => {
    const body = { ...deviceRequest(portal), PortalUrl: `${portal.signInUrl}/` }
    expectRefusal(await post(portal, '/device-authorization', body), 404, 'EntityNotExists.Portal')
  })

  test.each(['[]', 'null', '"text"', '{', ''])('the body %j', async (body) => {
    expectRefusal(await post(portal, '/device-authorization', body), 400, 'InvalidParameter')
  })

  test('a form', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await post(portal, '/device-authorization', 'ClientId=x', form)
    expectRefusal(answer, 415, 'UnsupportedMediaType')
  })

  test('a client that wants no JSON', async () => {
    const answer = await post(portal, '/device-authorization', deviceRequest(portal), { accept: 'text/html' })
    expectRefusal(answer, 406, 'NotAcceptable')
  })

  test('a query', async () => {
    expectRefusal(
      await post(portal, '/device-authorization?a=b', deviceRequest(portal)),
      400,
      'InvalidParameter',
    )
  })
})

describe('POST /token refuses', () => {
  test.each([
    ['an unknown member', { Scope: 'x' }, 'InvalidParameter'],
    ['a missing verifier', { CodeVerifier: undefined }, 'InvalidParameter'],
    ['a verifier of 42 characters', { CodeVerifier: 'a'.repeat(42) }, 'InvalidParameter'],
    ['a verifier of 129 characters', { CodeVerifier: 'a'.repeat(129) }, 'InvalidParameter'],
    ['a verifier with a reserved character', { CodeVerifier: `${'a'.repeat(43)}+` }, 'InvalidParameter'],
    ['another grant', { GrantType: 'refresh_token' }, 'InvalidParameter'],
    ['another client', { ClientId: 'app-other' }, 'InvalidClientError'],
    ['an unknown device code', { DeviceCode: 'x'.repeat(40) }, 'InvalidDeviceCodeError'],
  ])('%s', async (_title, change, errorCode) => {
    const login = await beginLogin(portal)
    expectRefusal(await post(portal, '/token', { ...login.request, ...change }), 400, errorCode)
    expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
  })
})

test('POST /cloud-credentials refuses numbers for ids', async () => {
  const headers = { authorization: `Bearer ${await signIn(portal)}` }
  const body = { AccountId: 1_432_949_406_168_187, AccessConfigurationId: 'ac-1' }
  expectRefusal(await post(portal, '/cloud-credentials', body, headers), 400, 'InvalidParameter')
})

test('unknown calls are 404', async () => {
  expectRefusal(await get(portal, '/token'), 404, 'InvalidAction.NotFound')
  expectRefusal(await get(portal, '/nowhere'), 404, 'InvalidAction.NotFound')
})

test('malformed requests and secrets in URLs are kept as violations, without the secret', async () => {
  const fresh = await startPortal()
  const token = await signIn(fresh)
  expect(fresh.violations).toEqual([])
  await get(fresh, `/access-assignments/accounts?AccessToken=${token}`, token)
  await get(fresh, `/${token}`)
  expect(fresh.violations.map((violation) => violation.kind)).toEqual([
    'invalid-request',
    'secret-in-url',
    'secret-in-url',
  ])
  expect(JSON.stringify(fresh.violations)).not.toContain(token)
  await fresh.close()
})
