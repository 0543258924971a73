import { describe, expect, test } from 'vitest'
import { alibabaCloudCredential, aliOssOptions, createCredentialsProvider } from '../../src/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'

const misuse = expect.objectContaining({ code: 'ERR_USAGE' })
const credentials = {
  accessKeyId: 'STS.N',
  accessKeySecret: 's',
  securityToken: 't',
  expiration: new Date(0),
}
const providerOf = (given: unknown) => ({
  getCredentials: async () => given as never,
  getProviderName: () => 'p',
})

describe('[case 100] createCredentialsProvider takes nothing of another type', () => {
  test.each<[string, unknown[]]>([
    ['profile', ['', 5, null, ['dev'], new String('dev'), { toString: () => 'dev' }, 'a/b']],
    ['configDirectory', ['', 5, null, ['/tmp'], 'relative', new URL('file:///tmp')]],
    ['store', ['', 'vault', 'memory', ['auto'], null]],
    ['passphrase', ['', 5, null, Buffer.from('x'), ['x']]],
    ['minTtlSeconds', ['900', [900], Number.NaN, Infinity, -1, 1e300, null, 900n, new Date(0)]],
    ['onWarning', ['console', null, {}]],
  ])('%s', (name, values) => {
    for (const value of values) expect(() => createCredentialsProvider({ [name]: value })).toThrow(misuse)
  })

  test('nor anything in place of the options; each is read once', () => {
    for (const value of [null, 'dev', 5, []] as never[])
      expect(() => createCredentialsProvider(value)).toThrow(misuse)
    const reads = new Map<PropertyKey, number>()
    createCredentialsProvider(
      new Proxy(
        { profile: 'dev', configDirectory: '/nowhere', passphrase: 'x', minTtlSeconds: 0 },
        {
          get(on, name, receiver) {
            reads.set(name, (reads.get(name) ?? 0) + 1)
            return Reflect.get(on, name, receiver)
          },
        },
      ),
    )
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
  })
})

describe('[case 100] the adapters take no other provider than one', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['credentials', credentials],
    ['a function', () => credentials],
    ['an object with values', { getCredentials: credentials, getProviderName: 'p' }],
  ])('%s', async (_what, provider) => {
    expect(() => alibabaCloudCredential(provider as never)).toThrow(misuse)
    expect(await failureOf(aliOssOptions(provider as never))).toMatchObject({ code: 'ERR_USAGE' })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['no secret', { ...credentials, accessKeySecret: undefined }],
    ['an empty key', { ...credentials, accessKeyId: '' }],
    ['a token that is no text', { ...credentials, securityToken: { reveal: () => 't' } }],
  ])('credentials that are %s are not signed with', async (_what, given) => {
    const credential = alibabaCloudCredential(providerOf(given))
    for (const call of [
      credential.getCredential(),
      credential.getAccessKeyId(),
      credential.getSecurityToken(),
    ])
      expect(await failureOf(call)).toMatchObject({ code: 'ERR_USAGE' })
    expect(await failureOf(aliOssOptions(providerOf(given)))).toMatchObject({ code: 'ERR_USAGE' })
  })

  test('a provider of one’s own is as good, with its own this', async () => {
    class Own {
      readonly #given = credentials
      async getCredentials() {
        return this.#given
      }
      getProviderName() {
        return this.#given === credentials ? 'own' : ''
      }
    }
    const own = new Own()
    expect(await alibabaCloudCredential(own).getCredential()).toMatchObject({
      accessKeyId: 'STS.N',
      providerName: 'own',
    })
    expect(await aliOssOptions(own)).toMatchObject({ stsToken: 't' })
  })
})
