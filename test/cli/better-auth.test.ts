import { describe, expect, test } from 'vitest'
import {
  type BetterAuth,
  type BetterAuthClient,
  startBetterAuth,
} from '../peers/providers/better-auth/start.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

runCommandsHere()

/*
 * A provider that was not written for these tests. better-auth announces both ways to send a secret, and takes of each client the one that it is
 * registered with.
 */

interface World {
  op: BetterAuth
  home: TestHome
}

const corp = ['--profile', 'corp']
const standard: BetterAuthClient = {
  clientId: 'sesame-cli',
  clientSecret: 'secret-of-better-auth',
  method: 'client_secret_basic',
}

function atBetterAuth(
  options: Partial<BetterAuthClient>,
  run: (world: World) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const client = { ...standard, ...options }
    const op = await startBetterAuth([client])
    const home = makeTestHome({})
    try {
      const words = ['--issuer', op.issuer, '--client-id', client.clientId, '--client-secret-stdin']
      await must(home.run(['configure', ...corp, ...words], { input: `${client.clientSecret}\n` }))
      await run({ op, home })
    } finally {
      await op.close()
      home.remove()
    }
  }
}

async function signIn({ op, home }: World): Promise<string> {
  const login = home.start(['login', ...corp, '--flow', 'device', '--force'])
  const [, code = ''] = await login.stderrMatches(/^ {2}(\w{8})$/m)
  await op.approve(code)
  const { code: exit, stderr } = await login.finished
  expect(exit, stderr).toBe(0)
  return stderr
}

const asked = ({ op }: World, path: string) => op.calls.filter((call) => call.startsWith(`POST ${path} `))

describe.concurrent('better-auth', () => {
  test.each(['client_secret_basic', 'client_secret_post'] as const)(
    '[case 165] [case 166] [case 202] a client with %s: sign-in, renewal, logout',
    async (method) => {
      const client = { clientId: 'sesame.cli-2_x~y', clientSecret: 'with-all_un.reserved~' }
      await atBetterAuth({ method, ...client }, async (world) => {
        const { op, home } = world
        await signIn(world)
        const first = await must(home.run(['token', 'get', ...corp]))
        const refused = method === 'client_secret_basic' ? [] : ['POST /device/code 401']
        expect(asked(world, '/device/code')).toEqual([...refused, 'POST /device/code 200'])

        ageTokens({ home }, 'token', -1000)
        expect(await must(home.run(['token', 'get', ...corp]))).not.toBe(first)
        expect(await must(home.run(['token', 'get', ...corp, '--id']))).toMatch(/^eyJ/)
        await signIn(world)
        // Refused once, it is not tried again that way.
        expect(op.calls.filter((call) => call.endsWith(' 401'))).toEqual(refused)
        expect((await home.run(['logout', ...corp])).code).toBe(0)
        expect(asked(world, '/oauth2/revoke').length).toBeGreaterThan(0)
      })()
    },
  )

  test.each(['client_secret_basic', 'client_secret_post'] as const)(
    '[case 207] a secret that every encoding changes, with %s',
    async (method) => {
      await atBetterAuth({ method, clientSecret: 'p+q/r=s%41&t:u v!é' }, async (world) => {
        await signIn(world)
        ageTokens(world, 'token', -1000)
        await must(world.home.run(['token', 'get', ...corp]))
      })()
    },
  )

  test.each(['client_secret_basic', 'client_secret_post'] as const)(
    '[case 208] a wrong secret, with %s: it is named, and each way is tried once',
    async (method) => {
      await atBetterAuth({ method }, async (world) => {
        const { home } = world
        await must(home.run(['configure', ...corp, '--client-secret-stdin'], { input: 'wrong-secret\n' }))
        const { code, stdout, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
        expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain('Check the client id sesame-cli and its secret at ')
        expect(asked(world, '/device/code')).toEqual(['POST /device/code 401', 'POST /device/code 400'])
      })()
    },
  )

  test(
    '[case 166] --client-auth says it once for all',
    atBetterAuth({ method: 'client_secret_post' }, async (world) => {
      await must(world.home.run(['configure', ...corp, '--client-auth', 'client_secret_post']))
      await signIn(world)
      expect(asked(world, '/device/code')).toEqual(['POST /device/code 200'])
    }),
  )

  test(
    '[case 211] a client whose tokens are bound to a key: the hint says so',
    atBetterAuth({ method: 'client_secret_basic', dpopBound: true }, async ({ op, home }) => {
      const login = home.start(['login', ...corp, '--flow', 'device'])
      const [, code = ''] = await login.stderrMatches(/^ {2}(\w{8})$/m)
      await op.approve(code)
      const { code: exit, stdout, stderr } = await login.finished
      expect({ exit, stdout }, stderr).toEqual({ exit: 1, stdout: '' })
      expect(stderr).toContain('DPoP')
    }),
  )
})
