import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Glewlwyd, startGlewlwyd, whyNoGlewlwyd } from '../peers/providers/glewlwyd/start.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

runCommandsHere()

/*
 * Glewlwyd compares what comes by Basic without decoding it, looks into the body only for other clients, and calls a wrong secret
 * `unauthorized_client` with status 403.
 */

const why = whyNoGlewlwyd()?.reason
const client = { clientId: 'sesame.cli-2_x~y', clientSecret: 'p+q/r=s%41&t:u v~é-_' }
const corp = ['--profile', 'corp']

describe.skipIf(why !== undefined)(`glewlwyd${why === undefined ? '' : ` (${why})`}`, () => {
  let op: Glewlwyd
  let home: TestHome
  beforeAll(async () => {
    op = await startGlewlwyd([client])
  })
  afterAll(() => op?.stop())
  beforeEach(async () => {
    home = makeTestHome({})
    const words = ['--issuer', op.issuer, '--client-id', client.clientId, '--client-secret-stdin']
    await must(home.run(['configure', ...corp, ...words], { input: `${client.clientSecret}\n` }))
    return () => home.remove()
  })

  async function signIn(): Promise<void> {
    const login = home.start(['login', ...corp, '--flow', 'device', '--force'])
    const [, code = ''] = await login.stderrMatches(/^ {2}(\w{4}-\w{4})$/m)
    await op.approve(code)
    const { code: exit, stderr } = await login.finished
    expect(exit, stderr).toBe(0)
  }

  test('[case 165] [case 207] sign-in, renewal and logout with a secret that it compares undecoded', async () => {
    await signIn()
    const first = await must(home.run(['token', 'get', ...corp]))
    ageTokens({ home }, 'token', -1000)
    expect(await must(home.run(['token', 'get', ...corp]))).not.toBe(first)
    expect((await home.run(['logout', ...corp])).code).toBe(0)
  })

  test('the user code stays readable in a debug log, although its address calls it `code`', async () => {
    const login = home.start(['login', ...corp, '--flow', 'device'], { env: { DEBUG: 'sesame:*' } })
    const [, page = '', code = ''] = await login.stderrMatches(/^ {2}(http\S+\?code=(\w{4}-\w{4}))$/m)
    await op.approve(code)
    const { stderr } = await login.finished
    expect(stderr).toContain(`"verification_uri_complete":"${page}"`)
    expect(stderr).toMatch(new RegExp(`^ {2}${code}$`, 'm'))
  })

  test('[case 207] --client-auth basic leaves both spellings of Basic', async () => {
    await must(home.run(['configure', ...corp, '--client-auth', 'basic']))
    await signIn()
  })

  test.each(['basic', 'post'])('[case 208] a wrong secret by %s: it is named', async (way) => {
    const words = ['--client-auth', way, '--client-secret-stdin']
    await must(home.run(['configure', ...corp, ...words], { input: 'wrong-secret\n' }))
    const { code, stdout, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Check the client id sesame.cli-2_x~y and its secret at ')
    expect(stderr).toContain('or allow it the device authorization grant')
  })
})
