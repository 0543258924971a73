import { describe, expect, test } from 'vitest'
import { startHttpServer } from '../../mocks/index.ts'
import { decodeJwt, verifyJwt } from '../../src/jwt/index.ts'
import { failureOf, openFetch } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { audience, encode, issuedAt, issuer, signToken } from '../support/token-issuer.ts'
import { cpuMs, key, refusalOf, verify } from './support/verifier.ts'

const nested = (depth: number, piece = '[') => {
  const closing = piece === '[' ? ']' : '}'
  return `${piece.repeat(depth)}${piece === '[' ? '' : '1'}${closing.repeat(depth)}`
}
/** Objects in objects, lists in lists, whole and cut off in the middle. */
const texts = [2_000, 20_000].flatMap((depth) => [
  `{"a":${nested(depth)}}`,
  nested(depth),
  nested(depth, '{"a":'),
  '['.repeat(depth),
  `{"a":${'['.repeat(depth)}`,
])

describe('[case 121] nesting is refused before anything walks it', () => {
  test.each(texts.filter((text) => text.length < 48_000))('in header and claims (%.12s)', async (text) => {
    for (const token of [signToken(key, text), `${encode(text)}.${encode({})}.`]) {
      expect(() => decodeJwt(token)).toThrow(expect.objectContaining({ reason: 'malformed' }))
      expect(await refusalOf(token)).toBe('malformed')
    }
  })

  const large = [100_000, 500_000].flatMap((depth) => [
    `{"keys":[${nested(depth)}]}`,
    '{"a":'.repeat(depth / 2),
  ])
  test.each([...texts, ...large, 'x'.repeat(70_000), ' '.repeat(2_000_000), '-----BEGIN '.repeat(90_000)])(
    'in keys as text (%.12s)',
    async (publicKey) => {
      const before = cpuMs()
      expect(await failureOf(verify(signToken(key), { publicKey }))).toMatchObject({ code: 'ERR_USAGE' })
      expect(cpuMs() - before).toBeLessThan(1_000)
    },
  )

  test('a key text that is too long is refused for that, whatever it holds', async () => {
    const pem = String(key.publicKey.export({ type: 'spki', format: 'pem' }))
    const token = signToken(key)
    await verify(token, { publicKey: `${pem}${' '.repeat(10_000)}` })
    for (const publicKey of [`${pem}${' '.repeat(2_000_000)}`, `${pem}${'\nx'.repeat(40_000)}`])
      expect(await failureOf(verify(token, { publicKey }))).toMatchObject({
        code: 'ERR_USAGE',
        message: expect.stringContaining('is longer than'),
      })
  })

  test.each(texts)('in a JWK Set from a server (%.12s)', async (text) => {
    const server = await startHttpServer({ routes: { 'GET /jwks': () => ({ status: 200, body: '' }) } })
    server.fault('GET /jwks', {
      kind: 'status',
      status: 200,
      body: text,
      headers: { 'content-type': 'application/json' },
    })
    const world = { clock: fakeClock(issuedAt), fetch: openFetch() }
    const options = { issuer, audience, jwks: `${server.url}/jwks` }
    expect(await failureOf(verifyJwt(signToken(key), options, world))).toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
    })
    await server.close()
  })
})
