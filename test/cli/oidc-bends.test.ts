import { describe, expect, test } from 'vitest'
import type { Bend } from '../../mocks/index.ts'
import { allBends } from '../../mocks/oidc/quirky.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { inQuirkyWorld, signInByBrowser } from '../support/quirky-world.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

/** How a sign-in with a code ends: well, or by this exit code and these words. */
type Ending = 'well' | [exitCode: number, words: RegExp]

/** Every mistake that a provider can make in a sign-in with a code, by the case it belongs to. */
const byCode: [number, Partial<Record<Bend, Ending>>][] = [
  [
    25,
    {
      'discovery:other-issuer': [
        2,
        /configured http:\S+, discovery document says https:\/\/other\.example\.test\./,
      ],
      'discovery:issuer-with-slash': [2, /configured (http:\S+), discovery document says \1\/\./],
      'discovery:issuer-upper-case': [2, /configured http(:\S+), discovery document says HTTP\1\./],
      'discovery:no-issuer': [6, /discovery document/],
      'discovery:http-token-endpoint': [2, /token_endpoint .*not http:\/\/idp\.example\.test\/token/],
      'discovery:http-jwks': [2, /jwks_uri .*not http:\/\/idp\.example\.test\/jwks/],
      'discovery:file-endpoint': [2, /token_endpoint .*not file:\/\/\/etc\/passwd/],
      'discovery:no-token-endpoint': [6, /no usable token_endpoint/],
      'discovery:no-jwks-uri': [6, /no usable jwks_uri/],
      'discovery:no-authorization-endpoint': 'well',
      'discovery:no-revocation-endpoint': 'well',
    },
  ],
  [
    10,
    {
      'device:javascript-uri': [6, /no web address: javascript:alert\(1\)/],
      'device:file-uri': [6, /no web address: file:/],
      'device:http-uri': [6, /cannot be trusted: http:\/\/idp\.example\.test\//],
      'device:credentials-in-uri': [6, /cannot be trusted/],
      'device:other-host-uri': 'well',
    },
  ],
  [
    16,
    {
      'device:no-expires-in': 'well',
      'device:expires-in-zero': [6, /already expired/],
      'device:expires-in-negative': [6, /already expired/],
      'device:expires-in-text': 'well',
      'device:expires-in-huge': 'well',
      'device:expires-in-null': 'well',
      'device:interval-text': 'well',
      'device:interval-huge': [6, /longer than any sign-in code/],
      'device:number-user-code': [6, /user code/],
      'device:no-device-code': [6, /device code/],
      'device:empty': [6, /device code/],
    },
  ],
  [12, { 'device:escapes': 'well', 'device:long-user-code': 'well' }],
  [9, { 'pending:status-200': 'well', 'pending:no-error': [6, /The provider refused the sign-in/] }],
  [
    19,
    {
      'token:no-token-type': [6, /not of type Bearer/],
      'token:token-type-mac': [6, /not of type Bearer/],
      'token:token-type-dpop': [6, /not of type Bearer/],
      'token:token-type-lower-case': 'well',
      'token:no-access-token': [6, /no usable access token/],
      'token:empty-access-token': [6, /no usable access token/],
      'token:number-access-token': [6, /no usable access token/],
      'token:huge-access-token': [6, /larger than the 256 kB allowed/],
      'token:newline-in-access-token': [6, /no usable access token/],
      'token:no-expires-in': 'well',
      'token:expires-in-text': 'well',
      'token:expires-in-negative': [6, /OpenID Connect does not allow/],
      'token:expires-in-huge': 'well',
      'token:no-id-token': 'well',
      'token:no-refresh-token': 'well',
      'token:empty': [6, /no usable access token/],
    },
  ],
  [
    26,
    {
      'id-token:bad-signature': [1, /is refused: .*signature/],
      'id-token:changed-claims': [1, /The signature of the token does not fit/],
      'id-token:alg-none': [1, /signed with none; accepted: RS256/],
      'id-token:hs256-with-public-key': [1, /signed with HS256; accepted: RS256/],
      'id-token:unknown-kid': [1, /no key for this token/],
      'id-token:other-key': [1, /The signature of the token does not fit/],
      'id-token:no-kid': 'well',
      'id-token:other-audience': [1, /for "another-client", not for "sesame-cli"/],
      'id-token:several-audiences': 'well',
      'id-token:several-audiences-no-azp': [1, /issued to/],
      'id-token:other-azp': [1, /issued to "another-client", not to "sesame-cli"/],
      'id-token:other-issuer': [1, /"https:\/\/other\.example\.test", not "http:\/\/127\.0\.0\.1:\d+"/],
      'id-token:issuer-with-slash': [1, /"(http:\/\/127\.0\.0\.1:\d+)\/", not "\1"/],
      // Without an authorization request there is no nonce to compare with.
      'id-token:other-nonce': 'well',
      'id-token:no-nonce': 'well',
      'id-token:expired': [1, /The token expired at/],
      'id-token:from-the-future': [1, /not valid before/],
      'id-token:no-exp': [1, /no claim "exp"/],
      'id-token:text-exp': [1, /claim "exp"/],
      'id-token:no-sub': [1, /no claim "sub"/],
      'id-token:no-iss': [1, /no claim "iss"/],
      'id-token:encrypted': [1, /encrypted \(JWE\)/],
      'id-token:not-a-jwt': [1, /not a JWT/],
    },
  ],
]

/** Those that show themselves elsewhere, or make a test wait. */
const apart: Bend[] = [
  // Has to wait for five seconds: covered where time is made up.
  'device:no-interval',
  'device:interval-zero',
  'device:interval-negative',
  'device:interval-null',
  'discovery:other-host',
  'discovery:no-device-endpoint',
  'refresh:no-refresh-token',
  'refresh:no-id-token',
  'id-token:other-subject',
  'redirect:other-state',
  'redirect:no-state',
  'redirect:other-issuer',
  'redirect:no-issuer',
  'redirect:no-code',
]

const corp = ['--profile', 'corp']
const table = byCode.flatMap(([number, endings]) =>
  Object.entries(endings).map(([name, ending]) => ({ number, name: name as Bend, ending })),
)
const refusals = table.flatMap(({ ending, ...each }) =>
  ending === 'well' ? [] : [{ ...each, exitCode: ending[0], words: ending[1] }],
)

test('each bend of the scripted provider has its ending here', () => {
  expect([...table.map(({ name }) => name), ...apart].sort()).toEqual([...allBends].sort())
})

describe.concurrent('a sign-in with a code', () => {
  test.each(refusals)(
    '[case $number] $name: exit $exitCode, one clear reason, nothing on stdout, nothing stored',
    ({ name, exitCode, words }) =>
      inQuirkyWorld({ bends: [name], approve: { afterPolls: 1 } }, async ({ op, home }) => {
        const { code, stdout, stderr } = await home.run(['login', ...corp])
        expect({ code, stdout }, stderr).toEqual({ code: exitCode, stdout: '' })
        expect(stderr).toMatch(words)
        expect(
          stderr
            .split(/^sesame: /m)[1]
            ?.trimEnd()
            .split('\n').length,
        ).toBeLessThanOrEqual(2)
        expect(stderr).not.toMatch(/undefined|NaN|\[object|\bnull\b/)
        expect(home.items()).toEqual([])
        // A discovery document that is not believed leads nowhere.
        if (name.startsWith('discovery:')) expect(op.calls()).toEqual(['discovery'])
        if (name.startsWith('device:')) expect(op.calls()).toEqual(['discovery', 'device'])
      })(),
  )

  test.each(table.filter(({ ending }) => ending === 'well'))(
    '[case $number] $name is tolerated',
    ({ name }) =>
      inQuirkyWorld({ bends: [name], approve: { afterPolls: 1 } }, async ({ op, home }) => {
        const { code, stdout, stderr } = await home.run(['login', ...corp])
        expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
        expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|X{41}/)
        const [item] = home.items()
        const life = Date.parse(String(item?.value.expiresAt)) - Date.now()
        expect(life).toBeGreaterThan(0)
        expect(life).toBeLessThanOrEqual(7 * 86_400_000)
        await must(home.run(['token', 'get', ...corp]))
        expect(op.violations).toEqual([])
      })(),
  )
})

describe.concurrent('a sign-in by the browser of this machine', () => {
  test.each<[Bend, number, RegExp]>([
    ['id-token:other-nonce', 1, /belongs to another sign-in \(nonce\)/],
    ['id-token:no-nonce', 1, /it has no nonce, which would tie it to this sign-in\.\n.*--flow device/],
    ['id-token:changed-claims', 1, /signature of the token does not fit/],
    ['id-token:alg-none', 1, /signed with none/],
    ['id-token:other-audience', 1, /not for "sesame-cli"/],
    ['id-token:other-issuer', 1, /"https:\/\/other\.example\.test", not "http:/],
    ['token:no-id-token', 6, /no ID token/],
    ['redirect:other-issuer', 6, /is from https:\/\/other\.example\.test, not from http:\/\/127/],
    ['redirect:no-code', 6, /neither a code nor an error/],
  ])('[case 26] %s: exit %i, nothing stored', (name, exitCode, words) =>
    inQuirkyWorld({ bends: [name] }, async (world) => {
      const { code, stdout, stderr } = await signInByBrowser(world)
      expect({ code, stdout }, stderr).toEqual({ code: exitCode, stdout: '' })
      expect(stderr).toMatch(words)
      expect(world.home.items()).toEqual([])
      // A redirect that is not believed brings no code to the provider.
      expect(world.op.calls().includes('token')).toBe(!name.startsWith('redirect:'))
    })(),
  )

  test.each<Bend>(['redirect:other-state', 'redirect:no-state'])(
    '[case 26] %s: the page says that it is another sign-in, and the wait goes on for the right one',
    (name) =>
      inQuirkyWorld({ bends: [name] }, async ({ op, home }) => {
        const running = home.start(['login', ...corp, '--flow', 'code'])
        const [, url = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
        const browser = openLoopbackBrowser()
        const asked = await browser.begin(url)
        const comeBack = async () => {
          const { headers } = await browser.ask(asked)
          return (await browser.browse(new URL(String(headers.location)))).answer
        }
        const page = await comeBack()
        expect(page.status).toBe(400)
        expect(page.body).toContain('Not the sign-in that is waited for')
        expect(op.calls()).not.toContain('token')
        op.bends = []
        // As in `signInByBrowser`: the sign-in may be over before its last page has arrived.
        await comeBack().then(
          ({ status }) => expect(status).toBe(200),
          (error: Error) => expect(error.message).toMatch(/ECONN|hang up/),
        )
        expect(await running.finished).toMatchObject({ code: 0, stdout: '' })
      })(),
  )
})

describe.concurrent('a renewal', () => {
  test.each<Bend>(['refresh:no-refresh-token', 'token:no-refresh-token'])(
    '[case 21] %s: the refresh token stays, and renews again',
    (name) =>
      inQuirkyWorld({ dialect: { rotation: 'none' } }, async (world) => {
        const { op, home } = world
        await must(home.run(['login', ...corp]))
        const [before] = home.items()
        op.bends = [name]
        for (let run = 1; run <= 2; run++) {
          ageTokens(world, 'token', -1000)
          await must(home.run(['token', 'get', ...corp]))
        }
        expect(home.items()[0]?.value.refreshToken).toEqual(before?.value.refreshToken)
        expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
      })(),
  )

  test(
    '[case 21] refresh:no-id-token: the access token is new, the ID token stays',
    inQuirkyWorld({}, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      const id = await must(home.run(['token', 'get', ...corp, '--id']))
      const access = await must(home.run(['token', 'get', ...corp]))
      op.bends = ['refresh:no-id-token']
      home.change(({ value }) => ({ ...value, expiresAt: new Date(Date.now() - 1000).toISOString() }))
      expect(await must(home.run(['token', 'get', ...corp]))).not.toBe(access)
      expect(await must(home.run(['token', 'get', ...corp, '--id']))).toBe(id)
    }),
  )

  test.each<[Bend, RegExp]>([
    ['id-token:other-subject', /another user than the one who signed in \(sub\)/],
    ['id-token:changed-claims', /signature of the token does not fit/],
    ['id-token:other-audience', /not for "sesame-cli"/],
    ['id-token:expired', /expired at/],
  ])('[case 26] %s: exit 1, and the refused tokens are not stored', (name, words) =>
    inQuirkyWorld({ dialect: { rotation: 'none' } }, async (world) => {
      const { op, home } = world
      await must(home.run(['login', ...corp]))
      ageTokens(world, 'token', -1000)
      const before = home.items()
      op.bends = [name]
      const { code, stdout, stderr } = await home.run(['token', 'get', ...corp, '--id'])
      expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(words)
      expect(home.items()).toEqual(before)
    })(),
  )
})

test(
  '[case 25] an endpoint on another host is refused with both addresses; --trusted-hosts lets it through',
  // Long enough an interval that nothing is ever sent there.
  inQuirkyWorld({ bends: ['discovery:other-host'], intervalSeconds: 60 }, async ({ home }) => {
    const refused = await home.run(['login', ...corp])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(
      /http:\/\/127\.0\.0\.1:\d+ is on another host: https:\/\/elsewhere\.example\.test\//,
    )
    const [, hosts = ''] = refused.stderr.match(/--trusted-hosts (\S+)/) ?? []
    expect((await home.run(['configure', ...corp, '--trusted-hosts', hosts])).code).toBe(0)
    const running = home.start(['login', ...corp], { ownProcess: true })
    await running.stderrMatches(/Approve only if/)
    running.child.kill()
    expect((await running.finished).code).toBe(143)
  }),
)
