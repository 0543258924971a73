import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { QuirkyOptions } from '../../mocks/index.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { inQuirkyWorld, type QuirkyWorld } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import type { TestHome } from '../support/test-home.ts'

runCommandsHere()

const corp = ['--profile', 'corp']
const both = ['client_secret_basic', 'client_secret_post']
/** Ends with everything that servers have been seen to decode wrongly. */
const hardEnd = 'p+q/r=s%41&t:u v-w_x.y~z é'
let last = 0

/** A confidential client at a provider that reads id and secret from one place only. */
function confidential(
  dialect: NonNullable<QuirkyOptions['dialect']>,
  run: (world: QuirkyWorld) => Promise<void>,
  options: QuirkyOptions = {},
) {
  const client = { clientId: 'sesame.cli~2', clientSecret: `${++last}-${hardEnd}`, ...options }
  return inQuirkyWorld({ ...client, dialect, profile: false }, async (world) => {
    const { op, home } = world
    const words = ['--issuer', op.issuer, '--client-id', op.clientId, '--client-secret-stdin']
    await must(home.run(['configure', ...corp, ...words], { input: `${client.clientSecret}\n` }))
    await run(world)
  })
}

/** How the secret went along in each request of a call. */
const sentTo = ({ op }: QuirkyWorld, path: string) =>
  op.requests
    .filter((request) => request.path === path)
    .map(({ headers, body }) => {
      const inBody = 'client_secret' in Object(body)
      if (headers.authorization === undefined) return inBody ? 'post' : 'none'
      const text = Buffer.from(headers.authorization.slice('Basic '.length), 'base64').toString()
      const way = text.endsWith(hardEnd) ? 'basic-raw' : 'basic'
      return inBody ? `${way} and post` : way
    })

const stateOf = ({ home }: QuirkyWorld) =>
  readFileSync(join(home.home, '.local', 'state', 'sesame', 'state.json'), 'utf8')

describe.concurrent('a client that is refused', () => {
  test.each([
    ['basic', ['basic']],
    ['basic-raw', ['basic', 'basic-raw']],
    ['post', ['basic', 'basic-raw', 'post']],
  ] as const)('[case 166] [case 207] is sent in the other ways: %s', async (takesSecret, asked) => {
    await confidential({ takesSecret, announcedAuthentication: both }, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      expect(sentTo(world, '/device_authorization')).toEqual(asked)
      // What was accepted once comes first, in this process and in the next ones.
      expect(new Set(sentTo(world, '/token'))).toEqual(new Set([takesSecret]))
      if (takesSecret !== 'basic') expect(stateOf(world)).toContain(`"clientAuth": "${takesSecret}"`)

      ageTokens(world, 'token', -1000)
      await must(home.run(['token', 'get', ...corp]))
      await must(home.run(['login', ...corp, '--force']))
      await must(home.run(['logout', ...corp]))
      expect(new Set(sentTo(world, '/token'))).toEqual(new Set([takesSecret]))
      expect(sentTo(world, '/device_authorization')).toEqual([...asked, takesSecret])
      expect(new Set(sentTo(world, '/revoke'))).toEqual(new Set([takesSecret]))
      expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
      expect(op.violations).toEqual([])
    })()
  })

  test.each([
    ['401 unauthorized_client, as Keycloak', 401, { error: 'unauthorized_client' }],
    ['403 unauthorized_client, as Glewlwyd', 403, { error: 'unauthorized_client' }],
    ['401 with nothing, as Spring', 401, ''],
    ['400 invalid_client', 400, { error: 'invalid_client' }],
    ['200 and an error, as GitHub', 200, { error: 'incorrect_client_credentials' }],
    ['400 and what is missing', 400, { error: 'invalid_request', error_description: 'client_id is missing' }],
    ['400 in words of its own', 400, { code: 'VALIDATION', message: '[body.client_id] Invalid input' }],
    ['500 for an unknown client', 500, { error: 'server_error', error_description: 'client not found' }],
  ])('[case 207] [case 208] whatever word it has for that: %s', async (_, status, body) => {
    const refusedClient = () => ({ status, body })
    const dialect = { takesSecret: 'post', announcedAuthentication: both, refusedClient } as const
    await confidential(dialect, async (world) => {
      await must(world.home.run(['login', ...corp]))
      expect(sentTo(world, '/device_authorization')).toEqual(['basic', 'basic-raw', 'post'])
      expect(world.op.violations).toEqual([])
    })()
  })

  test(
    '[case 166] the refresh token is sent again only to one that refused the client, and is used once',
    confidential({ takesSecret: 'post', announcedAuthentication: both }, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp, '--force']))
      forgetProviders(home)
      ageTokens(world, 'token', -1000)
      const before = op.requests.length
      await must(home.run(['token', 'get', ...corp]))
      const renewal = { op: { requests: op.requests.slice(before) } } as QuirkyWorld
      expect(sentTo(renewal, '/token')).toEqual(['basic', 'basic-raw', 'post'])
      expect(op.log.filter((each) => each.kind === 'tokens-issued' && each.grant === 'refresh')).toHaveLength(
        1,
      )
      expect(op.violations).toEqual([])
    }),
  )

  test.each([
    ['basic', 'basic'],
    ['client_secret_basic', 'basic'],
    ['post', 'post'],
    ['client_secret_post', 'post'],
  ])('[case 166] --client-auth %s: that way, and no other', async (word, way) => {
    await confidential({ announcedAuthentication: ['client_secret_jwt'] }, async (world) => {
      const { op, home } = world
      await must(home.run(['configure', ...corp, '--client-auth', word]))
      expect(await must(home.run(['profile', 'show', 'corp']))).toMatch(
        new RegExp(`^Client authentication +${way}$`, 'm'),
      )
      await must(home.run(['login', ...corp]))
      expect(sentTo(world, '/device_authorization')).toEqual([way])
      expect(new Set(sentTo(world, '/token'))).toEqual(new Set([way]))
      expect(op.violations).toEqual([])
      await must(home.run(['configure', ...corp, '--client-auth', '']))
      expect(await must(home.run(['profile', 'show', 'corp']))).not.toContain('Client authentication')
    })()
  })

  test.each(['', 'Basic', 'none', 'private_key_jwt', 'client_secret_jwt', 'basic-raw'])(
    '[case 166] --client-auth "%s" is refused',
    async (word) => {
      await confidential({}, async ({ home }) => {
        const { code, stderr } = await home.run(['configure', ...corp, '--client-auth', word])
        expect(code).toBe(word === '' ? 0 : 2)
        if (word !== '')
          expect(stderr).toMatch(/--client-auth cannot be .*\n(?:It can be basic, post\.|Did you mean)/)
      })()
    },
  )
})

describe.concurrent('a client that cannot pass', () => {
  const wrong = { clientId: 'sesame-cli', clientSecret: 'abc-123' }
  test.each([
    ['401 invalid_client', 401, { error: 'invalid_client' }],
    ['401 unauthorized_client, as Keycloak', 401, { error: 'unauthorized_client' }],
    ['401 with nothing, as Spring', 401, ''],
    ['401 with a page', 401, '<h1>Unauthorized</h1>'],
    [
      '500 for an unknown client, as zitadel',
      500,
      { error: 'server_error', error_description: 'client not found' },
    ],
  ])('[case 208] %s: id and secret are named, nothing is repeated', async (_, status, body) => {
    const dialect = {
      takesSecret: 'basic',
      announcedAuthentication: both,
      refusedClient: () => ({ status, body }),
    }
    await confidential(
      dialect as NonNullable<QuirkyOptions['dialect']>,
      async (world) => {
        const { home } = world
        await must(home.run(['configure', ...corp, '--client-secret-stdin'], { input: 'other-secret\n' }))
        const { code, stdout, stderr } = await home.run(['login', ...corp])
        expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain('Check the client id sesame-cli and its secret at ')
        expect(stderr).toContain('--client-secret-stdin')
        expect(stderr).not.toContain('something else')
        expect(stderr).not.toContain('device authorization grant')
        expect(
          stderr
            .replace(/^[\s\S]*(?=sesame: )/, '')
            .trim()
            .split('\n'),
        ).toHaveLength(2)
        expect(sentTo(world, '/device_authorization')).toEqual(['basic', 'post'])
      },
      wrong,
    )()
  })

  test.each([
    ['401 with nothing', 401, ''],
    ['401 unauthorized_client', 401, { error: 'unauthorized_client' }],
    ['500', 500, { error: 'server_error', error_description: 'no such client: sesame-cli' }],
  ])('[case 208] of a public client there is one request: %s', async (_, status, body) => {
    const dialect = { takesSecret: 'post', refusedClient: () => ({ status, body }) } as const
    await inQuirkyWorld({ dialect, clientSecret: 'unknown-to-us', profile: {} }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['login', ...corp])
      expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Check the client id sesame-cli at ')
      expect(stderr).toContain('--client-secret-stdin')
      expect(sentTo(world, '/device_authorization')).toEqual(['none'])
    })()
  })

  test(
    '[case 208] a grant that the client may not use is still said to be that',
    inQuirkyWorld(
      { dialect: { refusedClient: () => ({ status: 400, body: { error: 'unauthorized_client' } }) } },
      async ({ op, home }) => {
        const words = ['--client-id', 'other']
        await must(home.run(['configure', ...corp, ...words]))
        const { stderr } = await home.run(['login', ...corp])
        expect(stderr).toContain('Allow the device authorization grant for the client other')
        expect(op.calls().filter((call) => call === 'device')).toHaveLength(1)
      },
    ),
  )

  test(
    '[case 211] a provider that takes only private keys: the hint says so',
    confidential(
      { takesSecret: 'post', announcedAuthentication: ['private_key_jwt', 'tls_client_auth'] },
      async ({ home }) => {
        const { code, stderr } = await home.run(['login', ...corp])
        expect(code).toBe(1)
        expect(stderr).toContain('takes only private_key_jwt, tls_client_auth, which sesame has not')
      },
    ),
  )
})

describe.concurrent('form bodies', () => {
  test(
    '[case 202] the media type is bare in every form',
    confidential({ takesSecret: 'post' }, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      ageTokens(world, 'token', -1000)
      await must(home.run(['token', 'get', ...corp]))
      await must(home.run(['logout', ...corp]))
      const forms = op.requests.filter(({ method }) => method === 'POST')
      expect(new Set(op.calls())).toEqual(new Set(['discovery', 'device', 'token', 'jwks', 'revocation']))
      expect(new Set(forms.map(({ headers }) => headers['content-type']))).toEqual(
        new Set(['application/x-www-form-urlencoded']),
      )
    }),
  )
})

describe.concurrent('ids and secrets', () => {
  test.each(['an id', 'id+/=%&:~', ' leading'])('[case 212] the id "%s" is accepted', async (clientId) => {
    await confidential(
      {},
      async ({ op, home }) => {
        await must(home.run(['login', ...corp]))
        expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
      },
      { clientId },
    )()
  })

  test.each(['', ' ', 'a\tb', 'a\nb', 'ключ', 'a\u0000b'])(
    '[case 212] the id %j is refused',
    async (clientId) => {
      await confidential({}, async ({ home }) => {
        const { code } = await home.run(['configure', ...corp, '--client-id', clientId])
        expect(code).toBe(2)
      })()
    },
  )

  test.each(['two words', ' spaces around ', 'naïve', 'p"q\\r'])(
    '[case 212] the secret "%s" is accepted',
    async (clientSecret) => {
      await confidential({}, async ({ home }) => void (await must(home.run(['login', ...corp]))), {
        clientSecret,
      })()
    },
  )

  test.each([' ', 'a\tb', 'a\nb', 'zero\u200bwidth', 'no\u00a0break'])(
    '[case 212] the secret %j is refused',
    async (secret) => {
      await confidential({}, async ({ home }) => {
        const { code, stderr } = await home.run(['configure', ...corp, '--client-secret-stdin'], {
          input: `${secret}\n`,
        })
        expect(code).toBe(2)
        expect(stderr).toContain('The client secret must be one line without invisible characters.')
      })()
    },
  )

  test(
    '[case 212] no log line shows a secret with spaces and letters beyond ASCII',
    confidential({ takesSecret: 'post', announcedAuthentication: both }, async ({ op, home }) => {
      const secret = op.issued.find(({ kind }) => kind === 'client-secret')?.value ?? ''
      expect(secret).toContain(hardEnd)
      const { stderr } = await home.run(['login', ...corp], { env: { DEBUG: '*' } })
      for (const part of [
        secret,
        new URLSearchParams({ v: secret }).toString().slice(2),
        encodeURIComponent(secret),
      ])
        expect(stderr).not.toContain(part)
      expect(stderr).not.toContain(Buffer.from(`sesame.cli~2:${secret}`).toString('base64'))
    }),
  )
})

/** As on another machine: nothing is known of what the provider takes. */
function forgetProviders({ state }: TestHome): void {
  const file = join(state, 'state.json')
  const forget = (name: string, value: unknown) => (name === 'providers' ? {} : value)
  const known = readFileSync(file, 'utf8')
  expect(known).toContain('clientAuth')
  writeFileSync(file, JSON.stringify(JSON.parse(known, forget)))
}
