import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  memoryRevocations,
  nodeTokenGuard,
  openTokenService,
  type TokenService,
  type TokenServiceOptions,
} from '../../src/sst/index.ts'
import { original } from './support/samples.ts'

/*
 * What the Go library issues, built here as it builds it: the content is `USER|SECONDS` in whatever bytes the user id has, the key is
 * the text itself or its MD5, and the prefix holds the service name, whatever that is, in upper case.
 */

const key32 = '0123456789abcdefghjkmnpqrstuvwxy'

function goToken(user: string | Buffer, { prefix = '', key = original.key } = {}): string {
  const bytes = Buffer.from(key)
  const cipherKey = bytes.length === 32 ? bytes : Buffer.from(createHash('md5').update(key).digest('hex'))
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce)
  const content = Buffer.concat([Buffer.from(user), Buffer.from('|1657442319')])
  const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
  return `SST-${prefix}${sealed.toString('hex')}`
}

const open = (options: Partial<TokenServiceOptions> = {}): Promise<TokenService> =>
  openTokenService({
    ...(options.keys === undefined ? { key: original.key } : {}),
    revocations: memoryRevocations(),
    ...options,
  })
const forged = { kind: 'invalid', reason: 'forged' }

describe('[case 228] tokens of the Go library that verify', () => {
  test.each([
    'MY SERVICE',
    'A/B',
    'BÜRO',
    '服务',
    'STRAßE',
    'ENDS-',
    '-BEGINS',
    '-',
    'A'.repeat(200),
    'A|B',
    '😀',
  ])('service name %s', async (name) => {
    const token = goToken('bob', { prefix: `${name}-` })
    for (const service of [undefined, name, name.toLowerCase().replace('strasse', 'straße')]) {
      const tokens = await open(service === undefined ? {} : { service })
      expect(await tokens.verify(token)).toMatchObject({ kind: 'valid', userId: 'bob' })
      expect(await tokens.revoke(token)).toMatchObject({ kind: 'revoked' })
      expect(await tokens.verify(token)).toEqual({ kind: 'invalid', reason: 'revoked' })
    }
    expect(await (await open({ service: 'other' })).verify(token)).toEqual(forged)
    const own = await open({ service: name })
    expect(own.create('bob').slice(0, -1)).toContain(`SST-${name}-`)
  })

  test.each([1024, 4100, 30_000])('a user id of %i bytes', async (length) => {
    const userId = 'ü'.repeat(length / 2)
    expect(await (await open()).verify(goToken(userId))).toMatchObject({ kind: 'valid', userId })
    expect(await (await open()).verify(goToken('bob'))).toMatchObject({ kind: 'valid', userId: 'bob' })
  })

  test('user ids with control characters, blanks and replacement characters, as they are', async () => {
    for (const userId of ['a\nb', '\u0000', ' ', '\ufffd', '\ufeffbob', 'e\u0301'])
      expect(await (await open()).verify(goToken(userId))).toMatchObject({ kind: 'valid', userId })
  })

  test('a key text of 32 bytes is the key itself; what former releases sealed with its MD5 opens too', async () => {
    const tokens = await open({ keys: [key32] })
    expect(await tokens.verify(goToken('bob', { key: key32 }))).toMatchObject({
      kind: 'valid',
      userId: 'bob',
    })
    const md5 = createHash('md5').update(key32).digest('hex')
    const former = goToken('bob', { key: md5 })
    expect(await tokens.verify(former)).toMatchObject({ kind: 'valid', userId: 'bob' })
    const rotated = await open({ keys: [original.key, { key: key32, until: new Date(8e15) }] })
    for (const token of [goToken('eve', { key: key32 }), former])
      expect(await rotated.verify(token)).toMatchObject({ kind: 'valid' })
    // And what is sealed now is what the Go library opens.
    const sealed = Buffer.from(tokens.create('bob').slice(4), 'hex')
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key32), sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(-16))
    const content = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
    expect(content.toString()).toMatch(/^bob\|\d+$/)
  })

  test('a service name beyond ASCII comes through an HTTP header', async () => {
    const guard = nodeTokenGuard(await open({ service: 'büro' }))
    const server = createServer(async (request: Parameters<typeof guard>[0], response) => {
      if (await guard(request, response)) response.end(`hello ${request.userId}`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').once('error', reject)
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.once('end', () => resolve(text))
      const token = goToken('bob', { prefix: 'BÜRO-' })
      socket.end(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Server-Side-Token: ${token}\r\n\r\n`)
    })
    expect(answer).toMatch(/^HTTP\/1.1 200 .*hello bob/s)
  })
})

describe('[case 228] what the Go library takes and is refused, as nothing issues it or no text holds it', () => {
  const hex = goToken('bob').slice(4)
  test.each([
    ['an empty user id', goToken('')],
    ['a user id that is no UTF-8', goToken(Buffer.from('ff', 'hex'))],
    ['another one, which would read the same', goToken(Buffer.from('fe', 'hex'))],
    ['hexadecimal in mixed case', `SST-${hex.slice(0, 40).toUpperCase()}${hex.slice(40)}`],
    ['a service name in lower case', `SST-orders-${hex}`],
    ['an empty service name', `SST--${hex}`],
    ['a control character in the name', `SST-A\u0000-${hex}`],
    ['more than any header holds', `SST-${'A'.repeat(65_536)}-${hex}`],
  ])('%s', async (_, token) => {
    expect(await (await open()).verify(token)).toEqual(forged)
  })
})
