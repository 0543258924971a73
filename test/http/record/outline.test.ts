import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordExchanges } from '../../../src/http/record/exchange-record.ts'
import {
  outlineBody,
  outlinePath,
  outlineUrl,
  requestIdWord,
  serverWord,
} from '../../../src/http/record/outline.ts'

const now = new Date('2026-11-26T12:00:00Z')

test('of a body its form stays: known members, codes, seconds, distances of instants', () => {
  const body = {
    DeviceCode: 'secret-device-code',
    UserCode: 'ABCD-EFGH',
    VerificationUriComplete: 'https://alice:pw@portal.example/acme/device?user_code=ABCD-EFGH#x',
    ExpiresIn: 600,
    Interval: 5,
    AccountId: 1432949406168187,
    DisplayName: 'development',
    Expiration: '2026-11-26T13:00:00Z',
    expire_time: 1,
    ErrorCode: 'AccessDenied.RAM',
    ErrorMessage: 'alice@example.com may not',
    RequestId: '5B3FD1E5-0D0C-5E0C-8B0C-0A8C5E1D2F3A',
    'alice@example.com': { code: 'x' },
    alice: 'x',
  }
  expect(outlineBody(body, now)).toEqual({
    DeviceCode: '(text)',
    UserCode: '(text)',
    VerificationUriComplete: '(url) https://portal.example/acme/device',
    ExpiresIn: 600,
    Interval: 5,
    AccountId: 0,
    DisplayName: '(text)',
    Expiration: '(instant 3600 s)',
    ErrorCode: 'AccessDenied.RAM',
    ErrorMessage: '(text)',
    RequestId: '5B3FD1E5-0D0C-5E0C-8B0C-0A8C5E1D2F3A',
  })
})

test('no text of a body comes through, wherever it stands', () => {
  const secret = 'tok3n-Zq9_secret.value!alice@example.com'
  const members = [
    'access_token',
    'error_description',
    'scope',
    'issuer',
    'keys',
    'credentials',
    'data',
    'code',
    'error',
    'x',
  ]
  fc.assert(
    fc.property(
      fc.letrec((tie) => ({
        value: fc.oneof(
          { depthSize: 'small' },
          fc.constant(secret),
          fc.array(tie('value'), { maxLength: 3 }),
          fc.dictionary(fc.constantFrom(...members), tie('value'), { maxKeys: 4 }),
        ),
      })).value,
      (body) => {
        const text = JSON.stringify(outlineBody(body, now)) ?? ''
        expect(text).not.toContain('tok3n')
        expect(text).not.toContain('alice')
      },
    ),
  )
})

test.each([
  ['AccessDenied.RAM', true],
  ['invalid_grant', true],
  ['AADSTS70008', true],
  ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ', false],
  ['alice@example.com', false],
  ['a sentence', false],
  ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', false],
  ['1432949406168187', false],
])('a code of a server: %s', (text, kept) => expect(serverWord(text) !== undefined).toBe(kept))

test('RequestIds are hexadecimal', () => {
  expect(requestIdWord('f2d1c7d2-1f3a-4f58-9c9e-5b2f33f90c00')).toBeDefined()
  expect(requestIdWord('alice')).toBeUndefined()
  expect(requestIdWord('tok3n-Zq9secret')).toBeUndefined()
})

test.each([
  ['/oauth2/v2.0/token', '/oauth2/v2.0/token'],
  [
    '/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/.well-known/openid-configuration',
    '/*/v2.0/.well-known/openid-configuration',
  ],
  ['/users/alice@example.com/1432949406168187', '/users/*/*'],
  ['/%61lice', '/*'],
  ['/', '/'],
])('of a path what is no identifier: %s', (path, expected) => expect(outlinePath(path)).toBe(expected))

test('of an address neither user nor query', () => {
  expect(outlineUrl(new URL('https://me:pw@host.example:8443/a?b=c#d'))).toBe('https://host.example:8443/a')
})

test('steps are bounded, and polls that are answered alike are one', () => {
  const record = recordExchanges()
  const url = new URL('https://portal.example/token')
  const note = (status: number, body: object) =>
    record.note({
      request: { method: 'POST', url, headers: [], body: undefined },
      proxy: false,
      startedMs: 5,
      endedMs: 7,
      at: now,
      answer: { status, statusText: '', headers: [], body: Buffer.from(JSON.stringify(body)) },
    })
  for (let i = 0; i < 500; i++) note(400, { error: 'authorization_pending' })
  expect(record.steps()).toMatchObject([{ times: 500, code: 'authorization_pending', atMs: 0, tookMs: 2 }])
  for (let i = 0; i < 500; i++) note(200, { i })
  expect(record.steps()).toHaveLength(60)
})
