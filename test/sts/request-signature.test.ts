import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RecordedRequest, readAcs3 } from '../../mocks/index.ts'
import { Secret } from '../../src/kit/secret.ts'
import { canonicalQuery, signRequest } from '../../src/sts/request-signature.ts'

const published = {
  method: 'POST',
  host: 'ecs.cn-shanghai.aliyuncs.com',
  action: 'RunInstances',
  version: '2014-05-26',
  query: {
    ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    RegionId: 'cn-shanghai',
  },
} as const
const key = { accessKeyId: 'YourAccessKeyId', accessKeySecret: new Secret('YourAccessKeySecret') }
const now = new Date('2023-10-26T10:22:32Z')

describe('ACS3-HMAC-SHA256', () => {
  test('the published example', () => {
    const headers = signRequest(published, key, { now, nonce: '3156853299f313e23d1673dc12e1703d' })
    expect(headers.authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,' +
        'SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,' +
        'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
  })

  test('the order of the parameters does not matter', () => {
    const { ImageId, RegionId } = published.query
    const sign = (query: Record<string, string>) =>
      signRequest({ ...published, query }, key, { now, nonce: 'n' }).authorization
    expect(sign({ RegionId, ImageId })).toBe(sign({ ImageId, RegionId }))
    expect(sign({ RegionId, ImageId })).not.toBe(sign({ RegionId }))
  })

  test('a security token is signed, in a header', () => {
    const securityToken = new Secret('CAIStokenCAIStokenCAIStoken')
    const headers = signRequest(published, { ...key, securityToken }, { now, nonce: 'n' })
    expect(headers['x-acs-security-token']).toBe(securityToken.reveal())
    expect(headers.authorization).toContain(';x-acs-security-token;')
  })

  test('a nonce of its own for each request', () => {
    const nonces = Array.from({ length: 50 }, () => signRequest(published, key, { now }))
    expect(new Set(nonces.map((headers) => headers['x-acs-signature-nonce'])).size).toBe(50)
  })

  test('whatever the parameters and keys hold, a server that computes on its own agrees', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.constantFrom("!'()*~ +%&=/", '\ud800'),
    )
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,9}$/)
    fc.assert(
      fc.property(fc.dictionary(name, text), fc.string({ minLength: 1 }), (query, secret) => {
        const call = { ...published, query }
        const headers = signRequest(call, { ...key, accessKeySecret: new Secret(secret) }, { now })
        const signed = readAcs3(received(canonicalQuery(query), { host: call.host, ...headers }))
        expect(signed?.isSignedWith(secret)).toBe(true)
        expect(signed?.isSignedWith(`${secret}x`)).toBe(false)
      }),
    )
  })
})

/** A request as the mock's server records it. */
function received(query: string, headers: Record<string, string>): RecordedRequest {
  return {
    method: 'POST',
    path: '/',
    query: {},
    queryAll: new URL(`http://mock.invalid/?${query}`).searchParams,
    headers,
    body: undefined,
    text: '',
    atMs: 0,
    connectionId: 1,
    remoteAddress: '',
  }
}
