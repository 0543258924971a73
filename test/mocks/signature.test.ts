import { expect, test } from 'vitest'
import { type RecordedRequest, readAcs3, readOssSignature, type SignedRequest } from '../../mocks/index.ts'
import { readAws4 } from '../../mocks/signature/aws4.ts'

/** A request as the mocks record it. */
function recorded(method: string, target: string, headers: Record<string, string>): RecordedRequest {
  const url = new URL(target, 'http://mock.invalid')
  return {
    method,
    path: url.pathname,
    query: {},
    queryAll: url.searchParams,
    headers,
    body: undefined,
    text: '',
    atMs: 0,
    connectionId: 1,
    remoteAddress: '',
  }
}

function expectSigned(signed: SignedRequest | undefined, accessKeyId: string, secret: string): void {
  expect(signed?.accessKeyId).toBe(accessKeyId)
  expect(signed?.isSignedWith(secret)).toBe(true)
  expect(signed?.isSignedWith(`${secret}x`)).toBe(false)
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

test('ACS3: the published example', () => {
  const query = 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai'
  const signedHeaders =
    'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
  const signature = '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0'
  const request = recorded('POST', `/?${query}`, {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': emptyHash,
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
    authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${signedHeaders},Signature=${signature}`,
  })
  expectSigned(readAcs3(request), 'YourAccessKeyId', 'YourAccessKeySecret')
  const unsigned = { ...request, headers: { ...request.headers, 'x-acs-security-token': 'smuggled' } }
  expect(readAcs3(unsigned)?.isSignedWith('YourAccessKeySecret')).toBe(false)
})

test('AWS4: the published example', () => {
  const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'
  const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
  const names = 'host;range;x-amz-content-sha256;x-amz-date'
  const request = recorded('GET', '/test.txt', {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': emptyHash,
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`,
  })
  expectSigned(readAws4(request), 'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')
  const unsigned = { ...request, headers: { ...request.headers, 'x-amz-security-token': 'smuggled' } }
  expect(readAws4(unsigned)?.isSignedWith('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(false)
})

test.each([
  ['/examplebucket/nelson', 'kSHKmLxlyEAKtZPkJhG9bZb5k7M='],
  ['/examplebucket/nelson?acl', '/afkugFbmWDQ967j1vr6zygBLQk='],
])('OSS V1: the published vector of %s', (target, signature) => {
  const date = 'Wed, 28 Dec 2022 10:27:41 GMT'
  const request = recorded('PUT', target, {
    'content-md5': 'eB5eJF1ptWaXm4bijSPyxw==',
    'content-type': 'text/html',
    'x-oss-meta-author': 'alice',
    'x-oss-meta-magic': 'abracadabra',
    'x-oss-date': date,
    authorization: `OSS ak:${signature}`,
  })
  expectSigned(readOssSignature(request), 'ak', 'sk')
})

test('OSS V4: a request of ossutil 1.7.19, which signs its Date as it stands and sends no x-oss-date', () => {
  const signature = '23a513aad8b219a27eef36be12ac68382bcb5fa08300dcc6ad34c9e932a4a1a6'
  const request = recorded('GET', '/?marker=&prefix=', {
    date: 'Thu, 26 Nov 2026 14:24:22 GMT',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-security-token': 'c',
    authorization: `OSS4-HMAC-SHA256 Credential=STS.a/20261126/cn-hangzhou/oss/aliyun_v4_request,Signature=${signature}`,
  })
  const signed = readOssSignature(request)
  expectSigned(signed, 'STS.a', 'b')
  expect(signed?.signedAt).toEqual(new Date('2026-11-26T14:24:22Z'))
})

test('OSS V4: the published vector', () => {
  const query = 'param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2=&%7Cparam2=&param2='
  const signature = 'e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe'
  const request = recorded('PUT', `/bucket/1234%2B-/123/1.txt?${query}`, {
    'x-oss-head1': 'value',
    abc: 'value',
    zabc: 'value',
    xyz: 'value',
    'content-type': 'text/plain',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-date': '20231216T162057Z',
    authorization: `OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature=${signature}`,
  })
  expectSigned(readOssSignature(request), 'ak', 'sk')
})
