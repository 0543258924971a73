type Members = Record<string, unknown>
type AnswerBend = (answer: Members) => Members

const set =
  (members: Members): AnswerBend =>
  (answer) => ({ ...answer, ...members })

const without =
  (...names: string[]): AnswerBend =>
  (answer) =>
    Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name)))

const change =
  (name: string, to: (text: string) => unknown): AnswerBend =>
  (answer) => ({ ...answer, [name]: to(String(answer[name])) })

export const discoveryBends = {
  'discovery:other-issuer': set({ issuer: 'https://other.example.test' }),
  'discovery:issuer-with-slash': change('issuer', (issuer) => `${issuer}/`),
  'discovery:issuer-upper-case': change('issuer', (issuer) => issuer.replace('http', 'HTTP')),
  'discovery:no-issuer': without('issuer'),
  'discovery:http-token-endpoint': set({ token_endpoint: 'http://idp.example.test/token' }),
  'discovery:http-jwks': set({ jwks_uri: 'http://idp.example.test/jwks' }),
  'discovery:other-host': set({ token_endpoint: 'https://elsewhere.example.test/token' }),
  'discovery:file-endpoint': set({ token_endpoint: 'file:///etc/passwd' }),
  'discovery:no-device-endpoint': without('device_authorization_endpoint'),
  'discovery:no-authorization-endpoint': without('authorization_endpoint'),
  'discovery:no-token-endpoint': without('token_endpoint'),
  'discovery:no-jwks-uri': without('jwks_uri'),
  'discovery:no-revocation-endpoint': without('revocation_endpoint', 'end_session_endpoint'),
} satisfies Record<string, AnswerBend>

const escapes = '\u001b[2J\u001b]52;c;Y2FsYw==\u0007\u202e\r'

export const deviceBends = {
  'device:no-interval': without('interval'),
  'device:interval-zero': set({ interval: 0 }),
  'device:interval-negative': set({ interval: -5 }),
  'device:interval-text': change('interval', (interval) => interval),
  'device:interval-huge': set({ interval: 1e9 }),
  'device:interval-null': set({ interval: null }),
  'device:no-expires-in': without('expires_in'),
  'device:expires-in-zero': set({ expires_in: 0 }),
  'device:expires-in-negative': set({ expires_in: -1 }),
  'device:expires-in-text': change('expires_in', (seconds) => seconds),
  'device:expires-in-huge': set({ expires_in: 1e10 }),
  'device:expires-in-null': set({ expires_in: null }),
  'device:javascript-uri': set({
    verification_uri: 'javascript:alert(1)',
    verification_uri_complete: 'javascript:alert(2)',
  }),
  'device:file-uri': set({
    verification_uri: 'file:///etc/passwd',
    verification_uri_complete: 'file:///etc/passwd',
  }),
  'device:http-uri': set({
    verification_uri: 'http://idp.example.test/',
    verification_uri_complete: 'http://idp.example.test/',
  }),
  'device:other-host-uri': set({
    verification_uri: 'https://evil.example.test/',
    verification_uri_complete: 'https://evil.example.test/',
  }),
  'device:credentials-in-uri': change('verification_uri_complete', (uri) => uri.replace('://', '://idp@')),
  'device:escapes': (answer) => ({
    ...answer,
    user_code: `AB${escapes}CD`,
    verification_uri: `${answer.verification_uri}?${escapes}`,
  }),
  'device:number-user-code': set({ user_code: 123_456_789 }),
  'device:long-user-code': set({ user_code: 'X'.repeat(10_000) }),
  'device:no-device-code': without('device_code'),
  'device:empty': () => ({}),
} satisfies Record<string, AnswerBend>

/** Bends of a successful token answer, of any grant. */
export const tokenBends = {
  'token:no-token-type': without('token_type'),
  'token:token-type-mac': set({ token_type: 'mac' }),
  'token:token-type-dpop': set({ token_type: 'DPoP' }),
  'token:token-type-lower-case': set({ token_type: 'bearer' }),
  'token:no-access-token': without('access_token'),
  'token:empty-access-token': set({ access_token: '' }),
  'token:number-access-token': set({ access_token: 42 }),
  'token:huge-access-token': set({ access_token: 'x'.repeat(1_000_000) }),
  'token:newline-in-access-token': change('access_token', (token) => `${token}\r\nx-injected: 1`),
  'token:no-expires-in': without('expires_in'),
  'token:expires-in-text': change('expires_in', (seconds) => seconds),
  'token:expires-in-negative': set({ expires_in: -1 }),
  'token:expires-in-huge': set({ expires_in: 1e10 }),
  'token:no-id-token': without('id_token'),
  'token:no-refresh-token': without('refresh_token'),
  'token:empty': () => ({}),
} satisfies Record<string, AnswerBend>

/** Bends of a successful answer to a refresh token. */
export const refreshBends = {
  'refresh:no-refresh-token': without('refresh_token'),
  'refresh:no-id-token': without('id_token'),
} satisfies Record<string, AnswerBend>
