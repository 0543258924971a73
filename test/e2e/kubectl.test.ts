import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeServerTls, startHttpServer } from '../../mocks/index.ts'
import { findProgram } from '../peers/find-program.ts'
import { ageTokens, configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'

const kubectl = findProgram('kubectl')
const tls = makeServerTls()

/** Not every machine that runs the tests has it. */
const withKubectl = test.skipIf(kubectl === undefined)

/** An API server that answers by the bearer token; the tokens that came, without those of no request. */
async function startApiServer(accepts: (token: string) => boolean) {
  const tokens: string[] = []
  const server = await startHttpServer({
    tls,
    routes: {},
    fallback: ({ headers }) => {
      const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
      tokens.push(token)
      if (accepts(token)) return { status: 200, body: { gitVersion: 'v1.32.4', major: '1', minor: '32' } }
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized', code: 401 }
      return { status: 401, body }
    },
  })
  return { server, tokens }
}

/** What an API server looks at with `--oidc-issuer-url` and `--oidc-client-id`, the signature excepted. */
function isGoodFor({ oidc }: OidcWorld): (token: string) => boolean {
  return (token) => {
    const [, payload = ''] = token.split('.')
    if (payload === '') return false
    const { iss, aud, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const audience = [aud].flat()
    return iss === oidc.issuer && audience.includes(oidc.clients.public.clientId) && exp * 1000 > Date.now()
  }
}

/** Runs kubectl with the user that `configure --for kubectl` has made, in a cluster of its own. */
function ask({ home }: OidcWorld, url: string, words: readonly string[]) {
  const cluster = {
    server: url,
    'certificate-authority-data': Buffer.from(tls.ca).toString('base64'),
  }
  const context = { cluster: 'c', user: 'corp' }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    contexts: [{ name: 'c', context }],
    'current-context': 'c',
  }
  const path = join(home.home, 'cluster')
  writeFileSync(path, JSON.stringify(config))
  const env = {
    PATH: process.env.PATH,
    HOME: home.home,
    SESAME_STORE: 'plaintext',
    KUBECONFIG: `${path}:${join(home.home, '.kube', 'config')}`,
  }
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(kubectl ?? '', [...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

const version = ['get', '--raw', '/version']

withKubectl(
  'kubectl takes the ID token from sesame, renewed, and the error that says when to sign in',
  { timeout: 120_000 },
  inOidcWorld({ oidc: { approve: 'auto', intervalSeconds: 1 } }, async (world) => {
    const { home } = world
    await configureCorp(world, { role: false })
    await must(home.run(['configure', '--for', 'kubectl', '--profile', 'corp']))
    await must(home.prepare(['login', '--profile', 'corp', '--flow', 'device']))
    const { server, tokens } = await startApiServer(isGoodFor(world))
    try {
      const ok = { code: 0, stdout: expect.stringContaining('1.32.4') }
      expect(await ask(world, server.url, version)).toMatchObject(ok)
      const renewals = () => world.oidc.requests.filter(({ path }) => path === '/token').length
      const before = renewals()
      ageTokens(world, 'token', -1000)
      expect(await ask(world, server.url, version)).toMatchObject(ok)
      expect(renewals()).toBeGreaterThan(before)
      expect(tokens.filter((token) => !isGoodFor(world)(token))).toEqual([])
      await home.run(['logout', '--profile', 'corp'])
      const refused = await ask(world, server.url, version)
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('Sign in first: sesame login --profile corp')
    } finally {
      await server.close()
    }
  }),
)

withKubectl(
  'kubectl reads the user as it was written, beside its own',
  { timeout: 60_000 },
  inOidcWorld({}, async (world) => {
    const { home } = world
    await configureCorp(world, { role: false })
    const env = { PATH: process.env.PATH, HOME: home.home }
    const config = (...words: string[]) =>
      new Promise<string>((resolve, reject) => {
        execFile(kubectl ?? '', ['config', ...words], { env }, (error, stdout) =>
          error === null ? resolve(stdout) : reject(error),
        )
      })
    await config('set-credentials', 'other', '--token=x')
    await config('set-context', 'c', '--cluster=c', '--user=other')
    await must(home.run(['configure', '--for', 'kubectl', '--profile', 'corp']))
    const view = JSON.parse(await config('view', '--raw', '-o', 'json'))
    const [corp, other] = view.users
    expect(other).toEqual({ name: 'other', user: { token: 'x' } })
    expect(corp).toMatchObject({
      name: 'corp',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          interactiveMode: 'Never',
          provideClusterInfo: false,
        },
      },
    })
    expect(view.contexts).toHaveLength(1)
  }),
)
