import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foreignHost,
  normalizeIdaasUrl,
  normalizeIssuer,
  normalizeSignInUrl,
  readSignInLink,
  stsEndpoint,
} from '../../src/values/index.ts'

describe('[case 91] the sign-in URL', () => {
  test.each([
    ['https://portal.example/acme/login', 'https://portal.example/acme/login'],
    ['HTTPS://PORTAL.example:443/Acme/login#x', 'https://portal.example/Acme/login'],
    ['https://portal.example:8443/acme/login', 'https://portal.example:8443/acme/login'],
    ['https://portal.example../acme', 'https://portal.example/acme'],
    ['https://portal.example/a/../acme', 'https://portal.example/acme'],
    ['https://bücher.example/x', 'https://xn--bcher-kva.example/x'],
    ['http://[::1]:80/x', 'http://[::1]/x'],
    ['http://127.1/x', 'http://127.0.0.1/x'],
  ])('%s becomes %s', (text, url) => {
    expect(normalizeSignInUrl(text)).toBe(url)
    expect(normalizeSignInUrl(url)).toBe(url)
  })

  test.each([
    '',
    'portal.example',
    '//portal.example/x',
    'http://portal.example/x',
    'http://localhost/x',
    'http://127.0.0.1.evil.example/x',
    'http://[::ffff:127.0.0.1]/x',
    'https://me@portal.example/x',
    'https://me:password@portal.example/x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://portal.example/',
    'https://',
    'https://.',
    'https://../x',
    'https://exa mple/',
    'https://[::1/x',
  ])('%j is refused', (text) => {
    expect(() => normalizeSignInUrl(text)).toThrow(expect.objectContaining({ code: 'ERR_INSECURE_URL' }))
  })

  test('whatever is typed: refused on one line, or https (loopback: http) without user, fragment and trailing dot', () => {
    const parts = fc.tuple(
      fc.constantFrom('https://', 'HTTPS:', 'http://127.0.0.1', 'http://', ''),
      fc.string({ maxLength: 12 }),
      fc.constantFrom('', '@host', '.example.', '/x#y', '\n', '\u202e'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ withFragments: true }),
          parts.map((each) => each.join('')),
        ),
        (text) => {
          let url: URL
          try {
            url = new URL(normalizeSignInUrl(text))
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_INSECURE_URL' })
            expect((error as Error).message).not.toMatch(/\p{Cc}/u)
            return
          }
          expect(url.protocol === 'https:' || /^(127\.|\[::1\]$)/.test(url.hostname)).toBe(true)
          expect([url.username, url.password, url.hash]).toEqual(['', '', ''])
          expect(url.hostname).not.toMatch(/\.$|^$/)
          expect(normalizeSignInUrl(url.href)).toBe(url.href)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

const host = 'signin-cn-shanghai.alibabacloudsso.com'
const acme = `https://${host}/acme/login`

describe('[case 145] one normal form for what people paste', () => {
  test.each([
    acme,
    `  ${acme}\n`,
    `"${acme}"`,
    `'${acme}'`,
    `\u201c${acme}\u201d`,
    `<${acme}>`,
    `\`${acme}\``,
    `" ${acme} "`,
    `${acme}/`,
    `${acme}//`,
    `https://${host}//acme//login`,
    `${acme}?spm=5176.12818093.0.0.5adc16d0`,
    `${acme}/?spm=a`,
    `${acme}?quickLogin=true&accountId=1&accessConfigurationName=admin&landingPage=https%3A%2F%2Fecs.console.aliyun.com`,
    `${acme}#/accounts`,
    `${acme};jsessionid=0A1B2C?x=1`,
    `https://${host}/acme;jsessionid=0A1B2C/login`,
    `https://${host}/acme`,
    `https://${host}/acme/`,
    `https://${host}/acme/home`,
    `HTTPS://${host.toUpperCase()}:443/acme/login`,
    `https://${host}./acme/login`,
    `\u200b${acme}\u200b`,
    `https://signin-cn\u200b-shanghai.alibabacloudsso.com/ac\u200bme/login\ufeff`,
    `${acme}%E2%80%8B`,
    `${acme}%20`,
    `${acme}\u00a0`,
    `https://${host}/acme/\nlogin`,
    `${host}/acme/login`,
    `https:\\\\${host}\\acme\\login`,
  ])('%j', (text) => {
    expect(normalizeSignInUrl(text)).toBe(acme)
  })

  test('the directory keeps its letters, and one that is called device is one', () => {
    expect(normalizeSignInUrl(`https://${host}/Acme-SSO/login`)).toBe(`https://${host}/Acme-SSO/login`)
    expect(normalizeSignInUrl(`https://${host}/device/login`)).toBe(`https://${host}/device/login`)
  })

  test('at other hosts the path stays, without what says nothing about the directory', () => {
    expect(normalizeSignInUrl('https://portal.example/acme/?spm=1#x')).toBe('https://portal.example/acme')
    expect(normalizeSignInUrl('https://portal.example/a/b/c/')).toBe('https://portal.example/a/b/c')
  })

  test.each([
    `https://${host}`,
    `https://${host}/`,
    `https://${host}/?quickLogin=true`,
    `https://${host}/device/code`,
    `https://${host}/device/code?user_code=KFFJ-LJXK`,
    `https://${host}/device/code/`,
    `https://${host}/login`,
    `https://${host}/saml/acs/51d298a9`,
    'https://portal.example/device/code?user_code=A',
    'https://portal.example',
    host,
    `${host}/`,
  ])('%s names no directory', (text) => {
    expect(() => normalizeSignInUrl(text)).toThrow(/names no directory/)
  })

  test('a direct access link says account and access configuration', () => {
    const query = 'quickLogin=true&accountId=1432949406168187'
    const account = { signInUrl: acme, accountId: '1432949406168187' }
    expect(readSignInLink(`${acme}?${query}&accessConfigurationName=Read%20Only&landingPage=x`)).toEqual({
      ...account,
      accessConfigurationName: 'Read Only',
    })
    expect(readSignInLink(`${acme}?${query}&accessConfigurationId=ac-01`)).toEqual({
      ...account,
      accessConfigurationId: 'ac-01',
    })
    expect(readSignInLink(`${acme}?accountId=../1&accessConfigurationName=a%0Ab`)).toEqual({
      signInUrl: acme,
    })
    expect(readSignInLink(acme)).toEqual({ signInUrl: acme })
  })

  test.each<[string, string | undefined]>([
    [acme, undefined],
    ['http://127.0.0.1:8080/acme/login', undefined],
    ['https://portal.example:8443/acme/login', 'portal.example:8443'],
    ['https://alibabacloudsso.com.evil.example/acme/login', 'alibabacloudsso.com.evil.example'],
    ['https://evilalibabacloudsso.com/acme/login', 'evilalibabacloudsso.com'],
  ])('%s is foreign: %s', (url, foreign) => {
    expect(foreignHost(url)).toBe(foreign)
  })

  test('other addresses are pasted as well', () => {
    expect(normalizeIssuer(' "https://id.example/realms/acme\u200b" ')).toBe('https://id.example/realms/acme')
    expect(normalizeIdaasUrl('<https://acme.login.aliyunidaas.com/>')).toBe(
      'https://acme.login.aliyunidaas.com',
    )
    expect(stsEndpoint({ endpoint: '\u200bsts.cn-hangzhou.aliyuncs.com' })).toBe(
      'https://sts.cn-hangzhou.aliyuncs.com',
    )
    expect(stsEndpoint({ endpoint: "'https://sts.aliyuncs.com'" })).toBe('https://sts.aliyuncs.com')
  })
})
