import { expect, test } from 'vitest'
import { checkSettings } from '../../src/profiles/index.ts'
import { normalizeRegion } from '../../src/values/index.ts'

test.each([
  ['cn-hangzhou', 'cn-hangzhou'],
  ['oss-cn-hangzhou', 'cn-hangzhou'],
  ['OSS-CN-Hangzhou', 'cn-hangzhou'],
  ['oss-cn-hangzhou-internal', 'cn-hangzhou'],
  ['  CN-SHANGHAI\n', 'cn-shanghai'],
  ['us-west-1', 'us-west-1'],
  ['cn-beijing-finance-1', 'cn-beijing-finance-1'],
  ['oss-rg-china-mainland', 'rg-china-mainland'],
])('[case 154] the region %j is %s', (text, region) => {
  expect(normalizeRegion(text)).toBe(region)
  expect(checkSettings({ region: text })).toEqual({ region })
})

test.each([
  'cn hangzhou',
  'oss-',
  'oss',
  '-',
  '',
  'cn',
  'cn/x',
  'cn-hangzhou.aliyuncs.com',
  'cn-höngzhou',
  'a;b-c',
])('[case 154] %j is no region', (text) => {
  expect(() => normalizeRegion(text)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG',
      message: expect.stringMatching(/^--region must be a region id/),
    }),
  )
})
