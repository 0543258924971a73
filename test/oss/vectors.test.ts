import { describe, expect, test } from 'vitest'
import { presignV1, presignV4, signHeadersV1, signHeadersV4 } from '../../src/oss/index.ts'

/*
 * Vectors that the vendor's own SDKs are tested with: alibabacloud-oss-go-sdk-v2 oss/signer and
 * alibabacloud-oss-python-sdk-v2 tests/unit/signer.
 */

const credentials = { accessKeyId: 'ak', accessKeySecret: 'sk' }
const at = (unixSeconds: number) => new Date(unixSeconds * 1000)

describe('V1', () => {
  const request = {
    method: 'PUT',
    bucket: 'examplebucket',
    key: 'nelson',
    headers: {
      'Content-MD5': 'eB5eJF1ptWaXm4bijSPyxw==',
      'Content-Type': 'text/html',
      'x-oss-meta-author': 'alice',
      'x-oss-meta-magic': 'abracadabra',
    },
  }
  const options = { now: new Date('Wed, 28 Dec 2022 10:27:41 GMT') }

  test('in headers', () => {
    const headers = signHeadersV1(request, credentials, options)
    expect(headers.authorization).toBe('OSS ak:kSHKmLxlyEAKtZPkJhG9bZb5k7M=')
    expect(headers).toMatchObject({
      'x-oss-date': 'Wed, 28 Dec 2022 10:27:41 GMT',
      'content-type': 'text/html',
      'x-oss-meta-author': 'alice',
    })
  })

  test('in headers, with a sub-resource', () => {
    const { authorization } = signHeadersV1({ ...request, query: { acl: '' } }, credentials, options)
    expect(authorization).toBe('OSS ak:/afkugFbmWDQ967j1vr6zygBLQk=')
  })

  test('in the URL', () => {
    const url = presignV1(
      { method: 'GET', bucket: 'bucket', key: 'key', query: { versionId: 'versionId' } },
      credentials,
      { now: at(1_699_807_420 - 600), expiresSeconds: 600, region: 'cn-hangzhou' },
    )
    expect(url).toBe(
      'https://bucket.oss-cn-hangzhou.aliyuncs.com/key?versionId=versionId&OSSAccessKeyId=ak&Expires=1699807420&Signature=dcLTea%2BYh9ApirQ8o8dOPqtvJXQ%3D',
    )
  })
})

describe('V4', () => {
  const headers = { 'x-oss-head1': 'value', abc: 'value', ZAbc: 'value', XYZ: 'value' }
  const request = {
    method: 'PUT',
    bucket: 'bucket',
    key: '1234+-/123/1.txt',
    query: {
      param1: 'value1',
      '+param1': 'value3',
      '|param1': 'value4',
      '+param2': '',
      '|param2': '',
      param2: '',
    },
  }

  test('in headers', () => {
    const signed = signHeadersV4(
      {
        ...request,
        headers: { ...headers, 'content-type': 'text/plain', 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      credentials,
      { now: at(1_702_743_657), region: 'cn-hangzhou' },
    )
    expect(signed).toMatchObject({
      'x-oss-date': '20231216T162057Z',
      'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
      authorization:
        'OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature=e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe',
    })
  })

  test('in the URL', () => {
    const url = presignV4(
      { ...request, headers: { ...headers, 'content-type': 'application/octet-stream' } },
      credentials,
      { now: at(1_702_781_677), region: 'cn-hangzhou', expiresSeconds: 599 },
    )
    const { origin, pathname, searchParams } = new URL(url)
    expect(`${origin}${pathname}`).toBe('https://bucket.oss-cn-hangzhou.aliyuncs.com/1234%2B-/123/1.txt')
    expect(searchParams.get('x-oss-credential')).toBe('ak/20231217/cn-hangzhou/oss/aliyun_v4_request')
    expect(searchParams.get('x-oss-signature')).toBe(
      'a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe',
    )
  })
})
