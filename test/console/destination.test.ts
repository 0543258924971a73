import { describe, expect, test } from 'vitest'
import {
  consoleDestination,
  federationEndpoint,
  serviceNames,
  serviceSpellings,
} from '../../src/console/index.ts'

describe('a page of the console', () => {
  test.each([
    ['https://home.console.aliyun.com', 'https://home.console.aliyun.com/'],
    ['https://console.aliyun.com/', 'https://console.aliyun.com/'],
    ['https://ecs.console.aliyun.com/#/server/region/cn-hangzhou', undefined],
    ['https://oss.console.alibabacloud.com/bucket/oss-cn-hongkong/reports?a=b%20c', undefined],
    ['HTTPS://ECS.Console.Aliyun.COM/Server', 'https://ecs.console.aliyun.com/Server'],
    ['  <https://ram.console.aliyun.com/roles> ', 'https://ram.console.aliyun.com/roles'],
    ['https://sls.console.aliyun.com/日志', 'https://sls.console.aliyun.com/%E6%97%A5%E5%BF%97'],
    ['https://a.b.console.aliyun.com?x', 'https://a.b.console.aliyun.com/?x'],
  ])('%s is one', (url, normal = url) => {
    expect(consoleDestination({ url, site: 'cn' })).toBe(normal)
  })

  test.each([
    'http://ecs.console.aliyun.com/',
    'ecs.console.aliyun.com',
    '//ecs.console.aliyun.com',
    'javascript:alert(1)//https://ecs.console.aliyun.com/',
    'https:ecs.console.aliyun.com',
    'https:/ecs.console.aliyun.com',
    'https:///ecs.console.aliyun.com',
    'https://evil-aliyun.com/',
    'https://console.evil-aliyun.com/',
    'https://evilconsole.aliyun.com/',
    'https://console.aliyun.com.evil.example/',
    'https://ecs.console.aliyun.com.cn/',
    'https://ecs.console.aliyun.comevil.example/',
    'https://www.aliyun.com/',
    'https://signin.aliyun.com/logout?back=https://ecs.console.aliyun.com/',
    'https://account.aliyun.com/login?oauth_callback=https://ecs.console.aliyun.com/',
    'https://bucket.oss-cn-hangzhou.aliyuncs.com/console.aliyun.com',
    'https://ecs.console.aliyuncs.com/',
    'https://ecs.console.aliyun.com./',
    'https://ecs.console.aliyun.com:443/',
    'https://ecs.console.aliyun.com:8443/',
    'https://ecs.console.aliyun.com:/',
    'https://user@ecs.console.aliyun.com/',
    'https://ecs.console.aliyun.com@evil.example/',
    'https://ecs.console.aliyun.com:pw@evil.example/',
    'https://ecs.console.aliyun.com\\@evil.example/',
    'https://evil.example\\.console.aliyun.com/',
    'https:\\\\ecs.console.aliyun.com/',
    'https://ecs.console.aliyun.com/\\evil',
    'https://ecs。console。aliyun。com/',
    'https://ecs.console.\u0430liyun.com/',
    'https://\uff45cs.console.aliyun.com/',
    'https://ecs.con\u017fole.aliyun.com/',
    'https://ecs.console.xn--liyun-3ve.com/',
    'https://ecs%2econsole.aliyun.com/',
    'https://evil.example%2f.console.aliyun.com/',
    'https://evil.example#.console.aliyun.com/',
    'https://evil.example?.console.aliyun.com/',
    'https://evil.example/.console.aliyun.com/',
    'https://-.console.aliyun.com/',
    'https://.console.aliyun.com/',
    'https://ecs..console.aliyun.com/',
    'https://ecs.console.aliyun.com/a\tb',
    'https://ecs.console.aliyun.com/a b',
    'https://ecs.console.aliyun.com/a\r\nb',
    'https://ecs.console\n.aliyun.com/',
    'https://ecs.con\u0000sole.aliyun.com/',
    `https://ecs.console.aliyun.com/${'x'.repeat(2000)}`,
    '',
  ])('%j is none', (url) => {
    expect(() => consoleDestination({ url, site: 'cn' })).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringMatching(/no page of the Alibaba Cloud console/),
      }),
    )
  })

  test('what is refused is shown without its password', () => {
    const url = 'https://me:swordfish@ecs.console.aliyun.com/'
    expect(() => consoleDestination({ url, site: 'cn' })).toThrow(/^(?!.*swordfish).*…@ecs/)
  })
})

describe('a service', () => {
  test.each([
    [{ site: 'cn' }, 'https://home.console.aliyun.com/'],
    [{ site: 'intl' }, 'https://home.console.alibabacloud.com/'],
    [{ service: 'ecs', site: 'cn' }, 'https://ecs.console.aliyun.com/'],
    [
      { service: 'ecs', site: 'cn', region: 'cn-shanghai' },
      'https://ecs.console.aliyun.com/server/region/cn-shanghai',
    ],
    [
      { service: 'ecs', site: 'intl', region: 'ap-southeast-1' },
      'https://ecs.console.alibabacloud.com/server/region/ap-southeast-1',
    ],
    [{ service: 'ram', site: 'cn', region: 'cn-shanghai' }, 'https://ram.console.aliyun.com/'],
    [
      { service: 'rds', site: 'cn', region: 'cn-beijing' },
      'https://rdsnext.console.aliyun.com/rdsList/cn-beijing/basic',
    ],
    [
      { service: 'rds', site: 'intl', region: 'cn-beijing' },
      'https://rds.console.alibabacloud.com/rdsList/basic',
    ],
    [{ service: 'k8s', site: 'cn' }, 'https://cs.console.aliyun.com/'],
  ] as const)('%j is at %s', (wanted, url) => {
    expect(consoleDestination(wanted)).toBe(url)
  })

  test.each(['toString', '__proto__', 'ECS', 'nope'])('%s is none', (service) => {
    expect(() => consoleDestination({ service, site: 'cn' })).toThrow(/no such service/)
  })

  test.each([...serviceNames, ...serviceSpellings])(
    '%s leads to pages that could be given as --url',
    (service) => {
      for (const site of ['cn', 'intl'] as const)
        for (const region of [undefined, 'cn-hangzhou']) {
          const url = consoleDestination({ service, site, region })
          expect(consoleDestination({ url, site })).toBe(url)
        }
    },
  )
})

describe('the federation service', () => {
  test.each([
    ['cn', undefined, 'https://signin.aliyun.com/federation'],
    ['intl', undefined, 'https://signin.alibabacloud.com/federation'],
    ['cn', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080/federation'],
    ['cn', 'https://signin.cloud.example/federation', 'https://signin.cloud.example/federation'],
    ['cn', 'https://signin.cloud.example/sso/', 'https://signin.cloud.example/sso/'],
  ] as const)('of site %s with %s is %s', (site, given, endpoint) => {
    expect(federationEndpoint(site, given)).toBe(endpoint)
  })

  test.each([
    'http://signin.aliyun.com/federation',
    'http://localhost:8080/',
    'https://user:pw@signin.aliyun.com/federation',
    'https://signin.aliyun.com/federation?x=y',
    'https://signin.aliyun.com/federation#x',
    'signin.aliyun.com',
    '',
  ])('is not at %j', (given) => {
    expect(() => federationEndpoint('cn', given)).toThrow(/--console-endpoint/)
  })
})
