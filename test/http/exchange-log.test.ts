import { describe, expect, test } from 'vitest'
import { startHttpServer } from '../../mocks/index.ts'
import { requestJson, scrub } from '../../src/http/index.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import { failureOf, openFetch } from './support/open-fetch.ts'

const canaries = {
  deviceCode: 'device-code-canary-1111',
  verifier: 'verifier-canary-2222',
  bearer: 'bearer-canary-3333',
  accessToken: 'access-token-canary-4444',
  cookie: 'cookie-canary-5555',
  query: 'query-canary-6666',
}

describe('the log of an exchange', () => {
  test('[case 76] shows lines, headers, bodies and times, and no secret', async () => {
    const { lines } = await exchange()
    expect(
      lines.map((line) =>
        line.replace(/\[redacted \d+ #[0-9a-f]{4}\]/g, '[x]').replace(/:\d{4,5}$/, ':PORT'),
      ),
    ).toEqual([
      '> POST /token?access_token=[x]&page=1 HTTP/1.1',
      '> host: 127.0.0.1:PORT',
      '> accept: application/json',
      '> content-type: application/json',
      '> authorization: Bearer [x]',
      '> accept-encoding: gzip, deflate, br',
      '> user-agent: sesame/1.2.3',
      '> content-length: 97',
      '> {"DeviceCode":"[x]","CodeVerifier":"[x]","ClientId":"app-1"}',
      expect.stringMatching(/^< HTTP\/1\.1 400 Bad Request \(\d+ ms\)$/),
      '< content-type: application/json',
      expect.stringMatching(/^< content-length: \d+$/),
      '< set-cookie: JSESSIONID=[x]; Path=/; HttpOnly',
      expect.stringMatching(/^< date: /),
      '< connection: keep-alive',
      expect.stringMatching(/^< keep-alive: /),
      '< {"ErrorCode":"AuthorizationPending","RequestId":"71fb370b","UserCode":"KFFJ-LJXK","AccessToken":"[x]"}',
    ])
    for (const canary of Object.values(canaries)) expect(lines.join('\n')).not.toContain(canary)
  })

  test('[case 76] secrets are remembered also when logging is off', async () => {
    const fresh = 'only-seen-in-silence-7777'
    const server = await startHttpServer({
      routes: { 'GET /': () => ({ status: 200, body: { AccessToken: fresh } }) },
    })
    await openFetch({ log: silentLog })(server.url)
    await server.close()
    expect(scrub(`the server said ${fresh}`)).not.toContain(fresh)
  })

  test('[case 77] an HTML page that echoes a token is withheld; [case 81] its RequestId is not', async () => {
    const lines: string[] = []
    const page = `<h1>${canaries.accessToken}</h1>`
    const server = await startHttpServer({
      routes: { 'GET /': () => ({ status: 500, headers: { 'x-request-id': 'REQ-1' }, body: page }) },
    })
    await openFetch({ log: (_, line) => lines.push(line) })(server.url)
    await server.close()
    expect(lines).toContain(`< [withheld ${page.length} bytes text/html]`)
    expect(lines).toContain('< x-request-id: REQ-1')
  })

  test('a failure is logged in one line with its time', async () => {
    const lines: string[] = []
    await failureOf(openFetch({ log: (_, line) => lines.push(line) })('http://127.0.0.1:9/'))
    expect(lines.at(-1)).toMatch(/^! ERR_NETWORK Cannot reach 127\.0\.0\.1: .*ECONNREFUSED\)\. \(\d+ ms\)$/)
  })
})

async function exchange(): Promise<{ lines: string[] }> {
  const lines: string[] = []
  const server = await startHttpServer({
    routes: {
      'POST /token': () => ({
        status: 400,
        headers: { 'set-cookie': `JSESSIONID=${canaries.cookie}; Path=/; HttpOnly` },
        body: {
          ErrorCode: 'AuthorizationPending',
          RequestId: '71fb370b',
          UserCode: 'KFFJ-LJXK',
          AccessToken: canaries.accessToken,
        },
      }),
    },
  })
  await requestJson(openFetch({ log: (_, line) => lines.push(line) }), {
    method: 'POST',
    url: `${server.url}/token?access_token=${canaries.query}&page=1`,
    json: { DeviceCode: canaries.deviceCode, CodeVerifier: canaries.verifier, ClientId: 'app-1' },
    bearer: new Secret(canaries.bearer),
  })
  await server.close()
  return { lines }
}
