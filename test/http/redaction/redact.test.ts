import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  redactBody,
  redactForm,
  redactHeader,
  redactJson,
  redactUrl,
} from '../../../src/http/redaction/redact.ts'
import { isSecretName } from '../../../src/http/redaction/secret-patterns.ts'

const secret = 'the-secret-value'
const shown = /\[redacted 16 #[0-9a-f]{4}\]/

describe('names of secrets', () => {
  test.each(
    (
      'access_token AccessToken refreshToken id_token idToken device_code DeviceCode code_verifier CodeVerifier ' +
      'client_secret appSecret AccessKeySecret access-key-secret SecurityToken StsToken session_token password ' +
      'assertion client_assertion subject_token actor_token secret signature Signature x-oss-security-token ' +
      'x-acs-security-token authorization Proxy-Authorization cookie Set-Cookie OIDCToken SAMLAssertion x-api-key ' +
      'SESAME_PASSPHRASE privateKey registration_access_token JSESSIONID'
    ).split(' '),
  )('[case 77] %s is one', (name) => expect(isSecretName(name)).toBe(true))

  test.each(
    (
      'RequestId ErrorCode UserCode user_code code ExpiresIn token_type TokenType token_endpoint AccessKeyId client_id ' +
      'ClientId CodeChallenge code_challenge NextToken Expiration VerificationUri x-acs-signature-nonce date'
    ).split(' '),
  )('%s is none', (name) => expect(isSecretName(name)).toBe(false))
})

describe('[case 77] headers', () => {
  test.each([
    ['Authorization', `Bearer ${secret}`, 'Bearer '],
    ['AUTHORIZATION', secret, ''],
    ['Proxy-Authorization', `Basic ${secret}`, 'Basic '],
    ['Set-Cookie', `JSESSIONID=${secret}; Path=/; HttpOnly`, 'JSESSIONID='],
    ['Cookie', `lang=${secret}; a=${secret}`, 'lang='],
    ['x-oss-security-token', secret, ''],
    ['Location', `https://host/cb?code=${secret}&state=1`, 'https://host/cb?code='],
    ['Location', `/cb#access_token=${secret}`, '/cb#access_token='],
  ])('%s: %s', (name, value, begin) => {
    const found: string[] = []
    const text = redactHeader(name, value, (one) => found.push(one))
    expect(text).not.toContain(secret)
    expect(text.startsWith(begin)).toBe(true)
    expect(text).toMatch(shown)
    expect(found).toContain(secret)
  })

  test('keep what is no secret', () => {
    expect(redactHeader('x-acs-request-id', 'D1F9-ID', fail)).toBe('D1F9-ID')
    expect(redactHeader('set-cookie', 'a=', fail)).toBe('a=')
    expect(redactHeader('location', 'https://host/device?user_code=KFFJ-LJXK', fail)).toContain('KFFJ-LJXK')
  })
})

describe('[case 77] bodies', () => {
  test('JSON, at every depth, in arrays, and JSON in a string', () => {
    const body = {
      CloudCredential: { AccessKeyId: 'STS.abc', AccessKeySecret: secret, SecurityToken: secret },
      list: [{ Password: secret }, [{ 'refresh-token': secret }]],
      packed: JSON.stringify({ deep: JSON.stringify({ id_token: secret }) }),
      token: { value: secret, parts: [secret] },
      url: `https://host/x?access_token=${secret}`,
      key: { kty: 'oct', k: secret, kid: 'one' },
      RequestId: 'ID-1',
      ErrorCode: 'Throttling.User',
    }
    const text = redactBody(Buffer.from(JSON.stringify(body)), 'application/json', () => {}) ?? ''
    expect(text).not.toContain(secret)
    for (const readable of ['STS.abc', 'ID-1', 'Throttling.User', '"kid":"one"'])
      expect(text).toContain(readable)
  })

  test('forms, whichever way the name is spelt', () => {
    const found: string[] = []
    const form = 'grant_type=x&device%5Fcode=a%20b%2Bc-long&code=abcdefgh&user_code=KFFJ'
    expect(redactForm(form, (one) => found.push(one))).toMatch(
      /^grant_type=x&device%5Fcode=\[redacted .*\]&code=\[redacted .*\]&user_code=KFFJ$/,
    )
    expect(found).toContain('a b+c-long')
  })

  test.each([
    ['text/html; charset=utf-8', `<p>${secret}`, '[withheld 19 bytes text/html]'],
    [undefined, secret, '[withheld 16 bytes of unknown type]'],
    ['application/json', `{"access_token":"${secret}`, '[withheld 33 bytes application/json]'],
    ['application/json', `"${secret}"`, '[withheld 18 bytes application/json]'],
    ['application/octet-stream', '\u0000\u0001', '[withheld 2 bytes application/octet-stream]'],
  ])('of %s that cannot be parsed are withheld', (type, body, text) => {
    expect(redactBody(Buffer.from(body), type, () => {})).toBe(text)
  })

  test('nothing for an empty body', () => {
    expect(redactBody(Buffer.alloc(0), 'application/json', fail)).toBeUndefined()
  })
})

test('[case 77] URLs lose password, query and fragment secrets', () => {
  const text = redactUrl(
    `https://joe:${secret}@host/p?x=1&SecurityToken=${secret}#id_token=${secret}`,
    () => {},
  )
  expect(text).not.toContain(secret)
  expect(text).toContain('@host/p?x=1&SecurityToken=')
})

test('[case 77] P whatever the JSON around it, the value of a secret name does not show', () => {
  const marker = 'MARKER-9f8e7d6c'
  const place = fc.letrec((tie) => ({
    node: fc.oneof(
      fc.constant({ access_token: marker }),
      fc.record({ a: tie('node'), b: fc.jsonValue() }),
      fc.tuple(fc.jsonValue(), tie('node')),
      tie('node').map((value) => JSON.stringify(value)),
    ),
  })).node
  fc.assert(
    fc.property(place, (value) => {
      expect(JSON.stringify(redactJson(value, () => {}))).not.toContain(marker)
    }),
    { numRuns: 300 },
  )
})

function fail(found: string): never {
  throw new Error(`took for a secret: ${found}`)
}

test('[case 147] an error in XML is shown with its code and RequestId, and without its secrets', () => {
  const found: string[] = []
  const xml = `<?xml version="1.0"?><Error><Code>X</Code><RequestId>R-1</RequestId><SecurityToken>${secret}</SecurityToken></Error>`
  const line = redactBody(Buffer.from(xml), 'text/xml', (each) => found.push(each))
  expect(line).toMatch(/^\{"Code":"X","RequestId":"R-1","SecurityToken":"\[redacted 16 #[0-9a-f]{4}\]"\}$/)
  expect(found).toEqual([secret])
})

test('[case 121] JSON within JSON, each text 199 levels deep, is withheld where it is too deep', () => {
  let text = '1'
  for (let level = 0; level < 12; level++)
    text = `${'['.repeat(199)}${level === 0 ? '1' : JSON.stringify(text)}${']'.repeat(199)}`
  for (const body of [text, JSON.stringify({ token: JSON.parse(text) }), JSON.stringify({ note: text })]) {
    const shown = redactBody(Buffer.from(body), 'application/json', () => {})
    expect(shown).toMatch(/withheld|redacted/)
  }
})

describe('[case 77] where a user enters a code', () => {
  test.each(['verification_uri_complete', 'VerificationUriComplete', 'verification_url'])(
    '%s shows it, and nothing else that is secret',
    (name) => {
      const found: string[] = []
      const page = `https://id.example/device?code=ABCD-EFGH&access_token=${secret}`
      const shownAs = redactJson({ [name]: page, other: 'https://id.example/?code=ABCD-EFGH' }, (each) =>
        found.push(each),
      )
      expect(JSON.stringify(shownAs)).toMatch(
        /"https:\/\/id\.example\/device\?code=ABCD-EFGH&access_token=\[redacted 16 /,
      )
      expect(JSON.stringify(shownAs)).toMatch(/"other":"https:\/\/id\.example\/\?code=\[redacted 9 /)
      expect(found).toContain(secret)
    },
  )
})
