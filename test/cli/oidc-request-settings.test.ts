import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { QuirkyOptions } from '../../mocks/index.ts'
import { must } from '../support/oidc-world.ts'
import { inQuirkyWorld, type QuirkyWorld, signInByBrowser } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

const corp = ['--profile', 'corp']
const configure = ({ home }: QuirkyWorld, ...words: string[]) =>
  must(home.run(['configure', ...corp, ...words]))
const profileOf = ({ home }: QuirkyWorld) =>
  JSON.parse(readFileSync(join(home.directory, 'config.json'), 'utf8')).profiles.corp

/** Signs in with the browser of this machine; gives the authorization request. */
async function authorizationRequest(world: QuirkyWorld, ...words: string[]): Promise<Record<string, string>> {
  const { op, home } = world
  const before = op.requests.length
  const running = home.start(['login', ...corp, '--force', '--flow', 'code', ...words])
  const [, url = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
  await op.visit(url).catch((error: Error) => expect(error.message).toMatch(/ECONN|hang up/))
  await must(running.finished)
  return op.requests.slice(before).find(({ path }) => path === '/authorize')?.query ?? {}
}

const deviceRequest = ({ op }: QuirkyWorld) =>
  op.requests.findLast(({ path }) => path === '/device_authorization')?.body

describe.concurrent('prompt', () => {
  test(
    '[case 169] --prompt and --no-prompt, for the profile and for one sign-in',
    inQuirkyWorld({}, async (world) => {
      const asked = async (...words: string[]) => (await authorizationRequest(world, ...words)).prompt
      expect(await asked()).toBe('consent')
      expect(await asked('--prompt', 'select_account login')).toBe('select_account login')
      expect(await asked('--no-prompt')).toBeUndefined()
      expect(await asked()).toBe('consent')

      await configure(world, '--no-prompt')
      expect(await asked()).toBeUndefined()
      expect(await asked('--prompt', 'login')).toBe('login')
      await configure(world, '--prompt', 'login')
      expect(profileOf(world)).not.toHaveProperty('noPrompt')
      expect(await asked()).toBe('login')
      expect(await asked('--no-prompt')).toBeUndefined()
      expect(await asked('--prompt', '')).toBe('consent')
      await configure(world, '--no-prompt')
      expect(profileOf(world)).toMatchObject({ noPrompt: true })
      expect(profileOf(world)).not.toHaveProperty('prompt')
      await configure(world, '--prompt', '')
      expect(profileOf(world)).not.toHaveProperty('noPrompt')
      expect(await asked()).toBe('consent')
      expect(world.op.violations).toEqual([])
    }),
  )

  test.each(['configure', 'login'])(
    '[case 169] at %s: the two contradict each other, and words with other characters are refused',
    async (command) => {
      await inQuirkyWorld({}, async ({ home }) => {
        for (const words of [
          ['--prompt', 'login', '--no-prompt'],
          ['--prompt', 'a\nb'],
          ['--prompt', 'two  spaces'],
          ['--acr-values', '"'],
          ['--no-no-prompt'],
        ]) {
          const { code, stderr } = await home.run([command, ...corp, ...words])
          expect({ code }, stderr).toEqual({ code: 2 })
        }
      })()
    },
  )
})

describe.concurrent('acr values', () => {
  test(
    '[case 212] --acr-values goes into both requests; what it gives is kept apart',
    inQuirkyWorld({}, async (world) => {
      const { home } = world
      await must(home.run(['login', ...corp]))
      expect(deviceRequest(world)).not.toHaveProperty('acr_values')
      await must(home.run(['login', ...corp, '--force', '--acr-values', 'urn:mfa 2']))
      expect(deviceRequest(world)).toMatchObject({ acr_values: 'urn:mfa 2' })
      expect((await authorizationRequest(world, '--acr-values', 'phr')).acr_values).toBe('phr')
      expect((await authorizationRequest(world)).acr_values).toBeUndefined()

      await configure(world, '--acr-values', 'phr')
      // Signed in without, a profile that asks for more has no token.
      expect((await home.run(['token', 'get', ...corp])).code).toBe(3)
      expect((await authorizationRequest(world)).acr_values).toBe('phr')
      await must(home.run(['token', 'get', ...corp]))
    }),
  )
})

describe.concurrent('a device endpoint that discovery hides', () => {
  const hidden: QuirkyOptions = { bends: ['discovery:no-device-endpoint'] }
  test(
    '[case 212] is used when the profile names it',
    inQuirkyWorld(hidden, async (world) => {
      const { op, home } = world
      const { code, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
      expect(code).toBe(2)
      expect(stderr).toContain('--device-endpoint')
      await configure(world, '--device-endpoint', `${op.url}/device_authorization`)
      await must(home.run(['login', ...corp]))
      expect(op.calls()).toContain('device')
      expect(await must(home.run(['profile', 'show', 'corp']))).toContain(`${op.url}/device_authorization`)
    }),
  )

  test.each([
    'ftp://id.example/x',
    'http://id.example/x',
    'https://a:b@id.example/',
    'https://id.example/#x',
    'x',
  ])('[case 212] %s is no such address', async (address) => {
    await inQuirkyWorld(hidden, async ({ home }) => {
      const { code, stderr } = await home.run(['configure', ...corp, '--device-endpoint', address])
      expect({ code }, stderr).toEqual({ code: 2 })
      expect(stderr).toContain('--device-endpoint')
    })()
  })

  test(
    '[case 212] another issuer has another one',
    inQuirkyWorld({}, async (world) => {
      await configure(world, '--device-endpoint', 'https://id.example/device', '--client-auth', 'post')
      await configure(world, '--issuer', 'https://other.example')
      expect(profileOf(world)).not.toHaveProperty('deviceEndpoint')
      expect(profileOf(world)).not.toHaveProperty('clientAuth')
    }),
  )
})

describe.concurrent('the code', () => {
  test.each(['plain', 'google'] as const)('[case 212] stands alone on its line: %s', async (preset) => {
    await inQuirkyWorld(
      { preset, ...(preset === 'google' && { clientSecret: 'a-secret' }) },
      async ({ op, home }) => {
        await must(home.run(['configure', ...corp, '--scope', 'openid']))
        const { stderr } = await home.run(['login', ...corp])
        const { code } = /^and enter the code:\n {2}(?<code>\S+)$/m.exec(stderr)?.groups ?? {}
        expect(code).toMatch(/^\w{4}-\w{4}$/)
        expect(stderr).not.toContain(`${code}.`)
        expect(op.calls()).toContain('device')
      },
    )()
  })
})

describe.concurrent('what a provider wants and sesame has not', () => {
  const refusing = (error: string, error_description: string): QuirkyOptions => ({
    clientId: 'known',
    dialect: { refusedClient: () => ({ status: 400, body: { error, error_description } }) },
  })
  test.each([
    ['invalid_dpop_proof', 'DPoP proof is missing', 'DPoP'],
    ['use_dpop_nonce', '', 'DPoP'],
    ['invalid_request', 'Client requires DPoP-bound tokens', 'DPoP'],
    ['invalid_client', 'client_assertion is required (private_key_jwt)', 'private_key_jwt'],
    ['invalid_client', 'mutual TLS client certificate missing', 'RFC 8705'],
    ['invalid_request', 'Pushed Authorization Request is required', 'RFC 9126'],
  ])('[case 211] %s "%s": the hint speaks of %s', async (error, description, word) => {
    await inQuirkyWorld(
      { ...refusing(error, description), profile: { clientId: 'other' } },
      async ({ home }) => {
        const { code, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
        expect(code).toBe(1)
        expect(stderr).toContain(word)
        expect(stderr).toContain('which sesame has not')
      },
    )()
  })

  test.each([
    ['not_allowed', 'Offline tokens not allowed for the user or client', undefined, 'openid'],
    ['invalid_scope', 'scope offline_access is unknown', 'openid offline_access profile', '"openid profile"'],
    ['invalid_request', 'offline access is not granted', 'offline_access', 'openid'],
  ])('%s "%s": the hint has the scope without offline_access', async (error, description, scope, without) => {
    await inQuirkyWorld(
      { ...refusing(error, description), profile: { clientId: 'other', ...(scope && { scope }) } },
      async ({ home }) => {
        const { code, stderr } = await home.run(['login', ...corp, '--flow', 'device'])
        expect(code).toBe(1)
        expect(stderr).toContain(`sesame configure --profile NAME --scope ${without}\n`)
      },
    )()
  })

  test.each([
    ['openid', 'not_allowed', 'Offline tokens not allowed'],
    ['openid offline_access', 'not_allowed', 'the account is offline'],
  ])('with scope "%s", %s "%s": nothing is said of offline access', async (scope, error, description) => {
    await inQuirkyWorld(
      { ...refusing(error, description), profile: { clientId: 'other', scope } },
      async ({ home }) => {
        const { stderr } = await home.run(['login', ...corp, '--flow', 'device'])
        expect(stderr).toContain(description)
        expect(stderr).not.toContain('do without')
      },
    )()
  })

  test(
    '[case 211] S256 required and switched off: --device-pkce',
    inQuirkyWorld(
      {
        ...refusing('invalid_request', 'code_challenge is required'),
        profile: { clientId: 'other', devicePkce: false },
      },
      async ({ home }) => {
        const { stderr } = await home.run(['login', ...corp])
        expect(stderr).toContain('"sesame configure --profile NAME --device-pkce"')
      },
    ),
  )

  test.each([
    ['require_pushed_authorization_requests', 'PAR, RFC 9126'],
    ['require_signed_request_object', 'RFC 9101'],
  ])(
    '[case 211] %s: --flow code is refused before a browser opens, auto takes the device flow',
    async (member, words) => {
      await inQuirkyWorld({ dialect: { discoveryExtras: { [member]: true } } }, async ({ op, home }) => {
        const { code, stderr } = await home.run(['login', ...corp, '--flow', 'code'])
        expect(code).toBe(2)
        expect(stderr).toContain(words)
        expect(op.calls()).toEqual(['discovery'])
        await must(home.run(['login', ...corp], { env: { DISPLAY: ':0' } }))
        expect(op.calls()).toContain('device')
      })()
    },
  )

  test.each([
    ['token:token-type-dpop', 6, 'DPoP'],
    ['id-token:encrypted', 1, 'id_token_encrypted_response_alg'],
    ['id-token:hs256-with-public-key', 1, 'id_token_signed_response_alg'],
  ] as const)('[case 211] %s', async (bend, exit, words) => {
    await inQuirkyWorld({ bends: [bend] }, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['login', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: exit, stdout: '' })
      expect(stderr).toContain(words)
    })()
  })

  test(
    '[case 211] "iss" announced and not sent: the hint says whose mistake it is',
    inQuirkyWorld({ bends: ['redirect:no-issuer'] }, async (world) => {
      const { code, stderr } = await signInByBrowser(world)
      expect(code).toBe(6)
      expect(stderr).toContain('"iss" (issuer) missing')
      expect(stderr).toContain('The provider announces that parameter (RFC 9207) and leaves it out')
    }),
  )
})
