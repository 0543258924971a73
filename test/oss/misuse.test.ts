import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSesameError } from '../../src/kit/index.ts'
import {
  type OssCredentials,
  type OssRequest,
  type OssSigningOptions,
  presignV1,
  presignV4,
  requestUrl,
  signHeadersV1,
  signHeadersV4,
} from '../../src/oss/index.ts'

const request: OssRequest = { method: 'GET', bucket: 'reports', key: 'may.csv' }
const now = new Date('2026-11-21T12:00:00Z')
const credentials: OssCredentials = {
  accessKeyId: 'STS.N',
  accessKeySecret: 'secret',
  securityToken: 'CAIS+token==',
  expiresAt: new Date('2026-11-21T13:00:00Z'),
}
const options: OssSigningOptions = { region: 'cn-hangzhou', now }

const headerSigners = { signHeadersV4, signHeadersV1 }
const presigners = { presignV4, presignV1 }
const everyone = Object.entries({ ...headerSigners, ...presigners })
type Sign = (request: OssRequest, credentials: OssCredentials, options: OssSigningOptions) => unknown

function misuse(sign: Sign, change: { request?: object; credentials?: object; options?: object }): string {
  let result: unknown
  try {
    result = sign(
      { ...request, ...change.request },
      { ...credentials, ...change.credentials },
      { ...options, ...change.options },
    )
  } catch (error) {
    if (!isSesameError(error, 'ERR_USAGE')) throw error
    const { message } = error
    expect(message).not.toContain('CAIS')
    expect(message).not.toMatch(/[\r\n]/)
    return message
  }
  throw new Error(`not refused: ${JSON.stringify(result)}`)
}

describe.each(everyone)('%s refuses', (_name, sign) => {
  test.each([
    ['a token in a header', { headers: { 'X-Oss-Security-Token': 'CAIS' } }, 'x-oss-security-token'],
    ['a token in the query', { query: { 'security-token': 'CAIS' } }, 'security-token'],
    ['V4’s token in the query', { query: { 'x-oss-security-token': 'CAIS' } }, 'x-oss-security-token'],
    ['a foreign Authorization', { headers: { Authorization: 'Bearer x' } }, 'authorization'],
    ['a foreign signature', { query: { Signature: 'x' } }, 'Signature'],
    ['a foreign expiry', { query: { 'x-oss-expires': '1' } }, 'x-oss-expires'],
    ['another date', { headers: { 'x-oss-date': 'Sat, 21 Nov 2020 12:00:00 GMT' } }, 'x-oss-date'],
    ['a key without bucket', { bucket: undefined }, 'bucket'],
    ['CR and LF in a header', { headers: { 'x-oss-meta-a': 'a\r\nx-oss-acl: public-read' } }, 'x-oss-meta-a'],
    ['LF in the name of a header', { headers: { 'a\nb': 'c' } }, 'name'],
    ['NUL in a header', { headers: { a: '\0' } }, 'ASCII'],
    ['a header that is not ASCII', { headers: { 'x-oss-meta-a': 'ü' } }, 'ASCII'],
    ['a header twice', { headers: { 'X-Oss-Meta-A': '1', 'x-oss-meta-a': '2' } }, 'twice'],
    ['a bucket that is a path', { bucket: 'a/b' }, 'bucket'],
    ['a bucket that is another host', { bucket: 'evil.example.com#' }, 'bucket'],
    ['a bucket in capitals', { bucket: 'Reports' }, 'bucket'],
    ['half a character in the key', { key: '\ud800' }, 'key'],
    ['half a character in the query', { query: { a: '\udfff' } }, 'query'],
    ['a number in the query', { query: { partNumber: 1 } }, 'string'],
    ['a method that is none', { method: 'GET /' }, 'method'],
  ])('%s', (_what, change, named) => expect(misuse(sign, { request: change })).toContain(named))

  test.each([
    ['no instant', { now: undefined }, 'now'],
    ['an invalid instant', { now: new Date(Number.NaN) }, 'now'],
    ['a number as instant', { now: 1 }, 'now'],
  ])('%s', (_what, change, named) => expect(misuse(sign, { options: change })).toContain(named))

  test.each([
    ['a secret that hides', { accessKeySecret: { toString: (): string => 'x' } }, 'accessKeySecret'],
    ['an empty secret', { accessKeySecret: '' }, 'accessKeySecret'],
    ['a key id with a line break', { accessKeyId: 'a\nb' }, 'accessKeyId'],
    ['a token with a line break', { securityToken: 'CAIS\r\na: b' }, 'securityToken'],
    ['a token that is no text', { securityToken: {} }, 'securityToken'],
    ['expired credentials', { expiresAt: now }, 'expired'],
    ['expired credentials of the library', { expiresAt: undefined, expiration: now }, 'expired'],
    ['an expiry that is no Date', { expiresAt: '2026-11-21T13:00:00Z' }, 'expiresAt'],
  ])('%s', (_what, change, named) => expect(misuse(sign, { credentials: change })).toContain(named))
})

describe.each(Object.entries(presigners))('%s refuses', (_name, presign) => {
  test.each([0, -1, 1.5, Number.NaN, Infinity, '60', [60], 2 ** 31])(
    'an expiry of %s seconds',
    (expiresSeconds) => expect(misuse(presign, { options: { expiresSeconds } })).toContain('expiresSeconds'),
  )

  test.each([
    ['http', { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' }],
    ['http to a name of the loopback', { endpoint: 'http://localhost:8080' }],
    ['an endpoint with a path', { endpoint: 'https://example.com/x' }],
    ['an endpoint with a query', { endpoint: 'https://example.com/?x' }],
    ['an endpoint with a user', { endpoint: 'https://user:pass@example.com' }],
    ['an endpoint that is none', { endpoint: 'a b' }],
    ['a virtual host of an address', { endpoint: 'http://127.0.0.1:80', style: 'virtual-host' }],
    ['cname without an endpoint', { style: 'cname' }],
    ['a style that is none', { style: 'subdomain' }],
    ['neither region nor endpoint', { region: undefined }],
  ])('%s', (_what, change) => expect(misuse(presign, { options: change })).toMatch(/endpoint|style|region/))

  test.each(['.', '..'])('the key %s, which no URL can name', (key) =>
    expect(misuse(presign, { request: { key } })).toContain('key'),
  )
})

test('V4 refuses more than seven days, also when the credentials end before', () => {
  expect(misuse(presignV4, { options: { expiresSeconds: 604_801 } })).toContain('604800')
})

test.each(['signHeadersV4', 'presignV4'] as const)(
  '%s needs a region, and signs what it is to sign',
  (name) => {
    const sign = { signHeadersV4, presignV4 }[name]
    for (const region of [undefined, '', 'cn/hangzhou', 'cn hangzhou'])
      expect(misuse(sign, { options: { region, endpoint: 'oss.example.com' } })).toContain('region')
    expect(misuse(sign, { options: { product: 's3' } })).toContain('product')
    expect(misuse(sign, { options: { additionalHeaders: ['range'] } })).toContain('range')
    const elsewhere = {
      request: { headers: { host: 'evil.example' } },
      options: { additionalHeaders: ['host'] },
    }
    expect(misuse(sign, elsewhere)).toContain('evil.example')
  },
)

describe.each(Object.entries({ signHeadersV1, presignV1 }))(
  '%s refuses what V1 cannot say',
  (_name, sign) => {
    test.each([
      ['a key that reads as a sub-resource', { key: 'may.csv?acl' }],
      ['one with a value', { key: 'a?b=c&uploadId=1' }],
      ['a value that reads as one', { query: { 'response-content-type': 'a&acl' } }],
      ['a name that reads as one', { query: { 'x-oss-a&acl': '' } }],
      ['a sub-resource given twice', { query: { uploadId: ['1', '2'] } }],
    ])('%s', (_what, change) => expect(misuse(sign, { request: change })).toContain('V4'))

    test('further headers', () => {
      const change = {
        request: { headers: { range: 'bytes=0-' } },
        options: { additionalHeaders: ['range'] },
      }
      expect(misuse(sign, change)).toContain('additionalHeaders')
    })

    test('an extra sub-resource that a key reads as', () => {
      const change = { request: { key: 'a?x-my' }, options: { extraSubResources: ['x-my'] } }
      expect(misuse(sign, change)).toContain('V4')
    })

    test('but not a question mark or ampersand that means nothing', () => {
      for (const key of ['what?', 'a?b', 'R&D', '?', '&&'])
        expect(() => sign({ ...request, key }, credentials, options)).not.toThrow()
    })
  },
)

test('[P] the token is in one place, once', () => {
  const query = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
  const headers = fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.stringMatching(/^[ -~]{0,8}$/))
  const count = (text: string) => text.split('CAIS').length - 1
  fc.assert(
    fc.property(query, headers, fc.string(), (members, others, key) => {
      const each = { method: 'GET', bucket: 'b', key: `k${key}`, query: members, headers: others }
      for (const sign of Object.values(headerSigners)) {
        const result = answerOf(() => sign(each, credentials, options))
        if (result === undefined) continue
        expect(count(JSON.stringify(result))).toBe(1)
        expect(result['x-oss-security-token']).toBe('CAIS+token==')
        expect(requestUrl(each, options)).not.toContain('CAIS')
      }
      for (const presign of Object.values(presigners)) {
        const url = answerOf(() => presign(each, credentials, options))
        if (url !== undefined) expect(count(url)).toBe(1)
      }
    }),
  )
})

/** undefined for a request that is refused. */
function answerOf<T>(sign: () => T): T | undefined {
  try {
    return sign()
  } catch (error) {
    if (isSesameError(error, 'ERR_USAGE')) return undefined
    throw error
  }
}
