import { expect, test } from 'vitest'
import { checkSettings } from '../../src/profiles/index.ts'
import { stsFor } from '../../src/session/kinds/sts-context.ts'
import { normalizeRegion } from '../../src/values/index.ts'
import { sessionWorld } from '../support/session-world.ts'

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

test('[case 154] STS, as whoami and roles ask it, is that of the region in its normal form', () => {
  const context = sessionWorld().context()
  const of = (region: string) => stsFor({ kind: 'cloudsso', region }, context).endpoint
  expect(of('oss-CN-Shanghai')).toBe('https://sts.cn-shanghai.aliyuncs.com')
  expect(() => of('cn shanghai')).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
})
