import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpServer, startHttpServer } from '../../mocks/index.ts'
import { audience, goodClaims, issuer, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'
import { type InstalledProject, installProject } from './support/installed-project.ts'

const key = makeKey()
const now = Math.floor(Date.now() / 1000)
const claims = { ...goodClaims, iat: now, exp: now + 3600 }
const good = signToken(key, claims)

let project: InstalledProject
let server: HttpServer<'GET /jwks.json'>
beforeAll(async () => {
  server = await startHttpServer({ routes: { 'GET /jwks.json': () => ({ status: 200, body: jwkSet(key) }) } })
  project = await installProject()
}, 120_000)
afterAll(async () => {
  project.remove()
  await server.close()
})

const names = [
  'SesameError',
  'TokenInvalidError',
  'createJwksSource',
  'createReplayGuard',
  'decodeJwt',
  'isSesameError',
  'verifyBearer',
  'verifyJwt',
]

type ScriptFile = 'import.mjs' | 'require.cjs'

/** Runs a script with `options` (issuer, audience, jwks), `good` and `print` at hand. */
function start(file: ScriptFile, body: string, env: Record<string, string> = {}) {
  const list = names.join(', ')
  const options = { issuer, audience, jwks: `${server.url}/jwks.json` }
  const load =
    file === 'import.mjs'
      ? `import { ${list} } from 'sesame-sso/token'`
      : `const { ${list} } = require('sesame-sso/token')`
  project.write(
    file,
    `${load}
    const options = ${JSON.stringify(options)}
    const good = ${JSON.stringify(good)}
    const print = (value) => console.log(JSON.stringify(value))
    async function main() { ${body} }
    main()`,
  )
  return project.node([file], env)
}

/** What it prints; it must end by itself, and say nothing else. */
async function run(file: ScriptFile, body: string) {
  const { stdout, stderr, code } = await start(file, body)
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return JSON.parse(stdout)
}

describe('sesame-sso/token', () => {
  test('is one module however it is loaded, and loading it does nothing', async () => {
    project.write(
      'loading.mjs',
      `import * as imported from 'sesame-sso/token'
      import { createRequire } from 'node:module'
      const required = createRequire(import.meta.url)('sesame-sso/token')
      const front = createRequire(import.meta.url)('sesame-sso')
      const names = Object.keys(required).sort()
      console.log(JSON.stringify({
        names,
        same: names.every((name) => imported[name] === required[name]),
        oneError: front.SesameError === required.SesameError,
        open: process.getActiveResourcesInfo().filter((name) => /TCP|UDP|Timeout|Server|Process/.test(name)),
      }))`,
    )
    const { stdout } = await project.node(['loading.mjs'], {})
    expect(JSON.parse(stdout)).toEqual({ names, same: true, oneError: true, open: [] })
  })

  test.each(['import.mjs', 'require.cjs'] as const)(
    'verifies with %s, fetching keys by itself',
    async (file) => {
      const before = server.requests.length
      const body = `
      const all = []
      for (let i = 0; i < 3; i++) all.push((await verifyJwt(good, options)).claims)
      const jwks = createJwksSource({ url: options.jwks, cooldownSeconds: 5 })
      all.push((await verifyJwt(good, { ...options, jwks })).claims)
      print(all)`
      expect(await run(file, body)).toEqual([claims, claims, claims, claims])
      expect(server.requests.length - before).toBe(2)
      expect(server.requests.at(-1)?.headers['user-agent']).toMatch(/^sesame\//)
    },
  )

  test('a token that does not hold is an error with a reason, a mistake of the caller one of use', async () => {
    const body = `
      const fail = (token, more) => verifyJwt(token, { ...options, ...more }).catch((error) => [
        error.code, error.reason ?? null, error instanceof SesameError, error instanceof TokenInvalidError ])
      print([
        await fail(good, { audience: 'other' }),
        await fail(good + 'x'),
        await fail(good, { audience: undefined }),
        await fail(good, { jwks: 'http://127.0.0.1:9/' }),
        decodeJwt(good).claims.sub,
      ])`
    expect(await run('import.mjs', body)).toEqual([
      ['ERR_TOKEN_INVALID', 'audience', true, true],
      ['ERR_TOKEN_INVALID', 'malformed', true, true],
      ['ERR_USAGE', null, true, false],
      ['ERR_NETWORK', null, true, false],
      '1',
    ])
  })

  test('guards a server, each token once where that is asked for', async () => {
    const token = signToken(key, { ...claims, jti: 'a', scope: 'read' })
    const body = `
      const guard = verifyBearer({ ...options, scope: 'read', replayGuard: createReplayGuard() })
      const server = require('node:http').createServer(async (request, response) => {
        const auth = await guard.http(request, response)
        if (auth) response.end(auth.claims.sub)
      })
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      const get = async () => {
        const headers = { authorization: 'Bearer ${token}' }
        const answer = await fetch('http://127.0.0.1:' + server.address().port, { headers })
        return [answer.status, await answer.text()]
      }
      print([await get(), (await get())[0]])
      server.close()
      server.closeAllConnections()`
    expect(await run('require.cjs', body)).toEqual([[200, '1'], 401])
  })

  test('follows the environment: NODE_TLS_REJECT_UNAUTHORIZED=0 is refused', async () => {
    const body = 'await verifyJwt(good, options).catch(({ code }) => print(code))'
    const { stdout } = await start('import.mjs', body, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(JSON.parse(stdout)).toBe('ERR_TLS')
  })

  test('its types hold in ES modules and in CommonJS', async () => {
    const use = `
      const options: VerifyJwtOptions = { issuer: 'a', audience: ['b'], publicKey: 'pem', clockTolerance: 0 }
      export async function main(token: string): Promise<number> {
        try {
          const { claims, header }: VerifiedJwt = await verifyJwt(token, options)
          const unknown: unknown = claims.client_id ?? header.kid
          return claims.exp + claims.iss.length + (unknown === undefined ? 0 : 1)
        } catch (error) {
          const reason: TokenInvalidReason | undefined = error instanceof TokenInvalidError ? error.reason : undefined
          // @ts-expect-error no such reason
          if (reason === 'old') return 1
          throw error
        }
      }
      const replayGuard: ReplayGuard = { seen: (id: string, expiresAt: Date) => id === '' && expiresAt.getTime() > 0 }
      const guard = verifyBearer({ ...options, replayGuard, scope: ['read'] })
      createServer(async (request, response) => void (await guard.http(request, response)))
      // @ts-expect-error an audience is needed
      verifyJwt('', { issuer: 'a', jwks: { keys: [] } })`
    const head = `
      import { createServer } from 'node:http'
      import { verifyBearer, verifyJwt, TokenInvalidError, type ReplayGuard, type TokenInvalidReason, type VerifiedJwt, type VerifyJwtOptions } from 'sesame-sso/token'`
    for (const type of ['mts', 'cts']) project.write(`token.${type}`, `${head}${use}`)
    expect(await project.typeCheck('token.mts', 'token.cts')).toBe('')
  })
})
