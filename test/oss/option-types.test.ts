import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
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
const credentials: OssCredentials = { accessKeyId: 'STS.N', accessKeySecret: 'secret', securityToken: 'CAIS' }
const options: OssSigningOptions = { region: 'cn-hangzhou', now }
const misuse = expect.objectContaining({ code: 'ERR_USAGE' })

/** What is no text, number, list or object although it can be made one. */
const disguised: unknown[] = [['x'], new String('x'), { toString: () => 'x' }, 5, 5n, true, null, Symbol('x')]

const signers = Object.entries({ signHeadersV4, signHeadersV1, presignV4, presignV1 })

describe.each(signers)('[case 100] %s takes nothing of another type', (name, sign) => {
  const wrong = (change: { request?: object; credentials?: object; options?: object }) =>
    expect(() =>
      sign(
        { ...request, ...change.request },
        { ...credentials, ...change.credentials },
        { ...options, ...change.options },
      ),
    ).toThrow(misuse)

  test.each(['method', 'bucket', 'key'])('request.%s', (member) => {
    for (const value of disguised) wrong({ request: { [member]: value } })
  })

  test.each(['accessKeyId', 'accessKeySecret', 'securityToken', 'expiresAt', 'expiration'])(
    'credentials.%s',
    (member) => {
      for (const value of disguised) wrong({ credentials: { [member]: value } })
    },
  )

  test.each(['region', 'endpoint', 'product', 'style', 'now', 'onNotice', 'expiresSeconds'])(
    'options.%s',
    (member) => {
      for (const value of disguised.filter((each) => member !== 'expiresSeconds' || each !== 5))
        wrong({ options: { [member]: value } })
    },
  )

  test('lists of names', () => {
    for (const value of [5, null, [5], [['host']], [''], { 0: 'host', length: 1 }, new Set(['host'])])
      for (const member of ['additionalHeaders', 'extraSubResources']) wrong({ options: { [member]: value } })
  })

  test('what has its members where the signer does not see them: they would be left unsigned', () => {
    for (const value of [new Map([['a', 'b']]), new URLSearchParams('a=b'), [['a', 'b']], 'a=b', 5, null])
      wrong({ request: { query: value } })
    for (const value of [new Headers({ a: 'b' }), new Map([['a', 'b']]), [['a', 'b']], 'a: b', null])
      wrong({ request: { headers: value } })
  })

  test('instants that have another form: years before 1970 and after 9999', () => {
    for (const iso of ['1969-12-31T23:59:59Z', '+010000-01-01T00:00:00Z'])
      wrong({ options: { now: new Date(iso) } })
    const foreign = runInNewContext(`new Date(${now.getTime()})`)
    expect(sign(request, credentials, { ...options, now: foreign })).toEqual(
      sign(request, credentials, options),
    )
  })

  test('nothing at all in place of an object', () => {
    for (const value of [undefined, null, 'x', 5, []]) {
      expect(() => sign(value as never, credentials, options)).toThrow(misuse)
      expect(() => sign(request, value as never, options)).toThrow(misuse)
      expect(() => sign(request, credentials, value as never)).toThrow(misuse)
    }
  })

  test('each option is read once', () => {
    const reads = new Map<string, number>()
    const counted = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(on, member, receiver) {
          if (typeof member === 'string') reads.set(member, (reads.get(member) ?? 0) + 1)
          return Reflect.get(on, member, receiver)
        },
      })
    const all: OssSigningOptions = { ...options, expiresSeconds: 60, style: 'virtual-host' }
    sign(counted(request), counted(credentials), counted(all))
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
    expect(reads.get('now'), name).toBe(1)
  })
})

test('[case 100] requestUrl takes nothing of another type', () => {
  for (const value of disguised)
    for (const member of ['region', 'endpoint', 'product', 'style'])
      expect(() => requestUrl(request, { region: 'cn-hangzhou', [member]: value })).toThrow(misuse)
  expect(() => requestUrl(request, undefined as never)).toThrow(misuse)
})
