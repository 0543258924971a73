import { describe, expect, test } from 'vitest'
import type { TokenInvalidReason } from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { encode, goodClaims, signToken } from '../support/token-issuer.ts'
import { cpuMs, key, refusalOf, verify, withHeader } from './support/verifier.ts'

describe('[case 72] the type', () => {
  test.each<[string | undefined, string | undefined]>([
    ['JWT', undefined],
    ['jwt', undefined],
    ['application/jwt', undefined],
    [undefined, undefined],
    ['at+jwt', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['AT+JWT', 'application/at+jwt'],
    ['JWT', 'JWT'],
  ])('%s is accepted where %s is wanted', async (typ, wanted) => {
    await verify(withHeader({ typ }), wanted === undefined ? {} : { typ: wanted })
  })

  test.each<[unknown, string | undefined]>([
    ['at+jwt', undefined],
    ['application/at+jwt', 'JWT'],
    ['JWT', 'at+jwt'],
    [undefined, 'at+jwt'],
    [undefined, 'JWT'],
    ['logout+jwt', undefined],
    ['dpop+jwt', 'at+jwt'],
    ['', undefined],
    [['JWT'], undefined],
    [null, undefined],
  ])('%j is refused where %s is wanted', async (typ, wanted) => {
    expect(await refusalOf(withHeader({ typ }), wanted === undefined ? {} : { typ: wanted })).toBe('type')
  })

  test('a server-side token is no JWT', async () => {
    expect(await refusalOf(`SST-${'1a2e5e90b045cd14'.repeat(4)}`)).toBe('malformed')
  })
})

describe('[case 73] form', () => {
  const good = signToken(key)
  const [header = '', claims = '', signature = ''] = good.split('.')

  test.each<[string, string, TokenInvalidReason]>([
    ['unknown crit', withHeader({ crit: ['exp'], exp: 1 }), 'unsupported'],
    ['empty crit', withHeader({ crit: [] }), 'unsupported'],
    ['b64 false', withHeader({ b64: false, crit: ['b64'] }), 'unsupported'],
    ['b64 without crit', withHeader({ b64: false }), 'unsupported'],
    ['zip', withHeader({ zip: 'DEF' }), 'unsupported'],
    ['a nested JWT', withHeader({ cty: 'JWT' }), 'unsupported'],
    ['an encrypted token', `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'unsupported'],
    ['JSON serialisation', JSON.stringify({ payload: claims, protected: header, signature }), 'malformed'],
    ['two parts', `${header}.${claims}`, 'malformed'],
    ['four parts', `${good}.${signature}`, 'malformed'],
    ['six parts', `${good}.a.b.c`, 'malformed'],
    ['an empty text', '', 'malformed'],
    ['dots only', '..', 'malformed'],
    ['a leading space', ` ${good}`, 'malformed'],
    ['a newline at the end', `${good}\n`, 'malformed'],
    ['a newline inside', `${header}.\n${claims}.${signature}`, 'malformed'],
    ['padding', `${header}.${claims}.${signature}==`, 'malformed'],
    [
      'plain base64',
      `${header}.${Buffer.from('{"a":"~~~???"}').toString('base64')}.${signature}`,
      'malformed',
    ],
    ['NUL', `${header}.${claims}.${signature}\0`, 'malformed'],
    ['a homoglyph', good.replace('e', 'е'), 'malformed'],
    ['claims that are a list', signToken(key, '[1]'), 'malformed'],
    ['claims that are null', signToken(key, 'null'), 'malformed'],
    ['claims that are a text', signToken(key, '"text"'), 'malformed'],
    ['broken JSON', signToken(key, '{"iss":'), 'malformed'],
    ['a byte order mark', signToken(key, `\ufeff${JSON.stringify(goodClaims)}`), 'malformed'],
    ['a claim twice', signToken(key, JSON.stringify(goodClaims).replace('{', '{"sub":"2",')), 'malformed'],
    [
      'a claim twice, once escaped',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"\\u0073ub":"2",')),
      'malformed',
    ],
    [
      'a nested member twice',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"a":[{"b":1,"b":2}],')),
      'malformed',
    ],
    ['a header member twice', signToken(key, goodClaims, '{"alg":"none","alg":"RS256"}'), 'malformed'],
    [
      '__proto__',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"__proto__":{"admin":true},')),
      'malformed',
    ],
    ['deep nesting', signToken(key, `{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`), 'malformed'],
    ['an unfinished text of quotes', signToken(key, `{"${'\\"'.repeat(20_000)}`), 'malformed'],
  ])('%s is refused', async (_what, token, reason) => {
    const startMs = cpuMs()
    expect(await refusalOf(token)).toBe(reason)
    expect(cpuMs() - startMs).toBeLessThan(1000)
  })

  test('bytes that are no UTF-8 are refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    expect(await refusalOf(`${header}.${bytes.toString('base64url')}.${signature}`)).toBe('malformed')
  })

  test('a second spelling of the same bytes is refused', async () => {
    // A signature of 256 bytes leaves four bits of the last character unused.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(signature.at(-1) ?? '')
    const twin = signature.slice(0, -1) + alphabet[last + 1]
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
    expect(await refusalOf(`${header}.${claims}.${twin}`)).toBe('malformed')
  })

  test.each([
    ['claims', `${header}.${'A'.repeat(10_000_000)}.${signature}`],
    ['dots', '.'.repeat(10_000_000)],
    ['nothing known', 'e'.repeat(10_000_000)],
    ['65537 characters', good.padEnd(65_537, 'A')],
  ])('10 MB of %s are refused at once', async (_what, token) => {
    const startMs = cpuMs()
    const error = await failureOf(verify(token))
    expect(cpuMs() - startMs).toBeLessThan(100)
    expect(error).toMatchObject({ reason: 'malformed' })
    expect(error.message.length).toBeLessThan(100)
  })

  test.each([undefined, null, 1, {}, ['a.b.c'], Buffer.from('a.b.c')])('%j is no text', async (token) => {
    expect(await failureOf(verify(token as never))).toMatchObject({ reason: 'malformed' })
  })
})
