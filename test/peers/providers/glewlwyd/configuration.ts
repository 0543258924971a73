import { generateKeyPairSync } from 'node:crypto'

/** A client of Glewlwyd, and how it is registered to send its secret. */
export interface GlewlwydClient {
  clientId: string
  clientSecret: string
  /** Default `client_secret_basic`. */
  method?: 'client_secret_basic' | 'client_secret_post'
  /** The port of its redirect address, which is compared whole. */
  redirectPort?: number
}

const modules = '/usr/lib/glewlwyd'

/** As its API takes a client. */
export function clientOf({
  clientId,
  clientSecret,
  method = 'client_secret_basic',
  redirectPort = 80,
}: GlewlwydClient): object {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    name: 'sesame',
    confidential: true,
    enabled: true,
    authorization_type: ['code', 'device_authorization', 'refresh_token'],
    redirect_uri: [`http://127.0.0.1:${redirectPort}/callback`],
    token_endpoint_auth_method: [method],
    scope: [],
  }
}

/** As its API takes its plugin for OpenID Connect; `url` is where programs find it. */
export function oidcPlugin(url: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const off = ['token', 'password', 'client', 'none', 'implicit'].map((type) => [
    `auth-type-${type}-enabled`,
    false,
  ])
  const on = ['code', 'id-token', 'device', 'refresh'].map((type) => [`auth-type-${type}-enabled`, true])
  const parameters = {
    iss: `${url}/api/oidc`,
    'subject-type': 'public',
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'jwks-show': true,
    'access-token-duration': 3600,
    'refresh-token-duration': 86_400,
    'code-duration': 600,
    'refresh-token-rolling': false,
    'allow-non-oidc': true,
    'device-authorization-expiration': 600,
    'device-authorization-interval': 1,
    'pkce-allowed': true,
    'pkce-method-plain-allowed': false,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    ...Object.fromEntries([...off, ...on]),
  }
  return { module: 'oidc', name: 'oidc', display_name: 'OpenID Connect', enabled: true, parameters }
}

const mimeTypes = [
  ['html', 'text/html'],
  ['css', 'text/css'],
  ['js', 'application/javascript'],
  ['json', 'application/json'],
].map(([extension, type]) => `{ extension = ".${extension}"; mime_type = "${type}" }`)

/** Its file of settings, for a port, the address that programs find it at, its database and the folder of its pages. */
export function configurationOf(options: {
  port: number
  url: string
  database: string
  pages: string
}): string {
  const { port, url, database, pages } = options
  const text = {
    bind_address: '127.0.0.1',
    external_url: url,
    static_files_path: pages,
    login_url: 'login.html',
    api_prefix: 'api',
    log_mode: 'console',
    log_level: 'ERROR',
    session_key: 'GLEWLWYD2_SESSION_ID',
    admin_scope: 'g_admin',
    profile_scope: 'g_profile',
    user_module_path: `${modules}/user`,
    client_module_path: `${modules}/client`,
    user_auth_scheme_module_path: `${modules}/scheme`,
    plugin_module_path: `${modules}/plugin`,
    hash_algorithm: 'SHA512',
    // Asked for although no TLS is wanted.
    secure_connection_key_file: 'none',
    secure_connection_pem_file: 'none',
  }
  const lines = Object.entries(text).map(([name, value]) => `${name}="${value}"`)
  const others = [
    `port=${port}`,
    'cookie_secure=0',
    'use_secure_connection=false',
    'login_api_enabled=true',
    `database = { type = "sqlite3"; path = "${database}"; };`,
    `static_files_mime_types = (${mimeTypes.join(', ')})`,
  ]
  return [...lines, ...others, ''].join('\n')
}
