import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  authenticate,
  authenticationsOf,
  loadOpenidClient,
} from '../../../src/identity/oidc/client-authentication.ts'
import type { OidcProvider } from '../../../src/identity/oidc/provider.ts'
import { Secret } from '../../../src/kit/secret.ts'

const openid = await loadOpenidClient()

/** The header that a request of the client gets, without the scheme, decoded from base64. */
async function basicText(way: 'basic' | 'basic-raw', clientId: string, secret: string): Promise<string> {
  const headers = new Headers()
  const server = { issuer: 'https://id.example' }
  await authenticate(openid, way, secret)(server, { client_id: clientId }, new URLSearchParams(), headers)
  const [scheme, text = ''] = (headers.get('authorization') ?? '').split(' ')
  expect(scheme).toBe('Basic')
  return Buffer.from(text, 'base64').toString('utf8')
}

const issuer = 'https://id.example/dex'
const waysOf = (client: object, methods?: unknown, method?: string, endpoints: object = {}) =>
  authenticationsOf({
    client: { clientId: 'sesame-cli', clientSecret: new Secret('a+b/c=='), ...client },
    metadata: { issuer, token_endpoint_auth_methods_supported: methods, ...endpoints },
    authentication: { method },
  } as unknown as OidcProvider)

describe('id and secret in the Authorization header', () => {
  test.each([
    ['sesame-cli_2.0~x', 'a-b_c.d~e', 'sesame-cli_2.0~x:a-b_c.d~e'],
    ['id with space', "+/=%&:!'()*", 'id+with+space:%2B%2F%3D%25%26%3A%21%27%28%29%2A'],
    ['ключ', 'naïve', '%D0%BA%D0%BB%D1%8E%D1%87:na%C3%AFve'],
  ])('[case 165] %s and %s stay unreserved, the rest is form-encoded', async (id, secret, expected) => {
    expect(await basicText('basic', id, secret)).toBe(expected)
    expect(await basicText('basic-raw', id, secret)).toBe(`${id}:${secret}`)
  })

  test('[case 165] P: whatever they hold, a server that form-decodes reads both', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, text, async (id, secret) => {
        const sent = await basicText('basic', id, secret)
        expect(sent).toMatch(/^[\w.~%+-]+:[\w.~%+-]+$/)
        const decoded = sent.split(':').map((part) => new URLSearchParams(`v=${part}`).get('v'))
        expect(decoded).toEqual([id, secret])
      }),
    )
  })

  test('[case 165] P: whatever is unreserved is the same for a server that does not decode', async () => {
    const text = fc.stringMatching(/^[\w.~-]{1,40}$/)
    await fc.assert(
      fc.asyncProperty(text, text, async (id, secret) => {
        expect(await basicText('basic', id, secret)).toBe(`${id}:${secret}`)
      }),
    )
  })
})

describe('the ways that are tried', () => {
  const both = ['client_secret_basic', 'client_secret_post']
  test.each([
    ['nothing is announced', {}, undefined, undefined, ['basic', 'basic-raw', 'post']],
    ['both are announced', {}, both, undefined, ['basic', 'basic-raw', 'post']],
    ['Basic is announced', {}, ['client_secret_basic'], undefined, ['basic', 'basic-raw']],
    ['the body is announced', {}, ['none', 'client_secret_post'], undefined, ['post']],
    ['neither is announced', {}, ['private_key_jwt'], undefined, ['basic', 'basic-raw']],
    ['no list is announced', {}, 'client_secret_post', undefined, ['basic', 'basic-raw', 'post']],
    ['encoding changes nothing', { clientSecret: new Secret('abc-123') }, both, undefined, ['basic', 'post']],
    ['a colon would end the id', { clientId: 'a:b' }, both, undefined, ['basic', 'post']],
    ['the body was accepted before', {}, both, 'post', ['post', 'basic', 'basic-raw']],
    ['raw was accepted before', {}, both, 'basic-raw', ['basic-raw', 'basic', 'post']],
    ['it is no longer announced', {}, ['client_secret_basic'], 'post', ['basic', 'basic-raw']],
    ['the profile says post', { clientAuth: 'post' }, ['client_secret_basic'], 'basic', ['post']],
    [
      'the profile says basic',
      { clientAuth: 'basic' },
      ['client_secret_post'],
      'post',
      ['basic', 'basic-raw'],
    ],
    ['there is no secret', { clientSecret: undefined }, both, 'post', [undefined]],
  ])('[case 166] [case 207] %s', (_, client, methods, method, expected) => {
    expect(waysOf(client, methods, method)).toEqual(expected)
  })

  test('[case 207] dex reads the secret of a device request from the body, and says nothing when it is not there', () => {
    const dex = {
      device_authorization_endpoint: `${issuer}/device/code`,
      jwks_uri: `${issuer}/keys`,
      introspection_endpoint: `${issuer}/token/introspect`,
    }
    expect(waysOf({}, both, undefined, dex)).toEqual(['post', 'basic', 'basic-raw'])
    expect(waysOf({}, both, 'basic', dex)).toEqual(['basic', 'basic-raw', 'post'])
    expect(waysOf({ clientAuth: 'basic' }, both, undefined, dex)).toEqual(['basic', 'basic-raw'])
    expect(waysOf({}, both, undefined, { ...dex, jwks_uri: `${issuer}/jwks` })[0]).toBe('basic')
  })
})
