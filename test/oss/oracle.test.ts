import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { presignV1, presignV4, signHeadersV1, signHeadersV4 } from '../../src/oss/index.ts'
import { aliOss, asQueries, isSortedAlike } from './oracle.ts'

const region = 'cn-hangzhou'
const endpoint = 'https://oss-cn-hangzhou.aliyuncs.com'

const method = fc.constantFrom('GET', 'PUT', 'HEAD', 'DELETE', 'POST', 'get', 'Options')
const bucket = fc.constantFrom('b', 'reports', 'a-b-1')
const segment = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '+',
    '%2F',
    '%',
    ' ',
    'ü',
    '日本',
    '😀',
    "!'()*~",
    'a b',
    '&=',
    '#',
    '"<>`{}|\\^',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const key = fc
  .array(segment, { maxLength: 5 })
  .map((segments) => segments.join('/'))
  .filter((text) => text !== '.' && text !== '..')
/** What V1 can say without doubt; the rest is refused, which has tests of its own. */
const plainKey = key.filter((text) => !/[?&]/.test(text))
const name = fc.oneof(
  fc.constantFrom(
    'acl',
    'uploadId',
    'partNumber',
    'versionId',
    'x-oss-process',
    'response-content-type',
    'prefix',
  ),
  fc.string({ minLength: 1, maxLength: 5 }).filter((text) => !/^(?:__proto__|expires)$/i.test(text)),
)
const value = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 8 }))
const query = fc
  .dictionary(name, value, { maxKeys: 4, noNullPrototype: true })
  .filter((members) => isSortedAlike(Object.keys(members)))
const headerValue = fc.string({ maxLength: 10 })
const headers = fc.record(
  {
    'Content-Type': headerValue,
    'content-md5': headerValue,
    'X-Oss-Meta-A': headerValue,
    'x-oss-meta-a-b': headerValue,
    Range: headerValue,
    ZAbc: headerValue,
  },
  { requiredKeys: [], noNullPrototype: true },
)
const credentials = fc.record({
  accessKeyId: fc.constantFrom('LTAI5t', 'STS.NUxyz'),
  accessKeySecret: fc.string({ minLength: 1 }),
  securityToken: fc.option(fc.constantFrom('CAIS+/token==', 'a&b=c'), { nil: undefined }),
})
const now = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
const additionalHeaders = fc.subarray(['range', 'ZABC', 'content-type', 'x-oss-meta-a'])
const request = fc.record({ method, bucket, key, query, headers })
const requestV1 = fc
  .record({ method, bucket, key: plainKey, query, headers })
  .filter((each) => !Object.values(each.query).some((text) => text.includes('&')))
  .filter((each) => !Object.keys(each.query).some((text) => text.includes('&')))

const isSigned = ([text]: [string, string]) =>
  /^(?:acl|uploadId|partNumber|versionId|security-token|x-oss-.*|response-.*)$/.test(text)

/** Members that some other sub-resource of the list happens to be called are no matter for this test. */
const onlyKnownNames = (members: Record<string, string>) =>
  Object.keys(members).every((text) => isSigned([text, '']) || !/^[a-z]{3,5}$/i.test(text))

const lower = (all: Record<string, string>) =>
  Object.fromEntries(Object.entries(all).map(([header, text]) => [header.toLowerCase(), text.trim()]))

const present = (names: readonly string[], all: Record<string, string>) =>
  names.filter((each) => Object.hasOwn(lower(all), each.toLowerCase()))

const runs = { numRuns: 400 }

describe('held against ali-oss', () => {
  test('[P] V4 in headers', () => {
    fc.assert(
      fc.property(request, credentials, now, additionalHeaders, (each, keys, at, names) => {
        const additional = present(names, each.headers)
        const { authorization, ...sent } = signHeadersV4(each, keys, {
          region,
          now: at,
          additionalHeaders: additional,
        })
        const queries = asQueries(Object.entries(each.query))
        const { accessKeyId: id, accessKeySecret: secret } = keys
        const theirs = { headers: sent, queries }
        expect(authorization).toBe(
          aliOss.authorizationV4(id, secret, region, each.method, theirs, each.bucket, each.key, additional),
        )
        expect(sent['x-oss-security-token']).toBe(keys.securityToken)
      }),
      runs,
    )
  })

  test('[P] V4 in the URL, as a client reads it', () => {
    fc.assert(
      fc.property(request, credentials, now, additionalHeaders, (each, keys, at, names) => {
        const options = { region, endpoint, now: at, additionalHeaders: present(names, each.headers) }
        fc.pre(isSortedAlike([...Object.keys(each.query), 'x-oss-date', 'x-oss-credential', 'x-oss-expires']))
        const url = new URL(presignV4(each, keys, options))
        expect(url.host).toBe(`${each.bucket}.oss-cn-hangzhou.aliyuncs.com`)
        expect(decodeURIComponent(url.pathname)).toBe(`/${each.key}`)
        const signature = url.searchParams.get('x-oss-signature')
        url.searchParams.delete('x-oss-signature')
        const date = url.searchParams.get('x-oss-date') ?? ''
        const canonical = aliOss.getCanonicalRequest(
          each.method,
          { headers: lower(each.headers), queries: asQueries(url.searchParams) },
          each.bucket,
          each.key,
          aliOss.fixAdditionalHeaders(options.additionalHeaders),
        )
        const text = aliOss.getStringToSign(region, date, canonical)
        expect(signature).toBe(aliOss.getSignatureV4(keys.accessKeySecret, date.slice(0, 8), region, text))
        expect(url.searchParams.get('x-oss-security-token')).toBe(keys.securityToken ?? null)
      }),
      runs,
    )
  })

  test('[P] V1 in headers', () => {
    fc.assert(
      fc.property(requestV1, credentials, now, (each, keys, at) => {
        fc.pre(onlyKnownNames(each.query))
        const { authorization, ...sent } = signHeadersV1(each, keys, { now: at })
        const parameters = Object.fromEntries(Object.entries(each.query).filter(isSigned))
        const resource = `/${each.bucket}/${each.key}`
        const text = aliOss.buildCanonicalString(each.method, resource, { headers: sent, parameters })
        const signature = aliOss.computeSignature(keys.accessKeySecret, text)
        expect(authorization).toBe(`OSS ${keys.accessKeyId}:${signature}`)
      }),
      runs,
    )
  })

  test('[P] V1 in the URL, as a client reads it', () => {
    fc.assert(
      fc.property(requestV1, credentials, now, (each, keys, at) => {
        fc.pre(onlyKnownNames(each.query))
        fc.pre(keys.securityToken !== 'a&b=c')
        const url = new URL(presignV1(each, keys, { endpoint, now: at, expiresSeconds: 60 }))
        expect(decodeURIComponent(url.pathname)).toBe(`/${each.key}`)
        const { Signature: signature, Expires: expires } = Object.fromEntries(url.searchParams)
        expect(expires).toBe(String(Math.floor(at.getTime() / 1000) + 60))
        const parameters = Object.fromEntries([...url.searchParams].filter(isSigned))
        const resource = `/${each.bucket}/${each.key}`
        const theirs = { headers: lower(each.headers), parameters }
        const text = aliOss.buildCanonicalString(each.method, resource, theirs, expires)
        expect(signature).toBe(aliOss.computeSignature(keys.accessKeySecret, text))
      }),
      runs,
    )
  })
})
