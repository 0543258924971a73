import { describe, expect, test } from 'vitest'
import { stsEndpoint } from '../../src/values/index.ts'

describe('where STS answers', () => {
  test.each([
    [{}, 'https://sts.aliyuncs.com'],
    [{ region: 'cn-hangzhou' }, 'https://sts.cn-hangzhou.aliyuncs.com'],
    [{ region: 'ap-southeast-1' }, 'https://sts.ap-southeast-1.aliyuncs.com'],
    [{ region: 'cn-shanghai-finance-1' }, 'https://sts.cn-shanghai-finance-1.aliyuncs.com'],
    [{ region: 'cn-wuhan' }, 'https://sts.aliyuncs.com'],
    [{ region: 'cn-wuhan', vpc: true }, 'https://sts-vpc.cn-wuhan.aliyuncs.com'],
    [{ region: 'cn-hangzhou', vpc: true }, 'https://sts-vpc.cn-hangzhou.aliyuncs.com'],
    [{ region: 'cn-hangzhou', vpc: false }, 'https://sts.cn-hangzhou.aliyuncs.com'],
    [{ endpoint: 'sts.example.com' }, 'https://sts.example.com'],
    [{ endpoint: ' sts.example.com:8443 ' }, 'https://sts.example.com:8443'],
    [{ endpoint: 'sts.example.com', region: 'cn-hangzhou', vpc: true }, 'https://sts.example.com'],
    [{ endpoint: 'localhost:8080' }, 'https://localhost:8080'],
    [{ endpoint: '127.0.0.1:8080' }, 'https://127.0.0.1:8080'],
    [{ endpoint: '[::1]:8080' }, 'https://[::1]:8080'],
    [{ endpoint: 'https://sts.example.com/' }, 'https://sts.example.com'],
    [{ endpoint: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080'],
    [{ endpoint: 'http://[::1]:8080/' }, 'http://[::1]:8080'],
    [{ endpoint: 'STS.Example.COM.' }, 'https://sts.example.com'],
  ])('%j', (choice, url) => {
    expect(stsEndpoint(choice)).toBe(url)
  })

  test.each([
    'ap-northeast-2-pop',
    'ap-south-1',
    'ap-southeast-2',
    'cn-beijing-finance-pop',
    'cn-beijing-gov-1',
    'cn-edge-1',
    'cn-fujian',
    'cn-hongkong-finance-pop',
    'cn-wuhan',
    'cn-yushanfang',
    'cn-zhangbei',
    'eu-west-1-oxs',
    'rus-west-1-pop',
  ])('the region %s has no endpoint but inside of a VPC', (region) => {
    expect(stsEndpoint({ region })).toBe('https://sts.aliyuncs.com')
    expect(stsEndpoint({ region, vpc: true })).toBe(`https://sts-vpc.${region}.aliyuncs.com`)
  })

  test.each(['cn-beijing', 'cn-shanghai', 'cn-hongkong', 'ap-southeast-1', 'eu-west-1', 'us-east-1'])(
    'the region %s has one of its own',
    (region) => {
      expect(stsEndpoint({ region })).toBe(`https://sts.${region}.aliyuncs.com`)
    },
  )

  test.each([
    ['http to a name', { endpoint: 'http://sts.aliyuncs.com' }, 'ERR_INSECURE_URL'],
    ['http to localhost', { endpoint: 'http://localhost:8080' }, 'ERR_INSECURE_URL'],
    ['another scheme', { endpoint: 'ftp://127.0.0.1' }, 'ERR_INSECURE_URL'],
    ['a password', { endpoint: 'https://me:hunter2@sts.aliyuncs.com' }, 'ERR_INSECURE_URL'],
    ['a password before a host', { endpoint: 'me:hunter2@sts.aliyuncs.com' }, 'ERR_CONFIG'],
    ['a path', { endpoint: 'https://sts.aliyuncs.com/v1' }, 'ERR_CONFIG'],
    ['a query', { endpoint: 'https://sts.aliyuncs.com/?a=1' }, 'ERR_CONFIG'],
    ['a host with a path', { endpoint: 'sts.aliyuncs.com/v1' }, 'ERR_CONFIG'],
    ['nothing', { endpoint: '' }, 'ERR_CONFIG'],
    ['a space', { endpoint: 'sts aliyuncs com' }, 'ERR_CONFIG'],
    ['a port too high', { endpoint: 'sts.aliyuncs.com:70000' }, 'ERR_CONFIG'],
    ['half a URL', { endpoint: 'https://' }, 'ERR_CONFIG'],
    ['a region with a dot', { region: 'evil.example.com/' }, 'ERR_CONFIG'],
    ['an empty region', { region: '' }, 'ERR_CONFIG'],
    ['a region in capitals', { region: 'CN-HANGZHOU' }, 'ERR_CONFIG'],
    ['a VPC without a region', { vpc: true }, 'ERR_CONFIG'],
  ])('%s is refused', (_, choice, code) => {
    expect(() => stsEndpoint(choice)).toThrow(expect.objectContaining({ code }))
    expect(() => stsEndpoint(choice)).not.toThrow(/hunter2.*@/)
  })
})
