import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkVerificationUri, readDeviceCodeLimits } from '../../src/identity/device-authorization.ts'
import { readBearerToken } from '../../src/identity/token-set.ts'

const provider = new URL('https://signin-cn-shanghai.alibabacloudsso.com/acme/login')
const judge = (uri: string) => checkVerificationUri(uri, provider, ['alibabacloudsso.com'])

describe('verification addresses', () => {
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'vscode://x',
    '\\\\host\\x',
    '-x',
    '--help',
    '/usr/bin/id',
    'http://signin-cn-shanghai.alibabacloudsso.com/device/code',
    'https://user:secret@signin-cn-shanghai.alibabacloudsso.com/',
    `https://signin-cn-shanghai.alibabacloudsso.com/${'a'.repeat(3000)}`,
    '',
  ])('[case 10] %s is refused', (uri) => {
    expect(() => judge(uri)).toThrow(expect.objectContaining({ code: 'ERR_RESPONSE_INVALID' }))
  })

  test('[case 10] another host is shown, never opened; the provider’s own and its domain are opened', () => {
    expect(judge('https://evil.example/device')).toEqual({
      text: 'https://evil.example/device',
      mayOpen: false,
    })
    expect(judge('https://alibabacloudsso.com.evil.example/x').mayOpen).toBe(false)
    expect(judge('https://evilalibabacloudsso.com/x').mayOpen).toBe(false)
    expect(judge('https://signin-us-west-1.alibabacloudsso.com/device/code').mayOpen).toBe(true)
    expect(judge(`${provider.origin}/device/code?user_code=KFFJ-LJXK`).mayOpen).toBe(true)
  })

  test.each<[string, string, boolean]>([
    [
      'https://sso.evil.example/acme/login',
      'https://signin-cn-shanghai.alibabacloudsso.com/device/code',
      false,
    ],
    ['https://alibabacloudsso.com.evil.example/', 'https://signin.alibabacloudsso.com/device', false],
    ['https://evilalibabacloudsso.com/', 'https://signin.alibabacloudsso.com/device', false],
    ['https://alibabacloudsso.com.evil.example/', 'https://signin.vendor.example/device', false],
    ['http://127.0.0.1:8080/acme/login', 'https://signin.alibabacloudsso.com/device', false],
    ['https://signin-a.alibabacloudsso.com/', 'https://signin-b.alibabacloudsso.com/device', true],
    ['https://signin-a.alibabacloudsso.com/', 'https://signin.vendor.example/device', true],
    ['https://SIGNIN-A.AlibabaCloudSSO.com/', 'https://signin.vendor.example/device', true],
    ['https://vendor.example/', 'https://signin.alibabacloudsso.com/device', false],
  ])('[case 106] %s may lead to %s unasked: %s', (configured, uri, mayOpen) => {
    const vendor = ['alibabacloudsso.com', 'vendor.example']
    expect(checkVerificationUri(uri, new URL(configured), vendor).mayOpen).toBe(mayOpen)
  })

  test('[case 10] whatever the server sends, what may be opened is an https address of a trusted host', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.webUrl().map((url) => url.replace('http', 'ftp')),
        ),
        (uri) => {
          try {
            const { text, mayOpen } = judge(uri)
            expect(text).toMatch(/^https:\/\//)
            if (mayOpen) expect(new URL(text).hostname).toMatch(/\.alibabacloudsso\.com$/)
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
          }
        },
      ),
    )
  })

  test('[case 11] [case 12] shell characters and escapes come out as one inert, normalised address', () => {
    const { text } = judge(`${provider.origin}/x?a=$(id)\`id\`&b="c"\u001b[2J%0a`)
    expect(text).not.toMatch(/["\u0000-\u001f ]/)
    expect(new URL(text).href).toBe(text)
  })
})

describe('limits of a device code', () => {
  test.each([
    [
      { expiresIn: 600, interval: 5 },
      { expiresInSeconds: 600, intervalSeconds: 5 },
    ],
    [
      { expiresIn: undefined, interval: undefined },
      { expiresInSeconds: 600, intervalSeconds: 5 },
    ],
    [
      { expiresIn: '600', interval: '5' },
      { expiresInSeconds: 600, intervalSeconds: 5 },
    ],
    [
      { expiresIn: Number.NaN, interval: 0 },
      { expiresInSeconds: 600, intervalSeconds: 5 },
    ],
    [
      { expiresIn: 1e10, interval: -5 },
      { expiresInSeconds: 3600, intervalSeconds: 5 },
    ],
    [
      { expiresIn: null, interval: {} },
      { expiresInSeconds: 600, intervalSeconds: 5 },
    ],
  ])('[case 16] %j is read as %j', (wire, limits) => {
    expect(readDeviceCodeLimits(wire)).toEqual(limits)
  })

  test.each([
    { expiresIn: 0, interval: 5 },
    { expiresIn: -1, interval: 5 },
    { expiresIn: 600, interval: 1e9 },
  ])('[case 16] %j is refused', (wire) => {
    expect(() => readDeviceCodeLimits(wire)).toThrow(
      expect.objectContaining({ code: 'ERR_RESPONSE_INVALID' }),
    )
  })

  test('[case 16] any answer at all gives limits that timers can carry, or a refusal', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (expiresIn, interval) => {
        try {
          const limits = readDeviceCodeLimits({ expiresIn, interval })
          expect(limits.expiresInSeconds).toBeGreaterThan(0)
          expect(limits.expiresInSeconds).toBeLessThanOrEqual(3600)
          expect(limits.intervalSeconds).toBeGreaterThan(0)
          expect(limits.intervalSeconds).toBeLessThanOrEqual(3600)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
        }
      }),
    )
  })
})

describe('bearer tokens', () => {
  test('[case 19] a good one is taken', () => {
    expect(readBearerToken('abc.def-_~+/=', 'Bearer', undefined).reveal()).toBe('abc.def-_~+/=')
    expect(readBearerToken('abcdefgh', 'bearer', undefined).reveal()).toBe('abcdefgh')
  })

  test.each([
    ['', 'Bearer'],
    [7, 'Bearer'],
    [undefined, 'Bearer'],
    ['a\r\nX-Evil: 1', 'Bearer'],
    ['with space', 'Bearer'],
    ['x'.repeat(1024 * 1024), 'Bearer'],
    ['good-token', undefined],
    ['good-token', 'mac'],
    ['good-token', 1],
  ])('[case 19] token %.20j of type %j is refused without being shown', (accessToken, tokenType) => {
    expect(() => readBearerToken(accessToken, tokenType, 'request-1')).toThrow(
      expect.objectContaining({ code: 'ERR_RESPONSE_INVALID', requestId: 'request-1' }),
    )
  })
})
