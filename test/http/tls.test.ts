import { createServer, type TlsOptions } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startHttpProxy } from '../../mocks/index.ts'
import { isTransient, readProxyEnvironment } from '../../src/http/index.ts'
import { execFileSync } from '../support/run-sync.ts'
import { failureOf, openFetch, temporaryFile } from './support/open-fetch.ts'
import { startPortal } from './support/portal.ts'
import { runScript } from './support/run-script.ts'

describe('[case 84] certificates', () => {
  test('a private CA is trusted by SESAME_CA_FILE, directly and through a proxy', async () => {
    const portal = await startPortal()
    const proxy = await startHttpProxy({ hosts: portal.hosts })
    onTestFinished(() => proxy.close())
    const fetch = openFetch({
      caFile: portal.caFile,
      proxy: readProxyEnvironment({ HTTPS_PROXY: proxy.url }),
    })
    expect((await fetch(portal.url)).status).toBe(200)
    expect((await fetch(portal.namedUrl)).status).toBe(200)
    expect(proxy.tunnels).toHaveLength(1)
  })

  test.each([
    ['unknown authority', {}, false, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/, /SESAME_CA_FILE/],
    ['self-signed', { selfSigned: true }, true, /DEPTH_ZERO_SELF_SIGNED_CERT/, /SESAME_CA_FILE/],
    [
      'unknown root in the chain',
      { withCaInChain: true },
      false,
      /SELF_SIGNED_CERT_IN_CHAIN/,
      /SESAME_CA_FILE/,
    ],
    ['expired', { expired: true }, true, /expired \(CERT_HAS_EXPIRED\)/, /clock/],
    ['not yet valid', { notYetValid: true }, true, /CERT_NOT_YET_VALID/, /clock/],
    [
      'wrong host',
      { hosts: ['other.test'] },
      true,
      /another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      /address/,
    ],
  ])('%s fails closed, with the cause and a hint', async (_, certificate, trusted, message, hint) => {
    const portal = await startPortal(certificate)
    const error = await failureOf(openFetch(trusted ? { caFile: portal.caFile } : {})(portal.url))
    expect(error).toMatchObject({ code: 'ERR_TLS' })
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
    expect(isTransient(error)).toBe(false)
    expect(portal.requests).toHaveLength(0)
  })

  test('a server that speaks only TLS 1.0 or 1.1 is refused', async () => {
    const portal = await startPortal()
    const url = await serveTls({
      ...portal.ca.issue(),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    expect(await failureOf(openFetch({ caFile: portal.caFile })(url))).toMatchObject({
      code: 'ERR_TLS',
      message: expect.stringContaining('outdated TLS'),
    })
  })

  test('a port that does not speak TLS is reported', async () => {
    const { startPlainPortal } = await import('./support/portal.ts')
    const plain = await startPlainPortal()
    const error = await failureOf(openFetch()(plain.url.replace('http:', 'https:')))
    expect(error).toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('does not speak TLS') })
  })

  test.each([
    ['missing', '/nowhere/ca.pem', /cannot be read \(ENOENT\)/],
    ['a folder', '/', /not a regular file/],
  ])('a CA file that is %s is named', async (_, caFile, reason) => {
    const error = await failureOf(openFetch({ caFile })('https://127.0.0.1:9/'))
    expect(error).toMatchObject({ code: 'ERR_TLS' })
    expect(error.message).toMatch(reason)
    expect(error.message).toContain(`SESAME_CA_FILE names ${caFile}`)
  })

  test.each([
    ['no PEM', 'hello', /no PEM certificate/],
    ['empty', '', /no PEM certificate/],
    [
      'a broken certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /broken certificate/,
    ],
  ])('a CA file with %s is refused', async (_, content, reason) => {
    const caFile = await temporaryFile(content)
    const error = await failureOf(openFetch({ caFile })('https://127.0.0.1:9/'))
    expect(error).toMatchObject({ code: 'ERR_TLS' })
    expect(error.message).toMatch(reason)
  })

  test('[case 123] a CA file that never ends is refused at once: a device, a FIFO without a writer, one too large', async () => {
    const fifo = `${await temporaryFile('')}.fifo`
    execFileSync('mkfifo', [fifo])
    const large = await temporaryFile('x'.repeat(4 * 1024 * 1024 + 1))
    for (const caFile of ['/dev/zero', fifo, large])
      expect(await failureOf(openFetch({ caFile })('https://127.0.0.1:9/'))).toMatchObject({
        code: 'ERR_TLS',
        message: expect.stringMatching(/not a regular file|larger than 4 MB/),
      })
  })

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 is refused by name, other values are not', async () => {
    const portal = await startPortal()
    const options = { caFile: portal.caFile, tlsRejectUnauthorized: '0' }
    const error = await failureOf(openFetch(options)(portal.url))
    expect(error).toMatchObject({
      code: 'ERR_TLS',
      message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
    })
    expect(portal.connections).toBe(0)
    expect((await openFetch({ ...options, tlsRejectUnauthorized: '1' })(portal.url)).status).toBe(200)
  })

  test('NODE_EXTRA_CA_CERTS holds alone and beside SESAME_CA_FILE; the variable for no checks never does', async () => {
    const [extra, own] = [await startPortal(), await startPortal()]
    const script = (caFile: string | undefined) => `
      import { createFetch } from './src/http/index.ts'
      import { systemClock as clock } from './src/kit/index.ts'
      const fetch = createFetch({ version: '0', proxy: {}, log: () => {}, clock,
        caFile: ${JSON.stringify(caFile)}, extraCaFile: process.env.NODE_EXTRA_CA_CERTS })
      for (const url of ${JSON.stringify([extra.url, own.url])}) {
        console.log(await fetch(url).then((response) => response.status, (error) => error.code))
      }`
    const [alone, both, unchecked] = await Promise.all([
      runScript(script(undefined), { NODE_EXTRA_CA_CERTS: extra.caFile }),
      runScript(script(own.caFile), { NODE_EXTRA_CA_CERTS: extra.caFile }),
      runScript(script(undefined), { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    ])
    expect(alone.stdout).toBe('200\nERR_TLS\n')
    expect(both.stdout).toBe('200\n200\n')
    expect(unchecked.stdout).toBe('ERR_TLS\nERR_TLS\n')
  })
})

async function serveTls(options: TlsOptions): Promise<string> {
  const server = createServer(options, (socket) => socket.end())
  // A handshake that fails is what these servers are for.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
}
