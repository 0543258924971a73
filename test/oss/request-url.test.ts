import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OssDestination, requestUrl } from '../../src/oss/index.ts'

const region = 'cn-hangzhou'
const request = { method: 'GET', bucket: 'reports', key: 'may.csv' }

describe('where a request goes', () => {
  test.each<[OssDestination, string]>([
    [{ region }, 'https://reports.oss-cn-hangzhou.aliyuncs.com/may.csv'],
    [{ region: 'oss-cn-hangzhou' }, 'https://reports.oss-cn-hangzhou.aliyuncs.com/may.csv'],
    [{ region, style: 'path' }, 'https://oss-cn-hangzhou.aliyuncs.com/reports/may.csv'],
    [{ endpoint: 'oss-accelerate.aliyuncs.com' }, 'https://reports.oss-accelerate.aliyuncs.com/may.csv'],
    [{ endpoint: 'https://files.example.com', style: 'cname' }, 'https://files.example.com/may.csv'],
    [{ endpoint: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080/reports/may.csv'],
    [{ endpoint: 'http://127.0.0.1:8080', style: 'cname' }, 'http://127.0.0.1:8080/may.csv'],
    [{ endpoint: 'http://[::1]:8080/' }, 'http://[::1]:8080/reports/may.csv'],
    [{ endpoint: '10.0.0.1' }, 'https://10.0.0.1/reports/may.csv'],
    [
      { endpoint: 'cb-f8z.cn-hangzhou.oss-cloudbox.aliyuncs.com', product: 'oss-cloudbox', region: 'cb-f8z' },
      'https://reports.cb-f8z.cn-hangzhou.oss-cloudbox.aliyuncs.com/may.csv',
    ],
  ])('%j', (options, url) => expect(requestUrl(request, options)).toBe(url))

  test('without a key, and without a bucket', () => {
    const bucket = { method: 'GET', bucket: 'reports', query: { acl: '', prefix: 'a b', tag: ['1', '2'] } }
    expect(requestUrl(bucket, { region })).toBe(
      'https://reports.oss-cn-hangzhou.aliyuncs.com/?acl&prefix=a%20b&tag=1&tag=2',
    )
    expect(requestUrl({ method: 'GET' }, { region })).toBe('https://oss-cn-hangzhou.aliyuncs.com/')
    expect(requestUrl({ ...bucket, query: {} }, { region, style: 'path' })).toBe(
      'https://oss-cn-hangzhou.aliyuncs.com/reports/',
    )
  })
})

describe('a key in a URL', () => {
  test.each([
    ['a b+c', '/a%20b%2Bc'],
    ['a%2Fb', '/a%252Fb'],
    ['日本', '/%E6%97%A5%E6%9C%AC'],
    ["!'()*~", '/%21%27%28%29%2A~'],
    ['folder/', '/folder/'],
    ['/leading', '/%2Fleading'],
    ['a//b', '/a%2F%2Fb'],
    ['a/../b', '/a%2F..%2Fb'],
    ['./a', '/.%2Fa'],
    ['a/..', '/a%2F..'],
    ['?acl#x', '/%3Facl%23x'],
    ['...', '/...'],
  ])('%s', (key, path) => expect(new URL(requestUrl({ ...request, key }, { region })).pathname).toBe(path))

  test('[P] is the same key for every reader of the URL', () => {
    const segment = fc.oneof(fc.constantFrom('', '.', '..', '%2e', '/'), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(fc.array(segment), fc.constantFrom('path', 'virtual-host'), (segments, style) => {
        const key = segments.join('/')
        fc.pre(key !== '.' && key !== '..')
        const { pathname, search, hash } = new URL(requestUrl({ ...request, key }, { region, style }))
        const folder = style === 'path' ? '/reports/' : '/'
        expect(decodeURIComponent(pathname)).toBe(`${folder}${key}`)
        expect(search + hash).toBe('')
      }),
    )
  })
})
