import { describe, expect, test } from 'vitest'
import { presignV4, requestUrl } from '../../src/oss/index.ts'

const request = { method: 'GET', bucket: 'reports', key: 'x' }
const credentials = { accessKeyId: 'ak', accessKeySecret: 'sk' }
const now = new Date('2026-01-01T00:00:00Z')

describe('[case 157] the name of an endpoint says its region', () => {
  test.each([
    ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
    ['OSS-CN-Hangzhou-Internal.aliyuncs.com', 'cn-hangzhou'],
    ['https://oss-eu-central-1.aliyuncs.com', 'eu-central-1'],
    ['s3.oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
    ['s3.oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou'],
    ['vpc100-oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    ['cn-hangzhou.oss.aliyuncs.com', 'cn-hangzhou'],
    ['cn-shanghai-finance.oss.aliyuncs.com', 'cn-shanghai-finance-1'],
    ['oss-cn-hzjbp-b-internal.aliyuncs.com', 'cn-hangzhou-finance'],
    ['oss-cn-hzfinance.aliyuncs.com', 'cn-hangzhou-finance'],
    ['oss-cn-szfinance-internal.aliyuncs.com', 'cn-shenzhen-finance-1'],
    ['oss-cn-shanghai-finance-1-internal.aliyuncs.com', 'cn-shanghai-finance-1'],
    ['oss-cn-beijing-finance-1-pub-internal.aliyuncs.com', 'cn-beijing-finance-1'],
    ['oss-cn-north-2-gov-1.aliyuncs.com', 'cn-north-2-gov-1'],
    ['reports.oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
  ])('%s is in %s', (endpoint, region) => {
    const url = new URL(presignV4(request, credentials, { endpoint, now }))
    expect(url.searchParams.get('x-oss-credential')).toBe(`ak/20260101/${region}/oss/aliyun_v4_request`)
  })

  test('the accelerated endpoints and those of others do not', () => {
    for (const endpoint of [
      'oss-accelerate.aliyuncs.com',
      'oss-accelerate-overseas.aliyuncs.com',
      'files.example.com',
    ])
      expect(() => presignV4(request, credentials, { endpoint, now })).toThrow('options.region is needed')
  })

  test('an explicit region outranks it, in any spelling', () => {
    const options = { endpoint: 'oss-cn-hzjbp-a-internal.aliyuncs.com', region: 'OSS-CN-Shenzhen', now }
    expect(presignV4(request, credentials, options)).toContain('cn-shenzhen%2Foss')
  })
})

describe('[case 157] where a request goes', () => {
  test.each([
    [{ endpoint: 'reports.oss-cn-hangzhou.aliyuncs.com' }, 'https://reports.oss-cn-hangzhou.aliyuncs.com/x'],
    [{ endpoint: 'Reports.OSS-cn-hangzhou.aliyuncs.com' }, 'https://reports.oss-cn-hangzhou.aliyuncs.com/x'],
    [{ endpoint: 'reports.cn-hangzhou.oss.aliyuncs.com' }, 'https://reports.cn-hangzhou.oss.aliyuncs.com/x'],
    [{ endpoint: 'reports.oss-accelerate.aliyuncs.com' }, 'https://reports.oss-accelerate.aliyuncs.com/x'],
    [{ endpoint: 'cn-hangzhou.oss.aliyuncs.com' }, 'https://reports.cn-hangzhou.oss.aliyuncs.com/x'],
    [{ region: 'cn-hangzhou-finance' }, 'https://reports.oss-cn-hzfinance.aliyuncs.com/x'],
    [{ region: 'cn-shanghai-finance-1' }, 'https://reports.oss-cn-shanghai-finance-1-pub.aliyuncs.com/x'],
    [{ region: 'CN-Hangzhou' }, 'https://reports.oss-cn-hangzhou.aliyuncs.com/x'],
  ])('%j', (options, url) => expect(requestUrl(request, options)).toBe(url))

  test('an endpoint that names another bucket is refused', () => {
    expect(() => requestUrl(request, { endpoint: 'other.oss-cn-hangzhou.aliyuncs.com' })).toThrow(
      'options.endpoint names the bucket "other"',
    )
  })
})

describe('[case 195] V1 signs the sub-resources that the SDKs sign', async () => {
  const { signHeadersV1 } = await import('../../src/oss/index.ts')
  const signatureWith = (query: Record<string, string>) =>
    signHeadersV1({ ...request, query }, credentials, { now }).authorization
  test.each(
    'publicAccessBlock style styleName httpsConfig accessPoint accessPointPolicy bucketArchiveDirectRead img policyStatus processConfiguration redundancyTransition seal udf udfName udfImage udfApplication vip vpcip'.split(
      ' ',
    ),
  )('%s', (name) => expect(signatureWith({ [name]: '' })).not.toBe(signatureWith({})))
})
