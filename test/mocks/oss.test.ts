import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Oss, type OssAccessKey, startOss } from '../../mocks/index.ts'

/** As much of ali-oss as is used here; it comes without types. */
interface AliOss {
  put(name: string, content: Buffer, options?: object): Promise<{ res: { status: number } }>
  get(name: string): Promise<{ content: Buffer; res: { headers: Record<string, string> } }>
  head(name: string): Promise<{ meta: Record<string, string>; status: number }>
  delete(name: string): Promise<{ res: { status: number } }>
  list(query: object): Promise<{ objects: { name: string; size: number }[] }>
  listBuckets(): Promise<{ buckets: { name: string }[] }>
  getACL(name: string): Promise<{ acl: string }>
  signatureUrl(name: string, options?: object): string
  asyncSignatureUrl(name: string, options?: object): Promise<string>
  signatureUrlV4(
    method: string,
    expires: number,
    request: object,
    name: string,
    names?: string[],
  ): Promise<string>
}
const AliOss: new (options: object) => AliOss = createRequire(import.meta.url)('ali-oss')

const permanent: OssAccessKey = { accessKeyId: 'LTAI5tMock', accessKeySecret: 'permanent-secret' }
const temporary: OssAccessKey = {
  accessKeyId: 'STS.NMock',
  accessKeySecret: 'temporary-secret',
  securityToken: 'CAIS+mock/token==',
  expiresAt: new Date(Date.now() + 7200_000),
}
const expired: OssAccessKey = {
  ...temporary,
  accessKeyId: 'STS.NOld',
  expiresAt: new Date(Date.now() - 1000),
}

let oss: Oss
beforeAll(async () => {
  oss = await startOss({
    credentials: [permanent, temporary, expired],
    cnames: { 'files.example.com': 'reports' },
  })
})
afterAll(() => oss.close())
afterEach(() => {
  oss.dateOffsetSeconds = 0
  oss.refusals.splice(0)
})

const client = (key: OssAccessKey, more: object = {}) =>
  new AliOss({
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    stsToken: key.securityToken,
    refreshSTSToken: async () => ({ ...key, stsToken: key.securityToken }),
    refreshSTSTokenInterval: 3600_000,
    endpoint: `http://localhost:${oss.port}`,
    sldEnable: true,
    region: 'oss-cn-hangzhou',
    bucket: 'reports',
    ...more,
  })

const v4 = { authorizationV4: true }
const oddKey = "a folder/ü+日本%2F & 'x' (1)!*.txt"

describe.each([
  ['V1', {}],
  ['V4', v4],
])('ali-oss, signature %s', (_version, version) => {
  test.each([
    ['a permanent key', permanent],
    ['temporary keys', temporary],
  ])('puts, gets, lists and deletes with %s', async (_name, key) => {
    const own = client(key, version)
    await own.put(oddKey, Buffer.from('content ü'), { meta: { author: 'alice' }, mime: 'text/plain' })
    expect(oss.objects.get(`reports/${oddKey}`)).toMatchObject({
      text: 'content ü',
      contentType: 'text/plain',
    })
    expect((await own.get(oddKey)).content.toString()).toBe('content ü')
    expect((await own.head(oddKey)).meta).toEqual({ author: 'alice' })
    expect((await own.getACL(oddKey)).acl).toBe('private')
    expect((await own.list({ prefix: 'a f' })).objects).toMatchObject([{ name: oddKey, size: 10 }])
    expect((await own.listBuckets()).buckets).toMatchObject([{ name: 'reports' }])
    await own.delete(oddKey)
    await expect(own.get(oddKey)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 })
    await expect(own.head(oddKey)).rejects.toMatchObject({ status: 404 })
  })

  test('the bucket as part of the host', async () => {
    // For an IP address ali-oss leaves the bucket to the Host header.
    const byHost = client(temporary, { ...version, endpoint: oss.url, sldEnable: false })
    await byHost.put('host.txt', Buffer.from('x'))
    expect(oss.served.at(-1)).toEqual({ bucket: 'reports', key: 'host.txt', style: 'virtual-host' })
  })

  test.each([
    ['an unknown key', { ...permanent, accessKeyId: 'LTAI5tNobody' }, 'InvalidAccessKeyId', '0002-00000902'],
    ['a wrong secret', { ...temporary, accessKeySecret: 'x' }, 'SignatureDoesNotMatch', undefined],
    [
      'temporary keys without token',
      { ...temporary, securityToken: undefined },
      'InvalidAccessKeyId',
      '0002-00000003',
    ],
    ['another token', { ...temporary, securityToken: 'CAIS' }, 'InvalidSecurityToken', '0002-00000006'],
    [
      'a permanent key with a token',
      { ...permanent, securityToken: 'CAIS' },
      'InvalidAccessKeyId',
      '0002-00000002',
    ],
    ['an expired token', expired, 'SecurityTokenExpired', '0002-00000007'],
  ])('%s is refused', async (_name, key, code, ec) => {
    const refused = client(key, version).get('any.txt')
    await expect(refused).rejects.toMatchObject({ code, status: 403, ecCode: ec })
    const [refusal] = oss.refusals
    await expect(refused).rejects.toMatchObject({ requestId: refusal?.requestId })
  })

  test('a bucket that is not there', async () => {
    const refused = client(permanent, { ...version, bucket: 'nowhere' }).get('x')
    await expect(refused).rejects.toMatchObject({ code: 'NoSuchBucket', status: 404 })
  })

  test('a signature 16 minutes off is too old, one of 14 minutes is not', async () => {
    oss.dateOffsetSeconds = 14 * 60
    await client(permanent, version).listBuckets()
    oss.dateOffsetSeconds = 16 * 60
    await expect(client(permanent, version).listBuckets()).rejects.toMatchObject({
      code: 'RequestTimeTooSkewed',
      status: 403,
      ecCode: '0002-00000504',
    })
  })
})

describe('URLs of ali-oss', () => {
  const make = {
    signatureUrl: async (key: OssAccessKey) => client(key).signatureUrl('url.txt', { expires: 600 }),
    asyncSignatureUrl: (key: OssAccessKey) => client(key).asyncSignatureUrl('url.txt', { expires: 600 }),
    signatureUrlV4: (key: OssAccessKey) => client(key, v4).signatureUrlV4('GET', 600, {}, 'url.txt'),
  }
  beforeAll(() => client(permanent).put('url.txt', Buffer.from('by URL')))

  const answer = async (url: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url, { headers })
    const text = await response.text()
    const [, code] = /<Code>(.*)<\/Code>/.exec(text) ?? []
    const [, ec] = /<EC>(.*)<\/EC>/.exec(text) ?? []
    return { status: response.status, text, code, ec }
  }

  describe.each(Object.entries(make))('%s', (name, presign) => {
    const [signature, token] =
      name === 'signatureUrlV4'
        ? ['x-oss-signature', 'x-oss-security-token']
        : ['Signature', 'security-token']

    test.each([permanent, temporary])('works until it expires ($accessKeyId)', async (key) => {
      const url = await presign(key)
      expect(await answer(url)).toMatchObject({ status: 200, text: 'by URL' })
      oss.dateOffsetSeconds = 601
      expect(await answer(url)).toMatchObject({ status: 403, code: 'AccessDenied' })
      expect((await answer(url)).text).toContain('Request has expired.')
    })

    const changed = async (key: OssAccessKey, change: (query: URLSearchParams) => void, headers = {}) => {
      const url = new URL(await presign(key))
      change(url.searchParams)
      return answer(url.href, headers)
    }

    test('a token in both places is refused, and so is a signature', async () => {
      const bothTokens = await changed(temporary, () => {}, {
        'x-oss-security-token': temporary.securityToken,
      })
      expect(bothTokens).toMatchObject({ status: 400, code: 'InvalidArgument', ec: '0002-00000010' })
      const both = await changed(temporary, () => {}, { authorization: 'OSS LTAI5tMock:c2ln' })
      expect(both).toMatchObject({ status: 400, code: 'InvalidArgument', ec: '0002-00000039' })
    })

    test('whatever was signed must stay as it is', async () => {
      const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }
      expect(await changed(permanent, (query) => query.set('acl', ''))).toMatchObject(mismatch)
      expect(await changed(permanent, (query) => query.set(signature, 'c2lnbmF0dXJl'))).toMatchObject(
        mismatch,
      )
      expect(await changed(permanent, () => {}, { 'x-oss-meta-a': 'b' })).toMatchObject(mismatch)
      expect(await changed(permanent, () => {}, { 'content-type': 'text/html' })).toMatchObject(mismatch)
      expect(await changed(temporary, (query) => query.delete(token))).toMatchObject({ ec: '0002-00000003' })
      expect(await changed(temporary, (query) => query.append(token, 'x'))).toMatchObject({ status: 400 })
      expect(await changed(permanent, (query) => query.delete(signature))).toMatchObject({
        ec: '0003-00000001',
      })
    })
  })

  test('V4 is good for its region and its days', async () => {
    const refused = { status: 400, code: 'InvalidArgument' }
    const elsewhere = client(permanent, { ...v4, region: 'oss-cn-beijing' })
    expect(await answer(await elsewhere.signatureUrlV4('GET', 600, {}, 'url.txt'))).toMatchObject(refused)
    for (const seconds of [0, 604_801])
      expect(
        await answer(await client(permanent, v4).signatureUrlV4('GET', seconds, {}, 'url.txt')),
      ).toMatchObject(refused)
  })

  test('V4 with further signed headers', async () => {
    const request = { headers: { range: 'bytes=0-' } }
    const url = await client(permanent, v4).signatureUrlV4('GET', 600, request, 'url.txt', ['range'])
    expect(await answer(url, request.headers)).toMatchObject({ status: 200 })
    expect(await answer(url)).toMatchObject({ code: 'SignatureDoesNotMatch' })
  })

  test('response-* replaces what the object says', async () => {
    const url = client(permanent).signatureUrl('url.txt', { response: { 'content-type': 'text/x-other' } })
    expect((await fetch(url)).headers.get('content-type')).toBe('text/x-other')
  })
})

test('what cannot be read is refused, not guessed', async () => {
  const headers = { authorization: 'OSS4-HMAC-SHA256 Credential=ak,Signature=zz' }
  expect((await fetch(`${oss.url}/reports/x`, { headers })).status).toBe(400)
  expect((await fetch(`${oss.url}/reports/%ff`)).status).toBe(400)
  expect((await fetch(`${oss.url}/reports/x`)).status).toBe(403)
  expect(oss.refusals.map(({ code }) => code)).toEqual(['InvalidArgument', 'InvalidURI', 'AccessDenied'])
})

test('a body that is not what its MD5 says', async () => {
  const put = client(permanent).put('md5.txt', Buffer.from('x'), {
    headers: { 'Content-MD5': 'eB5eJF1ptWaXm4bijSPyxw==' },
  })
  await expect(put).rejects.toMatchObject({ code: 'InvalidDigest' })
  expect(oss.objects.has('reports/md5.txt')).toBe(false)
})
