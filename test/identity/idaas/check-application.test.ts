import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSesameError } from '../../../src/kit/errors.ts'
import {
  checkApiVersion,
  checkAppKey,
  checkApplicationUuid,
  normalizeIdaasUrl,
} from '../../../src/values/index.ts'

describe('[case 91] the IDaaS URL', () => {
  test.each([
    ['https://Example.Login.AliyunIDaaS.com', 'https://example.login.aliyunidaas.com'],
    [' https://idaas.example.com/ ', 'https://idaas.example.com'],
    ['https://idaas.example.com:443//', 'https://idaas.example.com'],
    ['https://idaas.example.com:8443/', 'https://idaas.example.com:8443'],
    ['https://idaas.example.com./', 'https://idaas.example.com'],
    ['https://idaas.example.com/sso/?a=1#b', 'https://idaas.example.com/sso'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is %s', (text, normal) => {
    expect(normalizeIdaasUrl(text)).toBe(normal)
    expect(normalizeIdaasUrl(normal)).toBe(normal)
  })

  test.each([
    '',
    'idaas.example.com',
    'http://idaas.example.com',
    'http://localhost:8080',
    'ftp://idaas.example.com',
    'https://user:pass-word@idaas.example.com',
    'https://../',
    'file:///etc/passwd',
  ])('[case 87] %j is refused', (text) => {
    expect(() => normalizeIdaasUrl(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_INSECURE_URL',
        message: expect.not.stringMatching(/pass-word|undefined/),
      }),
    )
  })

  test('the address of a call is distinguished from that of the instance', () => {
    const call =
      'https://idaas.example.com/api/public/bff/v1.2/application/plugin_jwt_sts/retrieve_id_token/u'
    expect(() => normalizeIdaasUrl(call)).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        hint: expect.stringContaining('https://idaas.example.com'),
      }),
    )
  })
})

describe('the parts of an application', () => {
  test('are taken without the blanks of a paste', () => {
    expect(checkApplicationUuid(' 9ee4c6a1b2f34d5e8f7a6b5c4d3e2f10abcDEFghiJK\n')).toBe(
      '9ee4c6a1b2f34d5e8f7a6b5c4d3e2f10abcDEFghiJK',
    )
    expect(checkAppKey(' a26abc61154e62cb ')).toBe('a26abc61154e62cb')
    expect(['v1.2', '1.2', 'V1.2', 'v2'].map(checkApiVersion)).toEqual(['v1.2', 'v1.2', 'v1.2', 'v2'])
  })

  test.each(['', '.', '..', '../x', 'a/b', 'a?b', 'a b', 'a%2fb', 'ä', 'x'.repeat(200), 'a\nb'])(
    '%j is no uuid',
    (text) => {
      expect(() => checkApplicationUuid(text)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
    },
  )

  test.each(['', 'a b', 'a\u001bb', 'ключ', 'x'.repeat(300)])('%j is no app key', (text) => {
    expect(() => checkAppKey(text)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.not.stringContaining('\u001b') }),
    )
  })

  test.each(['', 'v', 'latest', 'v1/2', 'v1..2', '../v1', 'v1.2.3.4.5'])('%j is no version', (text) => {
    expect(() => checkApiVersion(text)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
  })

  test('whatever passes stays one segment of a path', () => {
    const text = fc.string({ unit: fc.constantFrom(...'vVabc123..--__/%?#\\ é\u0000'), maxLength: 8 })
    const passed = (check: (text: string) => string, text: string) => {
      try {
        return check(text)
      } catch (error) {
        if (!isSesameError(error, 'ERR_USAGE')) throw error
        return 'refused'
      }
    }
    const segments = new Set<string>()
    fc.assert(
      fc.property(text, fc.constantFrom(checkApplicationUuid, checkApiVersion), (text, check) => {
        const segment = passed(check, text)
        segments.add(segment)
        expect(new URL(`https://a.example/x/${segment}/y`).pathname).toBe(`/x/${segment}/y`)
      }),
      { numRuns: 1000 },
    )
    // Else nothing but refusals was looked at.
    expect(segments.size).toBeGreaterThan(5)
  })
})
