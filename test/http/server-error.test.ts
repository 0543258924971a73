import { describe, expect, test } from 'vitest'
import { bearerError, type JsonAnswer } from '../../src/http/index.ts'

function answer(status: number, body: unknown): JsonAnswer {
  const unknown = {
    requestId: undefined,
    serverDate: undefined,
    receivedAt: undefined,
    retryAfterMs: undefined,
  }
  return {
    status,
    body: isPage(body) ? undefined : body,
    isJson: !isPage(body) && body !== undefined,
    isPage: isPage(body),
    ...unknown,
  }
}
const page = '<html>'
const isPage = (body: unknown) => body === page
const codeOf = (status: number, body: unknown) => bearerError(answer(status, body), 'It failed').code

describe('[case 139] what the code says counts, not the status', () => {
  test.each([
    'InvalidAccessToken',
    'InvalidAccessToken.Expired',
    'AccessTokenExpired',
    'InvalidToken',
    'TokenExpired',
    'ExpiredToken',
    'MissingBearerToken',
    'invalid_token',
    'expired_token',
    'token_revoked',
    'SessionExpired',
    'InvalidSession',
    'Unauthorized',
    'Unauthenticated',
  ])('%s means the token', (ErrorCode) => {
    for (const status of [200, 400, 401, 403, 404, 409, 500])
      expect(codeOf(status, { ErrorCode }), String(status)).toBe('ERR_UNAUTHORIZED')
  })

  test.each(['Forbidden', 'NoPermission', 'AccessDenied', 'AccessDenied.Account', 'access_denied'])(
    '%s means what is asked for',
    (Code) => {
      for (const status of [200, 400, 401, 403, 404])
        expect(codeOf(status, { Code }), String(status)).toBe('ERR_FORBIDDEN')
    },
  )

  test.each<[string, number, unknown, string]>([
    ['a token of the next page', 400, { ErrorCode: 'InvalidParameter.NextToken' }, 'ERR_REFUSED'],
    ['the same in another word', 400, { ErrorCode: 'InvalidNextToken' }, 'ERR_REFUSED'],
    ['a duration', 400, { ErrorCode: 'InvalidParameter.SessionDuration' }, 'ERR_REFUSED'],
    ['an entity that is gone', 404, { ErrorCode: 'EntityNotExists.AccessConfiguration' }, 'ERR_REFUSED'],
    ['an error in an answer of status 200', 200, { ErrorCode: 'EntityNotExists.Account' }, 'ERR_REFUSED'],
    ['401 without a code', 401, {}, 'ERR_UNAUTHORIZED'],
    ['401 without a body', 401, undefined, 'ERR_UNAUTHORIZED'],
    ['403 without a code', 403, {}, 'ERR_FORBIDDEN'],
    ['403 of a firewall', 403, page, 'ERR_RESPONSE_INVALID'],
    ['404 of a gateway', 404, page, 'ERR_RESPONSE_INVALID'],
    ['throttling', 400, { ErrorCode: 'Throttling.User' }, 'ERR_SERVER'],
    ['trouble', 503, { ErrorCode: 'Forbidden' }, 'ERR_SERVER'],
  ])('%s', (_, status, body, code) => {
    expect(codeOf(status, body)).toBe(code)
  })
})
