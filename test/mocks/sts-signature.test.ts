import { expect, test } from 'vitest'
import type { RecordedRequest } from '../../mocks/index.ts'
import { readRpc1 } from '../../mocks/signature/rpc1.ts'

function received(method: string, query: string, form?: string): RecordedRequest {
  return {
    method,
    path: '/',
    query: {},
    queryAll: new URLSearchParams(query),
    headers: form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
    body: undefined,
    text: form ?? '',
    atMs: 0,
    connectionId: 1,
    remoteAddress: '',
  }
}

const published =
  'SignatureVersion=1.0&Action=DescribeRegions&Format=XML&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf' +
  '&Version=2014-05-26&AccessKeyId=testid&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D&SignatureMethod=HMAC-SHA1' +
  '&Timestamp=2016-02-23T12%3A46%3A24Z'

test('RPC v1: the published example', () => {
  const signed = readRpc1(received('GET', published))
  expect(signed?.accessKeyId).toBe('testid')
  expect(signed?.isSignedWith('testsecret')).toBe(true)
  expect(signed?.isSignedWith('testsecretx')).toBe(false)
})

test('RPC v1: the method, every parameter of query and form, and a name that comes twice count', () => {
  const isSigned = (request: RecordedRequest) => readRpc1(request)?.isSignedWith('testsecret')
  expect(isSigned(received('POST', published))).toBe(false)
  expect(isSigned(received('GET', `${published}&More=1`))).toBe(false)
  expect(isSigned(received('GET', published, 'More=1'))).toBe(false)
  expect(isSigned(received('GET', `${published}&Format=XML`))).toBe(false)
  expect(isSigned(received('GET', published.replace('DescribeRegions', 'DescribeZones')))).toBe(false)
  expect(isSigned(received('GET', published.replace('HMAC-SHA1', 'HMAC-MD5')))).toBe(false)
})

test('RPC v1: what is not signed is not read', () => {
  expect(readRpc1(received('GET', published.replace('Signature=', 'Sig=')))).toBeUndefined()
  expect(readRpc1(received('GET', ''))).toBeUndefined()
})
