import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import {
  createTestCa,
  makeServerTls,
  startCloudSso,
  startHttpServer,
  type TlsVariant,
} from '../../mocks/index.ts'

/** `authorized`, or the code of the client's failure. */
async function handshake(variant: TlsVariant, trusted: boolean, host = '127.0.0.1'): Promise<string> {
  const { key, cert, ca } = makeServerTls(variant)
  const server = await startHttpServer({ routes: {}, tls: { key, cert } })
  const outcome = await new Promise<string>((resolve) => {
    const options = { port: server.port, host, ...(host === 'localhost' ? { servername: host } : {}) }
    const socket = connect({ ...options, ...(trusted ? { ca } : {}) }, () => resolve('authorized'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  expect(server.connections).toBe(1)
  await server.close()
  return outcome
}

test.each<[TlsVariant, boolean, string]>([
  ['valid', true, 'authorized'],
  ['valid', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['expired', true, 'CERT_HAS_EXPIRED'],
  ['not-yet-valid', true, 'CERT_NOT_YET_VALID'],
  ['wrong-host', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self-signed', true, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['root-in-chain', true, 'authorized'],
  ['root-in-chain', false, 'SELF_SIGNED_CERT_IN_CHAIN'],
])('%s, CA trusted %s: %s', async (variant, trusted, expected) => {
  expect(await handshake(variant, trusted)).toBe(expected)
})

test('localhost is named too', async () => {
  expect(await handshake('valid', true, 'localhost')).toBe('authorized')
})

test('certificates are well formed: read back by another reader', () => {
  const authority = createTestCa('a CA')
  const ca = new X509Certificate(authority.ca)
  const leaf = new X509Certificate(authority.issue({ hosts: ['portal.example.test', '127.0.0.2'] }).cert)
  expect([ca.ca, leaf.ca]).toEqual([true, false])
  expect(leaf.checkIssued(ca)).toBe(true)
  expect(leaf.verify(ca.publicKey)).toBe(true)
  expect(leaf.verify(leaf.publicKey)).toBe(false)
  expect(leaf.subjectAltName).toBe('DNS:portal.example.test, IP Address:127.0.0.2')
  expect(leaf.checkHost('portal.example.test')).toBe('portal.example.test')
  expect(new Date(leaf.validTo).getTime()).toBeGreaterThan(Date.now())
})

test('the portal speaks https', async () => {
  const { key, cert, ca } = makeServerTls()
  const portal = await startCloudSso({ tls: { key, cert } })
  expect(portal.signInUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/acme\/login$/)
  const status = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port: portal.port, host: '127.0.0.1', ca }, () => {
      socket.write('GET /device/code HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
    })
    socket.once('data', (chunk) => resolve(chunk.toString().split('\r\n')[0] ?? ''))
    socket.once('error', reject)
  })
  expect(status).toBe('HTTP/1.1 200 OK')
  await portal.close()
})
