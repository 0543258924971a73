import { describe, expect, test } from 'vitest'
import { explainError } from '../../src/cli/explain-error.ts'
import {
  isRefused,
  isTransientAnswer,
  readServerError,
  requestJson,
  serverError,
} from '../../src/http/index.ts'
import type { Fetch } from '../../src/kit/index.ts'
import { alibabaCloudAnswers } from '../fixtures/answers/alibaba-cloud.ts'
import type { PublishedAnswer } from '../fixtures/answers/answer.ts'
import { answersInBetween } from '../fixtures/answers/in-between.ts'
import { openidAnswers } from '../fixtures/answers/openid-providers.ts'

const answers = [...alibabaCloudAnswers, ...openidAnswers, ...answersInBetween]

type Read = [code: string | undefined, requestId: string | undefined, error: string, exit: number]

/** What comes out of each, whichever request it answers. */
const reads: Record<string, Read> = {
  'CloudSSO: pending': ['AuthorizationPending', undefined, 'ERR_REFUSED', 1],
  'STS: expired OIDC token': ['AuthenticationFail.OIDCToken.Expired', undefined, 'ERR_UNAUTHORIZED', 1],
  'STS: audience': ['AuthenticationFail.OIDCToken.AudienceNotMatch', undefined, 'ERR_UNAUTHORIZED', 1],
  'STS: issuer configuration': [
    'AuthenticationFail.OIDCToken.IssuerConfigurationBroken',
    undefined,
    'ERR_UNAUTHORIZED',
    1,
  ],
  'STS: issuer': ['AuthenticationFail.OIDCToken.IssuerNotMatch', undefined, 'ERR_UNAUTHORIZED', 1],
  'STS: provider not registered': ['AuthenticationFail.NoPermission', undefined, 'ERR_UNAUTHORIZED', 1],
  'STS: role': ['EntityNotExist.Role', undefined, 'ERR_REFUSED', 1],
  'STS: throttled': ['Throttling.User', undefined, 'ERR_REFUSED', 1],
  'OpenAPI in XML': ['MissingParameter.CommandId', '540CFF28-407A-40B5-B6A5-74Bxxxxxxxxx', 'ERR_REFUSED', 1],
  'OpenAPI in XML, as misprinted': [
    'DomainNotExist',
    '8906582E-6722-409A-A6C4-0E7863B733A5',
    'ERR_REFUSED',
    1,
  ],
  'OpenAPI: internal error': ['InternalError', '6EBD1AC4-C34D-4AE1-963E-B688A228BE31', 'ERR_SERVER', 6],
  'OSS: argument': ['MissingArgument', '57ABD896CCB80C366955****', 'ERR_REFUSED', 1],
  'OSS: namespace in typographic quotes': ['MalformedXML', '57ABD896CCB80C366955****', 'ERR_REFUSED', 1],
  'OSS: denied, with detail': ['AccessDenied', '65AF5037***5347E6D09', 'ERR_FORBIDDEN', 1],
  'RFC 6749': ['invalid_request', undefined, 'ERR_REFUSED', 1],
  'Entra ID': ['invalid_scope', '255d1aef-8c98-452f-ac51-23d051240864', 'ERR_REFUSED', 1],
  Okta: ['E0000011', 'oaeY-4G_TBUTBSZAn9n7oZCfw', 'ERR_UNAUTHORIZED', 1],
  'Auth0: pending': ['authorization_pending', undefined, 'ERR_FORBIDDEN', 1],
  'Auth0: slow down': ['slow_down', undefined, 'ERR_SERVER', 6],
  Keycloak: ['invalid_client', undefined, 'ERR_UNAUTHORIZED', 1],
  'IDaaS CIAM': ['invalid_grant', '1658384361768$ca725dc4-182f-7562-17d2-53e6acf6a3ac', 'ERR_REFUSED', 1],
  'Apigee Edge': ['invalid_request', undefined, 'ERR_REFUSED', 1],
  'captive portal': [undefined, undefined, 'ERR_SERVER', 6],
  nginx: [undefined, undefined, 'ERR_SERVER', 6],
  Zscaler: [undefined, undefined, 'ERR_RESPONSE_INVALID', 6],
  Squid: [undefined, undefined, 'ERR_FORBIDDEN', 1],
}

async function ask({ status, headers, body }: Omit<PublishedAnswer, 'name' | 'source'>) {
  const fetch: Fetch = async () => new Response(body, { status, headers: headers ?? {} })
  return requestJson(fetch, { method: 'GET', url: 'https://server.example/' })
}

/** The same body as gateways and careless servers send it. */
const disguises: Record<string, (answer: PublishedAnswer) => PublishedAnswer> = {
  'as published': (answer) => answer,
  'behind a byte order mark': (answer) => ({ ...answer, body: answer.body && `\ufeff${answer.body}` }),
  'as text/html': (answer) => ({ ...answer, headers: { ...answer.headers, 'content-type': 'text/html' } }),
  'with line ends in front': (answer) => ({ ...answer, body: answer.body && `\r\n\r\n${answer.body}` }),
}

test('[case 147] every published answer has its line in the table, and says where it is from', () => {
  expect(answers.map(({ name }) => name).sort()).toEqual(Object.keys(reads).sort())
  for (const { source } of answers) expect(source).toMatch(/\w{3}/)
})

describe.each(Object.entries(disguises))('[case 147] a published answer %s', (_, disguise) => {
  test.each(answers.map((answer) => [answer.name, answer] as const))('%s', async (name, published) => {
    const answer = await ask(disguise(published))
    const error = serverError(answer, 'It failed')
    const { exitCode, lines } = explainError(error, (text) => text, false)
    expect([readServerError(answer).serverCode, answer.requestId, error.code, exitCode]).toEqual(reads[name])
    expect(lines.length).toBeLessThanOrEqual(2)
    const { serverCode = 'status', requestId = '' } = error
    expect(lines[0]).toContain(serverCode)
    expect(lines[0]).toContain(requestId)
    const isPage = answersInBetween.includes(published)
    expect(isTransientAnswer(answer)).toBe(isPage || published.status === 429 || published.status >= 500)
  })
})

const json = (value: object) => JSON.stringify(value)

describe('[case 147] one reader for every spelling', () => {
  test.each<[string, number, string, string | undefined, string | undefined]>([
    ['PascalCase', 400, json({ ErrorCode: 'X.Y', ErrorMessage: 'm', RequestId: 'R-1' }), 'X.Y', 'R-1'],
    ['camelCase', 400, json({ errorCode: 'X.Y', errorMessage: 'm', requestId: 'R-1' }), 'X.Y', 'R-1'],
    ['snake_case', 400, json({ error_code: 'X.Y', error_message: 'm', request_id: 'R-1' }), 'X.Y', 'R-1'],
    ['kebab-case', 400, json({ 'error-code': 'X.Y', message: 'm', 'Request-Id': 'R-1' }), 'X.Y', 'R-1'],
    ['capitals', 400, json({ ERROR_CODE: 'X.Y', MSG: 'm', REQUESTID: 'R-1' }), 'X.Y', 'R-1'],
    ['nested', 403, json({ error: { code: 'X.Y', message: 'm' }, requestId: 'R-1' }), 'X.Y', 'R-1'],
    [
      'nested twice',
      403,
      json({ Response: { Error: { Code: 'X.Y', Message: 'm' }, RequestId: 'R-1' } }),
      'X.Y',
      'R-1',
    ],
    ['a list', 400, json({ errors: [{ code: 'X.Y', message: 'm' }], requestId: 'R-1' }), 'X.Y', 'R-1'],
    [
      'number and status',
      403,
      json({ error: { code: 403, message: 'm', status: 'X.Y' }, requestId: 'R-1' }),
      'X.Y',
      'R-1',
    ],
    [
      'a fault',
      401,
      json({ fault: { faultstring: 'm', detail: { errorcode: 'X.Y' } }, requestId: 'R-1' }),
      'X.Y',
      'R-1',
    ],
    ['a number', 400, json({ errcode: 40013, errmsg: 'm' }), '40013', undefined],
    ['200 with an error', 200, json({ ErrorCode: 'X.Y', ErrorMessage: 'm', RequestId: 'R-1' }), 'X.Y', 'R-1'],
    [
      'problem details',
      404,
      json({ type: 'about:blank', title: 'Not Found', detail: 'm' }),
      undefined,
      undefined,
    ],
    [
      'XML with namespaces and CDATA',
      400,
      '<e:Error xmlns:e="x"><e:Code>X.Y</e:Code><e:Message><![CDATA[m]]></e:Message><e:RequestId>R-1</e:RequestId></e:Error>',
      'X.Y',
      'R-1',
    ],
    [
      'XML with entities',
      400,
      '<Error><Code>X&#46;&#x59;</Code><Message>m</Message><RequestId>R-1</RequestId></Error>',
      'X.Y',
      'R-1',
    ],
    [
      'XML in an envelope',
      403,
      '<ErrorResponse><Error><Code>X.Y</Code><Message>m</Message></Error><RequestId>R-1</RequestId></ErrorResponse>',
      'X.Y',
      'R-1',
    ],
  ])('%s', async (_, status, body, code, requestId) => {
    const answer = await ask({ status, body })
    expect(readServerError(answer)).toEqual({ serverCode: code, serverMessage: 'm', requestId })
    expect(isRefused(answer)).toBe(true)
  })

  test.each([
    { Code: 'Success' },
    { code: '200' },
    { code: 200 },
    { code: 0 },
    { errcode: 0 },
    { success: true, code: 'OK' },
    {},
    { error: null },
    { error: '' },
  ])('status 200 with %j is no error', async (body) => {
    expect(isRefused(await ask({ status: 200, body: json(body) }))).toBe(false)
  })

  test.each<[string, string]>([
    ['Throttling.User', 'ERR_SERVER'],
    ['ServiceUnavailable', 'ERR_SERVER'],
    ['server_error', 'ERR_SERVER'],
    ['503', 'ERR_SERVER'],
    ['InvalidToken', 'ERR_UNAUTHORIZED'],
    ['expiredToken', 'ERR_UNAUTHORIZED'],
    ['access_denied', 'ERR_FORBIDDEN'],
    ['NoPermission', 'ERR_FORBIDDEN'],
    ['SomethingElse', 'ERR_REFUSED'],
  ])('status 200 with the code %s is %s', async (code, wanted) => {
    expect(serverError(await ask({ status: 200, body: json({ code }) }), 'It failed').code).toBe(wanted)
  })

  test.each([
    ['HTML', '<html><body><Code>X</Code></body></html>'],
    [
      'a document type, with or without entities',
      '<!DOCTYPE Error [<!ENTITY a "b">]><Error><Code>&a;</Code></Error>',
    ],
    ['an open element', '<Error><Code>X</Code>'],
    ['an element too many', '</Error><Error><Code>X</Code></Error>'],
    ['nested deeper than any error', `<Error>${'<a>'.repeat(20)}${'</a>'.repeat(20)}<Code>X</Code></Error>`],
    ['more elements than any error', `<Error>${'<a/>'.repeat(300)}<Code>X</Code></Error>`],
  ])('%s is no error document', async (_, body) => {
    const answer = await ask({ status: 400, body })
    expect(answer.body).toBeUndefined()
    expect(serverError(answer, 'It failed').code).toBe('ERR_RESPONSE_INVALID')
  })
})

test.each([401, 403])(
  '[case 147] status %i with a page of something in between says nothing about tokens; with nothing or JSON it does',
  async (status) => {
    const codeOf = async (body: string) => serverError(await ask({ status, body }), 'It failed').code
    const own = status === 401 ? 'ERR_UNAUTHORIZED' : 'ERR_FORBIDDEN'
    expect(await codeOf('<html>Blocked</html>')).toBe('ERR_RESPONSE_INVALID')
    for (const body of ['', ' \r\n', '{}', 'null', '<Error><Code>X</Code></Error>'])
      expect(await codeOf(body), body).toBe(own)
  },
)
