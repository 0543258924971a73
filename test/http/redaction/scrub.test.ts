import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scrub } from '../../../src/http/index.ts'
import { rememberSecret } from '../../../src/kit/secret.ts'

const secret = `hot "se/cr+et" \\ §ü& 100% ${'Zq7'.repeat(30)}`
rememberSecret(secret)

describe('[case 76] a known secret goes in every form', () => {
  const bytes = Buffer.from(secret)
  const base64 = (before: string) =>
    Buffer.concat([Buffer.from(before), bytes, Buffer.from('tail')]).toString('base64')
  test.each([
    ['plain', secret],
    ['URL component', encodeURIComponent(secret)],
    [
      'URL component, lower-case escapes',
      encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
    ],
    ['form', new URLSearchParams({ a: secret }).toString()],
    ['JSON', JSON.stringify({ a: secret })],
    ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['base64 one byte in', base64('a')],
    ['base64 two bytes in', base64('ab')],
    ['base64 three bytes in', base64('abc')],
    ['cut off', `${secret.slice(0, 60)}…`],
    ['inspected', inspect(new Error('x', { cause: { value: secret } }), { depth: 9 })],
    ['twice in a row', secret + secret],
  ])('%s', (_, text) => {
    const clean = scrub(`before ${text} after`)
    expect(clean).toMatch(/^before .*\[redacted \d+ #[0-9a-f]{4}\].* after$/s)
    expect(clean).not.toContain('Zq7Zq7')
    const tail = Buffer.from('Zq7Zq7Zq7')
    for (const code of ['hex', 'base64'] as const) expect(clean).not.toContain(tail.toString(code))
  })
})

test('[case 76] P any secret of eight characters or more goes from any text', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, unit: 'grapheme' }),
      fc.string(),
      fc.string(),
      (value, before, after) => {
        rememberSecret(value)
        const clean = scrub(`${before}${value}${after}`)
        // A secret can lie within the replacement of another one, never outside of it.
        expect(clean.replace(/\[redacted \d+ #[0-9a-f]{4}\]/g, '\u0000')).not.toContain(value)
      },
    ),
    { numRuns: 300 },
  )
})

const jwt = `eyJ${'hbGciOiJSUzI1NiJ9'}.eyJzdWIiOiJqb2UifQ.c2lnbmF0dXJl-_x`

describe('[case 77] what looks like a secret goes, known or not', () => {
  test.each([
    ['a JWT', `got ${jwt} from there`, jwt],
    ['a security token', `t=CAIS${'aB3/'.repeat(30)}==`, 'aB3/aB3/'],
    ['a Bearer header', 'authorization: Bearer 2YotnFZFEjr1zCsicMWpAA', '2Yotn'],
    ['a Basic header', 'proxy-authorization: Basic dTpwYXNzd29yZA==', 'dTpw'],
    ['user info of a URL', 'connect http://joe:pa5s@proxy:3128 failed', 'pa5s'],
    ['a cookie', 'Set-Cookie: JSESSIONID=2FDDA8BA; Path=/', '2FDDA8BA'],
    ['a query', 'GET https://host/?x=1&SecurityToken=abc123&y=2', 'abc123'],
    ['a member', '{"access_token":"abc123","x":1}', 'abc123'],
    ['an escaped member', '"{\\"appSecret\\": \\"abc123\\"}"', 'abc123'],
    ['an inspected object', "{ accessKeySecret: 'abc123' }", 'abc123'],
    ['an unfinished member', '{"access_token":"abc123', 'abc123'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEabc123\n-----END PRIVATE KEY-----', 'abc123'],
    ['a parameter in a member', '{"url":"https://host/?refresh_token=abc123"}', 'abc123'],
  ])('%s', (_, text, value) => {
    const clean = scrub(text)
    expect(clean).not.toContain(value)
    expect(clean).toContain('[redacted ')
    expect(scrub(clean)).toBe(clean)
  })

  test.each([
    'RequestId d1f9cdfe-2bab-4ccc-a732-7f95914c0610, code Throttling.User, user code KFFJ-LJXK at 2024-01-11T20:02:51Z',
    'AccessKeyId STS.NUgYrLnoC37mZZCNnAbez, LTAI5tExampleExample',
    'Basic authentication is not supported; Bearer realm="portal", error="invalid_token"',
    'the password: must not be empty (token expired)',
    'https://signin.example.com/device/code?user_code=KFFJ-LJXK',
    'POST /token HTTP/1.1',
    'Error: boom\n    at send (file:///app/dist/http.js:12:34)\n    at async main',
  ])('but not %s', (text) => expect(scrub(text)).toBe(text))
})

const periodic = 'a'.repeat(5000)

describe('[case 79] short and common secrets', () => {
  rememberSecret(periodic)

  test('do not eat the log', () => {
    for (const value of ['1', 'a', '', 'token', '1234567']) rememberSecret(value)
    const text = 'a 1 token 1234567 stays as it is'
    expect(scrub(text)).toBe(text)
  })

  test.each([
    ['prose', 'a quick brown fox jumps over the lazy dog; '],
    ['base64', 'eyJhbGciOiJSUzI1NiIs'],
    ['JWT beginnings', 'eyJ-'],
    ['JWT beginnings with dots', 'eyJaaaaaa.'],
    ['hyphens and names', 'access_token-'],
    ['unquoted members', 'access_token='],
    ['quotes', 'password="'],
    ['keys', '-----BEGIN PRIVATE KEY-----'],
    ['Bearer', 'Bearer '],
    ['URLs', 'http://a:'],
    ['at signs', 'x://a:b@'],
    ['backslashes', '\\'],
    ['security tokens', 'CAIS'],
    ['zeros', '0'],
    ['cookies', 'cookie: '],
    ['cookie quotes', "cookie'"],
    ['percent signs', '%25'],
    ['entities', '&amp;#38;'],
    ['half entities', '&#0'],
    ['semicolons', ';'],
    ['base64 in words', 'CamelCaseIdentifierLongEnough1 '],
    ['one secret', periodic],
    ['almost one secret', `${periodic.slice(1)}b`],
  ])('the work grows with the length of %s', (_, piece) => {
    const small = leastWork(piece.repeat(Math.ceil(125e3 / piece.length)))
    // Eight times the length; 64 times the work would be quadratic. What takes less than 50 ms may be chance.
    const limit = Math.max(30 * small, 50_000)
    expect(leastWork(piece.repeat(Math.ceil(1e6 / piece.length)), limit)).toBeLessThan(limit)
  })
})

/** Processor time in microseconds, which other processes do not add to; the least of three runs, or the first below `enough`. */
function leastWork(text: string, enough = 0): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3 && least >= enough; run++) {
    const before = process.cpuUsage()
    scrub(text)
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, user + system)
  }
  return least
}
