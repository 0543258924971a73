import { describe, expect, test } from 'vitest'
import { refreshIdToken, retrieveIdToken } from '../../../src/identity/index.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { openIdaas, refreshTokenOf, refusalOf, retrieve } from './support/world.ts'

describe('the two calls', () => {
  test('send exactly what is documented', async () => {
    const world = await openIdaas()
    const { idaas, context } = world
    const { idToken, refreshToken } = await retrieve(world)
    const renewed = await refreshIdToken(idaas.application, refreshToken?.token ?? new Secret(''), context)
    const { appKey, appSecret, applicationUuid } = idaas.settings
    const base = '/api/public/bff/v1.2/application/plugin_jwt_sts'
    expect(idaas.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${base}/retrieve_id_token/${applicationUuid}`,
      `POST ${base}/refresh_id_token/${applicationUuid}`,
    ])
    expect(idaas.requests.map(({ body }) => body)).toEqual([
      { appKey, appSecret },
      { appKey, refresh_token: refreshToken?.token.reveal() },
    ])
    for (const { headers, query } of idaas.requests) {
      expect(headers['content-type']).toBe('application/json')
      expect(headers.authorization).toBeUndefined()
      expect(query).toEqual({})
    }
    const given = idaas.issued.filter(({ kind }) => kind === 'id-token').map(({ value }) => value)
    expect([idToken.token.reveal(), renewed.idToken.token.reveal()]).toEqual(given)
    expect(idToken.userName).toBe('api-client')
    expect(idaas.violations).toEqual([])
  })

  test('take the version and a path of the instance from the profile', async () => {
    const { idaas, context, appSecret } = await openIdaas({ apiVersion: 'v2.0' })
    const slashed = { ...idaas.application, url: `${idaas.url}/` }
    await retrieveIdToken(slashed, appSecret(), context)
    expect(idaas.requests[0]?.path).toBe(idaas.paths.retrieve)
    const behind = { ...idaas.application, url: `${idaas.url}/idaas` }
    await refusalOf(retrieveIdToken(behind, appSecret(), context))
    expect(idaas.requests[1]?.path).toBe(`/idaas${idaas.paths.retrieve}`)
  })

  test.each([
    [{ url: 'http://idaas.example.com' }, 'ERR_INSECURE_URL'],
    [{ applicationUuid: '../../x' }, 'ERR_USAGE'],
    [{ apiVersion: 'v1/../..' }, 'ERR_USAGE'],
    [{ appKey: '' }, 'ERR_USAGE'],
  ])('nothing is sent for a profile that was edited to %j', async (change, code) => {
    const { idaas, context, appSecret } = await openIdaas()
    const failure = retrieveIdToken({ ...idaas.application, ...change }, appSecret(), context)
    await expect(failure).rejects.toMatchObject({ code })
    expect(idaas.requests).toEqual([])
  })

  test('[case 8] an abort is felt at once', async () => {
    const { idaas, context, appSecret } = await openIdaas()
    idaas.fault('retrieve', { kind: 'hang' })
    const stop = new AbortController()
    const reason = new Error('enough')
    const asked = retrieveIdToken(idaas.application, appSecret(), { ...context, signal: stop.signal })
    setTimeout(() => stop.abort(reason), 50)
    await expect(asked).rejects.toBe(reason)
  })
})

describe('refresh tokens', () => {
  test('[case 21] without a new one in the answer, none is in the result: the old one stays', async () => {
    const world = await openIdaas({ refresh: 'on' })
    const refreshToken = await refreshTokenOf(world)
    const { idaas, context } = world
    expect(await refreshIdToken(idaas.application, refreshToken, context)).not.toHaveProperty('refreshToken')
    // Some servers repeat the one that they were sent; its life does not begin again.
    idaas.transform('refresh', (body) => ({
      ...body,
      data: { ...(body.data as object), refresh_token: refreshToken.reveal() },
    }))
    expect(await refreshIdToken(idaas.application, refreshToken, context)).not.toHaveProperty('refreshToken')
  })

  test('[case 21] a rotated one is in the result and is good for the next refresh', async () => {
    const world = await openIdaas({ refresh: 'rotating' })
    const { idaas, context } = world
    const first = await refreshTokenOf(world)
    const { refreshToken } = await refreshIdToken(idaas.application, first, context)
    expect(refreshToken?.token.reveal()).not.toBe(first.reveal())
    await refreshIdToken(idaas.application, refreshToken?.token ?? first, context)
    expect(idaas.violations).toEqual([])
    await expect(refreshIdToken(idaas.application, first, context)).rejects.toMatchObject({
      code: 'ERR_UNAUTHORIZED',
    })
  })

  test('where they are switched off there is none', async () => {
    expect(await retrieve(await openIdaas({ refresh: 'off' }))).not.toHaveProperty('refreshToken')
  })

  test.each([null, ''])('%j in its place is none', async (refresh_token) => {
    const world = await openIdaas()
    world.idaas.transform('retrieve', (body) => ({
      ...body,
      data: { ...(body.data as object), refresh_token },
    }))
    expect(await retrieve(world)).not.toHaveProperty('refreshToken')
  })
})
