import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fakeClock } from '../../support/fake-clock.ts'
import { discover, makeContext, signInByDevice } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

let op: ForgingProvider
beforeAll(async () => {
  op = await startForgingProvider()
})
afterAll(() => op.close())
beforeEach(() => {
  op.clear()
  op.answerWith({})
  op.answerDeviceWith({})
})

describe('device answers', () => {
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'vscode://x',
    '\\\\host\\x',
    '-x',
    '/usr/bin/id',
    'http://sso.example.com/device',
    'https://user:secret@sso.example.com/device',
    `https://sso.example.com/${'a'.repeat(3000)}`,
  ])('[case 10] the page %.40s is refused', async (page) => {
    for (const member of ['verification_uri', 'verification_uri_complete', 'verification_url']) {
      op.answerDeviceWith({ verification_uri: undefined, verification_url: `${op.issuer}/x`, [member]: page })
      await expect(signInByDevice(op.issuer)).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    }
  })

  test('[case 10] pages on a host of the provider may be opened, others are only shown', async () => {
    op.transform('GET /.well-known/openid-configuration', (body) => ({
      ...body,
      authorization_endpoint: 'https://pages.example.com/auth',
    }))
    op.answerDeviceWith({
      verification_uri: 'https://elsewhere.example.com/device',
      verification_uri_complete: 'https://pages.example.com/device?user_code=ABCD-EFGH',
    })
    const { shown } = await signInByDevice(op.issuer, { trustedHosts: ['pages.example.com'] })
    expect(shown[0]).toMatchObject({
      verificationUri: { text: 'https://elsewhere.example.com/device', mayOpen: false },
      verificationUriComplete: {
        text: 'https://pages.example.com/device?user_code=ABCD-EFGH',
        mayOpen: true,
      },
    })
  })

  test.each([
    'https://www.google.com/device',
    'https://microsoft.com/devicelogin',
    'https://login.microsoft.com/d',
  ])('[case 106] the genuine page %s is not opened for a provider that is not its own', async (page) => {
    op.answerDeviceWith({ verification_uri: page, verification_uri_complete: `${page}?user_code=ABCD-EFGH` })
    const { shown } = await signInByDevice(op.issuer)
    expect(shown[0]).toMatchObject({
      configuredHost: new URL(op.issuer).host,
      verificationUri: { text: page, mayOpen: false },
      verificationUriComplete: { mayOpen: false },
    })
  })

  test('[case 12] what the server writes is shown without control characters, and not at length', async () => {
    op.answerDeviceWith({
      user_code: 'AB\u001b[2J\u202e\u0007CD',
      verification_uri: `${op.issuer}/\u001b]52;c;x\u0007`,
    })
    const { shown } = await signInByDevice(op.issuer)
    expect(shown[0]?.userCode).toBe('AB\\u001b[2J\\u202e\\u0007CD')
    expect(shown[0]?.verificationUri.text).not.toMatch(/[\u0000-\u001f]/)
    op.fault('POST /token', {
      kind: 'json',
      status: 400,
      body: {
        error: 'bad\u001b[31m',
        error_description: `line\r\nline \u001b]8;;x\u0007${'x'.repeat(10_000)}`,
      },
    })
    const error = await signInByDevice(op.issuer).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_REFUSED', serverCode: 'bad\\u001b[31m', requestId: 'forged-1' })
    expect((error as Error).message).not.toMatch(/[\u0000-\u001f]/)
    expect((error as Error).message.length).toBeLessThan(400)
  })

  test.each([
    [{ expires_in: '600', interval: '7' }, 600, 7],
    [{ expires_in: 600, interval: 0 }, 600, 5],
    [{ expires_in: undefined, interval: undefined }, 600, 5],
    [{ expires_in: null, interval: null }, 600, 5],
    [{ expires_in: 1e10, interval: -5 }, 3600, 5],
    [{ expires_in: 'NaN', interval: 'soon' }, 600, 5],
  ])(
    '[case 16] the limits %j are read as %d s and %d s',
    async (limits, expiresInSeconds, intervalSeconds) => {
      op.answerDeviceWith(limits)
      const { shown, clock } = await signInByDevice(op.issuer)
      expect(shown[0]).toMatchObject({ expiresInSeconds, intervalSeconds })
      expect(clock.sleeps[0]).toBeGreaterThanOrEqual(intervalSeconds * 1000)
    },
  )

  test.each([
    { expires_in: 0 },
    { expires_in: -1 },
    { interval: 1e9 },
    { device_code: '' },
    { user_code: 7 },
    { verification_uri: undefined },
  ])('[case 16] the answer with %j is refused', async (members) => {
    op.answerDeviceWith(members)
    await expect(signInByDevice(op.issuer)).rejects.toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
    })
  })

  test('Google’s spelling of the page is understood', async () => {
    op.answerDeviceWith({ verification_uri: undefined, verification_url: `${op.issuer}/device` })
    const { shown } = await signInByDevice(op.issuer)
    expect(shown[0]?.verificationUri).toEqual({ text: `${op.issuer}/device`, mayOpen: true })
  })
})

describe('token answers', () => {
  test.each([
    { token_type: undefined },
    { token_type: 'mac' },
    { token_type: 'DPoP' },
    { token_type: 1 },
    { access_token: undefined },
    { access_token: '' },
    { access_token: 7 },
    { access_token: 'a\r\nX-Evil: 1' },
    { access_token: 'with space' },
    { access_token: 'x'.repeat(70_000) },
    { access_token: 'x'.repeat(1_000_000) },
    { refresh_token: 7 },
    { refresh_token: 'a\nb' },
    { id_token: 7 },
    { id_token: 'x' },
  ])('[case 19] with %.60j the sign-in is refused, and nothing of it is shown', async (members) => {
    op.answerWith(members)
    const error = await signInByDevice(op.issuer).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: expect.stringMatching(/^ERR_(RESPONSE|TOKEN)_INVALID$/),
      message: expect.stringMatching(/^[^\r\n]{1,200}$/),
    })
    expect((error as Error).message).not.toMatch(/Evil|access-token-of/)
  })

  test('[case 19] whatever stands in a token answer, there are good tokens or an error of ours', async () => {
    const provider = await discover(op.issuer, {}, makeContext(fakeClock()))
    const { refreshTokens } = await import('../../../src/identity/oidc/refresh-tokens.ts')
    const { Secret } = await import('../../../src/kit/secret.ts')
    const member = fc.option(fc.oneof(fc.string(), fc.integer(), fc.jsonValue()), { nil: undefined })
    const answer = fc.record({
      access_token: fc.oneof(fc.constant('good'), member),
      token_type: fc.oneof(fc.constant('bearer'), member),
      expires_in: member,
      refresh_token: member,
      scope: member,
      error: fc.option(fc.string(), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(answer, async (members) => {
        op.answerWith(members)
        try {
          const { accessToken, lifetime } = await refreshTokens(provider, new Secret('refresh-token-1'))
          expect(accessToken.reveal()).toMatch(/^[\x21-\x7e]+$/)
          expect(lifetime.expiresAt.getTime()).toBeGreaterThan(lifetime.obtainedAt.getTime())
        } catch (error) {
          expect(error).toMatchObject({
            name: 'SesameError',
            message: expect.stringMatching(/^[\x20-\x7e…]+$/u),
          })
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [28_800, 28_800],
    ['3600', 3600],
    [undefined, 600],
    [null, 600],
    [0, 600],
    [1e12, 7 * 24 * 3600],
  ])('[case 20] expires_in %j is a life of %d s', async (expiresIn, seconds) => {
    op.answerWith({ expires_in: expiresIn })
    const { tokens } = await signInByDevice(op.issuer)
    const { obtainedAt, expiresAt } = tokens.lifetime
    expect((expiresAt.getTime() - obtainedAt.getTime()) / 1000).toBe(seconds)
  })

  test('[case 20] lifetimes are counted by the clock of the provider', async () => {
    const clock = fakeClock(new Date(Date.now() - 86_400_000))
    op.answerWith({ id_token: await op.sign(op.claims({ email: 'dev@example.test' })) })
    const { tokens } = await signInByDevice(op.issuer, {}, clock)
    expect(Math.abs(tokens.lifetime.obtainedAt.getTime() - Date.now())).toBeLessThan(10_000)
    const skewMs = tokens.idToken?.lifetime.clock.skewMs ?? 0
    expect(skewMs).toBeGreaterThan(86_000_000)
    expect(tokens.idToken?.userName).toBe('dev@example.test')
  })
})
