import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeSignInUrl } from '../../src/values/index.ts'

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
