import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { faults, type Idaas, type IdaasCall, type IdaasOptions, startIdaas } from '../../mocks/index.ts'

let idaas: Idaas
afterEach(() => idaas.close())

const start = async (options: IdaasOptions = {}) => {
  idaas = await startIdaas(options)
  return idaas
}

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  body: any
  date: string
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${idaas.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    date: response.headers.get('date') ?? '',
  }
}

const retrieve = () => {
  const { appKey, appSecret } = idaas.settings
  return post(idaas.paths.retrieve, { appKey, appSecret })
}
const refresh = (refresh_token: unknown) =>
  post(idaas.paths.refresh, { appKey: idaas.settings.appKey, refresh_token })

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

const isSignedBy = (token: string, pem: string) => {
  const [header, claims, signature = ''] = token.split('.')
  return verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    createPublicKey(pem),
    Buffer.from(signature, 'base64url'),
  )
}

describe('tokens', () => {
  test('the answers have the documented members', async () => {
    await start()
    const { status, body } = await retrieve()
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      code: '200',
      message: null,
      data: { refresh_token: expect.any(String), id_token: expect.any(String) },
    })
    const renewed = await refresh(body.data.refresh_token)
    expect(renewed.body).toEqual({
      success: true,
      code: '200',
      message: null,
      data: { id_token: expect.any(String) },
    })
    expect(renewed.body.data.id_token).not.toBe(body.data.id_token)
    expect(idaas.paths.retrieve).toBe(
      `/api/public/bff/v1.2/application/plugin_jwt_sts/retrieve_id_token/${idaas.settings.applicationUuid}`,
    )
    expect(idaas.issued.map(({ kind }) => kind)).toEqual([
      'app-secret',
      'refresh-token',
      'id-token',
      'id-token',
    ])
    expect(idaas.violations).toEqual([])
  })

  test('the public key is given in four spellings, all of the pair that signs', async () => {
    const { publicKey } = await start()
    const token = (await retrieve()).body.data.id_token
    expect(isSignedBy(token, publicKey.pem)).toBe(true)
    const spellings = [
      createPublicKey({ key: JSON.parse(publicKey.jwk), format: 'jwk' }),
      createPublicKey({ key: JSON.parse(publicKey.jwks).keys[0], format: 'jwk' }),
      new X509Certificate(publicKey.certificate).publicKey,
    ]
    for (const key of spellings) expect(key.export({ type: 'spki', format: 'pem' })).toBe(publicKey.pem)
    expect(publicKey.jwks + publicKey.jwk).not.toMatch(/"(d|p|q)":/)

    await idaas.replaceKeyPair()
    const later = (await retrieve()).body.data.id_token
    expect(isSignedBy(later, publicKey.pem)).toBe(false)
    expect(isSignedBy(later, idaas.publicKey.pem)).toBe(true)
  })

  test('claims follow the settings and the server’s clock', async () => {
    await start({ idTokenSeconds: 60, dateOffsetSeconds: 3600, userName: 'robot', audience: 'orders' })
    const { body, date } = await retrieve()
    const claims = claimsOf(body.data.id_token)
    expect(claims).toMatchObject({ iss: idaas.url, sub: 'robot', aud: 'orders', exp: claims.iat + 60 })
    expect(Math.abs(Date.parse(date) / 1000 - claims.iat)).toBeLessThan(3)
    expect(claims.iat - Date.now() / 1000).toBeGreaterThan(3500)
    idaas.settings.claims = ({ exp: _, ...rest }) => rest
    expect(claimsOf((await retrieve()).body.data.id_token)).not.toHaveProperty('exp')
  })
})

describe('refusals', () => {
  test.each<[string, IdaasCall, (idaas: Idaas) => void]>([
    ['a disabled application', 'retrieve', ({ settings }) => Object.assign(settings, { enabled: false })],
    ['a disabled application', 'refresh', ({ settings }) => Object.assign(settings, { enabled: false })],
    ['another secret', 'retrieve', ({ settings }) => Object.assign(settings, { appSecret: 'another' })],
    ['refresh switched off', 'refresh', ({ settings }) => Object.assign(settings, { refresh: 'off' })],
    ['refresh tokens revoked', 'refresh', (idaas) => idaas.revokeRefreshTokens()],
  ])('%s: %s', async (_, call, change) => {
    await start()
    const { appKey, appSecret } = idaas.settings
    const { refresh_token } = (await retrieve()).body.data
    change(idaas)
    const proof = call === 'retrieve' ? { appSecret } : { refresh_token }
    const { status, body } = await post(idaas.paths[call], { appKey, ...proof })
    expect(status).toBe(400)
    expect(body).toEqual({ success: false, code: '400', message: expect.any(String), data: null })
    expect(idaas.violations).toEqual([])
  })

  test('come with status 200 and a number as code where the settings say so', async () => {
    await start({ enabled: false, failureStyle: 'http-200', codeStyle: 'number' })
    expect(await retrieve()).toMatchObject({ status: 200, body: { success: false, code: 400 } })
  })

  test('a refresh token expires', async () => {
    await start({ refreshTokenDays: 0 })
    const { refresh_token } = (await retrieve()).body.data
    expect((await refresh(refresh_token)).body.success).toBe(false)
  })

  test('without refresh tokens none is handed out', async () => {
    await start({ refresh: 'off' })
    expect((await retrieve()).body.data).toEqual({ id_token: expect.any(String) })
  })

  test('another application’s uuid is an ordinary mistake', async () => {
    await start()
    expect(await post(`${idaas.paths.retrieve}x`, {})).toMatchObject({
      status: 404,
      body: { success: false, code: '404' },
    })
    expect(idaas.violations).toEqual([])
  })
})

describe('rotation', () => {
  test('a refresh token is good once; a second use is a violation', async () => {
    await start({ refresh: 'rotating' })
    const first = (await retrieve()).body.data.refresh_token
    const second = (await refresh(first)).body.data.refresh_token
    expect(second).not.toBe(first)
    expect((await refresh(second)).status).toBe(200)
    expect(idaas.violations).toEqual([])
    expect((await refresh(first)).status).toBe(400)
    expect(idaas.violations).toMatchObject([{ kind: 'refresh-token-reused' }])
  })

  test('is no violation when the answer was lost', async () => {
    await start({ refresh: 'rotating' })
    const first = (await retrieve()).body.data.refresh_token
    idaas.fault('refresh', { kind: 'lost-answer' })
    await expect(refresh(first)).rejects.toThrow()
    expect((await refresh(first)).status).toBe(400)
    expect(idaas.violations).toEqual([])
  })
})

describe('strictness', () => {
  const of = (call: IdaasCall, body: (idaas: Idaas) => unknown, headers = {}) => ({ call, body, headers })

  test.each([
    ['an unknown member', of('retrieve', ({ settings: s }) => ({ ...pick(s), more: '1' })), /Unknown.*more/],
    ['a missing member', of('retrieve', ({ settings: s }) => ({ appKey: s.appKey })), /Missing.*appSecret/],
    ['a number', of('retrieve', ({ settings: s }) => ({ ...pick(s), appSecret: 1 })), /appSecret/],
    ['no object', of('refresh', () => [1]), /JSON object/],
    ['broken JSON', of('refresh', () => '{'), /JSON object/],
    ['a form', of('retrieve', () => 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }), /type/],
  ])('%s is a violation', async (_, { call, body, headers }, detail) => {
    await start()
    expect((await post(idaas.paths[call], body(idaas), headers)).body.success).toBe(false)
    expect(idaas.violations).toMatchObject([
      { kind: 'invalid-request', detail: expect.stringMatching(detail) },
    ])
  })

  test('so are the secret at the wrong call, a secret in the URL, another path and another method', async () => {
    await start()
    const { appKey, appSecret } = idaas.settings
    await post(idaas.paths.refresh, { appKey, appSecret })
    await post(`${idaas.paths.retrieve}?s=${appSecret}`, { appKey, appSecret })
    await post('/api/public/bff/v9/application', {})
    await fetch(`${idaas.url}${idaas.paths.retrieve}`)
    expect(idaas.violations.map(({ kind }) => kind)).toEqual([
      'app-secret-at-refresh',
      'invalid-request',
      'invalid-request',
      'secret-in-url',
      'invalid-request',
      'invalid-request',
    ])
  })
})

test('faults and transforms are named by the call', async () => {
  await start()
  idaas.fault('retrieve', faults.internalErrorHtml)
  expect((await retrieve()).status).toBe(500)
  idaas.transform('retrieve', (body) => ({ ...body, code: 200 }))
  expect((await retrieve()).body.code).toBe(200)
  idaas.fault('retrieve', faults.internalErrorHtml)
  idaas.clearFaults()
  expect((await retrieve()).status).toBe(200)
  expect(idaas.requests.map(({ status }) => status)).toEqual([500, 200, 200])
  expect(idaas.connections).toBeGreaterThan(0)
})

function pick({ appKey, appSecret }: { appKey: string; appSecret: string }) {
  return { appKey, appSecret }
}
