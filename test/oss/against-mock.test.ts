import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Oss, type OssAccessKey, startOss } from '../../mocks/index.ts'
import {
  type OssRequest,
  presignV1,
  presignV4,
  requestUrl,
  signHeadersV1,
  signHeadersV4,
} from '../../src/oss/index.ts'

const temporary: OssAccessKey = {
  accessKeyId: 'STS.NMock',
  accessKeySecret: 'temporary-secret',
  securityToken: 'CAIS+mock/token==',
  expiresAt: new Date(Date.now() + 7200_000),
}
let oss: Oss
beforeAll(async () => {
  oss = await startOss({ credentials: [temporary] })
})
afterAll(() => oss.close())

const at = (expiresSeconds?: number) => ({
  region: 'cn-hangzhou',
  endpoint: oss.url,
  now: new Date(),
  expiresSeconds,
})

/** Sends a request as each of the four functions has it signed. */
const ways: Record<string, (request: OssRequest) => [string, Record<string, string>]> = {
  signHeadersV4: (request) => [requestUrl(request, at()), signHeadersV4(request, temporary, at())],
  signHeadersV1: (request) => [requestUrl(request, at()), signHeadersV1(request, temporary, at())],
  presignV4: (request) => [presignV4(request, temporary, at(60)), { ...request.headers }],
  presignV1: (request) => [presignV1(request, temporary, at(60)), { ...request.headers }],
}

async function send(way: keyof typeof ways, request: OssRequest, text?: string) {
  const [url, headers] = ways[way]?.(request) ?? ['', {}]
  // Bytes, for which fetch makes up no content-type.
  const body = text === undefined ? {} : { body: Buffer.from(text) }
  const response = await fetch(url, { method: request.method.toUpperCase(), headers, ...body })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

describe.each(Object.keys(ways))('%s, before a strict OSS', (way) => {
  const object = { bucket: 'reports', key: `${way}/ü ü+%2F.txt` }

  test('puts, reads, looks and deletes', async () => {
    const headers = { 'Content-Type': 'text/csv', 'X-Oss-Meta-Author': 'alice', 'x-oss-meta-empty': '' }
    expect(await send(way, { method: 'PUT', ...object, headers }, 'a,b')).toMatchObject({ status: 200 })
    expect(oss.objects.get(`reports/${object.key}`)).toMatchObject({
      text: 'a,b',
      contentType: 'text/csv',
      meta: { author: 'alice' },
    })
    expect(await send(way, { method: 'get', ...object })).toMatchObject({ status: 200, text: 'a,b' })
    const { headers: seen } = await send(way, { method: 'HEAD', ...object })
    expect(seen.get('x-oss-meta-author')).toBe('alice')
    expect(await send(way, { method: 'DELETE', ...object })).toMatchObject({ status: 204 })
    expect(await send(way, { method: 'GET', ...object })).toMatchObject({ status: 404 })
  })

  test('asks about a bucket, the service, and sub-resources', async () => {
    const list = await send(way, {
      method: 'GET',
      bucket: 'reports',
      query: { prefix: 'a&b', 'max-keys': '1' },
    })
    expect(list.text).toContain('<Prefix>a&#38;b</Prefix>')
    expect((await send(way, { method: 'GET' })).text).toContain('<Name>reports</Name>')
    const acl = await send(way, { method: 'GET', bucket: 'reports', query: { acl: '' } })
    expect(acl.text).toContain('AccessControlPolicy')
  })

  test('replaces what the object says', async () => {
    await send(way, { method: 'PUT', ...object }, 'x')
    const disposition = 'attachment; filename="a b+c;d.csv"'
    const query = { 'response-content-disposition': disposition, versionId: 'null' }
    const { headers } = await send(way, { method: 'GET', ...object, query })
    expect(headers.get('content-disposition')).toBe(disposition)
  })

  test('[P] names the object that was meant, whatever its key', async () => {
    const segment = fc.oneof(
      fc.constantFrom('', '.', '..', '+', '%2F', '%2e%2e', ' ', 'ü', '😀', '\\', '#', ';'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    )
    const key = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join('/'))
      .filter((text) => !['', '.', '..'].includes(text) && !/[?&]/.test(text))
    await fc.assert(
      fc.asyncProperty(key, async (name) => {
        const { status } = await send(way, { method: 'PUT', bucket: 'reports', key: name }, 'x')
        expect(status).toBe(200)
        expect(oss.served.at(-1)).toEqual({ bucket: 'reports', key: name, style: 'path' })
      }),
      { numRuns: 40 },
    )
  })
})

test('V4: repeated members, further headers and the host are signed as OSS sees them', async () => {
  const request = {
    method: 'GET',
    bucket: 'reports',
    query: { tag: ['b', 'a', ''], 'tag-x': '1', 'tag=': '2' },
    headers: { Range: 'bytes=0-', 'If-Match': '*' },
  }
  const options = { ...at(60), additionalHeaders: ['Range', 'HOST'] }
  const signed = signHeadersV4(request, temporary, options)
  expect(signed.authorization).toContain(',AdditionalHeaders=host;range,')
  const url = requestUrl(request, options)
  expect((await fetch(url, { headers: signed })).status).toBe(200)
  expect((await fetch(url, { headers: { ...signed, range: 'bytes=1-' } })).status).toBe(403)
  const presigned = presignV4(request, temporary, options)
  expect(new URL(presigned).searchParams.get('x-oss-additional-headers')).toBe('host;range')
  expect((await fetch(presigned, { headers: request.headers })).status).toBe(200)
  expect(
    (await fetch(presigned.replace('127.0.0.1', 'localhost'), { headers: request.headers })).status,
  ).toBe(403)
})

test('V1: a sub-resource of the caller’s own knowledge', () => {
  const request = { method: 'GET', bucket: 'reports', query: { newFeature: 'x' } }
  const plain = signHeadersV1({ ...request, query: {} }, temporary, { now: new Date(0) })
  const unsigned = signHeadersV1(request, temporary, { now: new Date(0) })
  const signed = signHeadersV1(request, temporary, { now: new Date(0), extraSubResources: ['newFeature'] })
  expect(unsigned).toEqual(plain)
  expect(signed.authorization).not.toBe(plain.authorization)
})

test('another product and region', async () => {
  const box = await startOss({ credentials: [temporary], region: 'cb-f8z', product: 'oss-cloudbox' })
  try {
    const options = { region: 'cb-f8z', endpoint: box.url, now: new Date() }
    const request = { method: 'GET', bucket: 'reports' }
    const ask = (product?: 'oss-cloudbox') => fetch(presignV4(request, temporary, { ...options, product }))
    expect((await ask('oss-cloudbox')).status).toBe(200)
    expect((await ask()).status).toBe(400)
  } finally {
    await box.close()
  }
})

test('a token in both places is what the mock refuses and nothing here makes', async () => {
  const request = { method: 'GET', bucket: 'reports' }
  for (const presign of [presignV1, presignV4]) {
    const url = presign(request, temporary, at(60))
    expect((await fetch(url)).status).toBe(200)
    const both = await fetch(url, { headers: { 'x-oss-security-token': temporary.securityToken ?? '' } })
    expect(both.status).toBe(400)
    expect(await both.text()).toContain('0002-00000010')
  }
})
