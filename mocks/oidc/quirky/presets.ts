import { randomInt, randomUUID } from 'node:crypto'
import type { Dialect } from './dialect.ts'

export type PresetName =
  | 'plain'
  | 'keycloak'
  | 'entra'
  | 'entra-common'
  | 'okta'
  | 'auth0'
  | 'google'
  | 'identityserver'
  | 'eiam'

const tenant = 'a1b2c3d4-0000-4000-8000-5e5a3e000001'
const person = { preferred_username: 'dev', email: 'dev@example.test', name: 'Devi Developer' }
const allBad = { pending: 400, slowDown: 400, denied: 400, other: 400 }

const plain: Dialect = {
  issuerPath: '',
  paths: {
    authorization: '/authorize',
    device: '/device_authorization',
    token: '/token',
    jwks: '/jwks',
    page: '/device',
    revocation: '/revoke',
    endSession: '/logout',
  },
  userCode: () => `${letters(4)}-${letters(4)}`,
  deviceCodeSeconds: 600,
  idTokenSeconds: 3600,
  accessTokenSeconds: 3600,
  status: allBad,
  slowDownSeconds: 5,
  errorExtras: (_error, error_description) => ({ error_description }),
  devicePkce: 'checked',
  refreshTokens: 'offline_access',
  rotation: 'one-time',
  claims: () => person,
}

const keycloakPath = '/realms/acme/protocol/openid-connect'
const entraPath = `/${tenant}/oauth2/v2.0`
const eiamPath = '/v2/idaas_ue2jvisn35ea5lmthk267xaaaa/app_mkv7rgt4d7i4u7zqtzev2mxxxx'

const entra: Dialect = {
  ...plain,
  issuerPath: `/${tenant}/v2.0`,
  paths: {
    authorization: `${entraPath}/authorize`,
    device: `${entraPath}/devicecode`,
    token: `${entraPath}/token`,
    jwks: `/${tenant}/discovery/v2.0/keys`,
    page: '/common/oauth2/deviceauth',
    endSession: `${entraPath}/logout`,
  },
  userCode: () => letters(9),
  deviceCodeSeconds: 900,
  words: { access_denied: 'authorization_declined', invalid_grant: 'bad_verification_code' },
  deviceAnswer({ verification_uri_complete: _, ...answer }) {
    const { verification_uri: page, user_code: code } = answer
    return { ...answer, message: `To sign in, open the page ${page} and enter the code ${code}.` }
  },
  tokenExtras: () => ({ ext_expires_in: 3600 }),
  errorExtras: (error, description) => ({
    error_description: `AADSTS70016: ${description} Trace ID: ${randomUUID()}`,
    error_codes: [error === 'authorization_pending' ? 70016 : 70000],
    timestamp: '2026-01-01 00:00:00Z',
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  }),
  devicePkce: 'ignored',
  rotation: 'new-one-old-still-good',
  claims: () => ({
    preferred_username: person.email,
    name: person.name,
    tid: tenant,
    oid: tenant,
    ver: '2.0',
  }),
}

/** How the providers that sesame is used with answer. What is assumed of them is said in the README of this folder's parent. */
export const presets: Record<PresetName, Dialect> = {
  plain,
  entra,
  // The document for "any tenant" names an issuer that no token has.
  'entra-common': {
    ...entra,
    issuerPath: '/common/v2.0',
    announcedIssuer: (url) => `${url}/{tenantid}/v2.0`,
  },
  keycloak: {
    ...plain,
    issuerPath: '/realms/acme',
    paths: {
      authorization: `${keycloakPath}/auth`,
      device: `${keycloakPath}/auth/device`,
      token: `${keycloakPath}/token`,
      jwks: `${keycloakPath}/certs`,
      page: '/realms/acme/device',
      revocation: `${keycloakPath}/revoke`,
      endSession: `${keycloakPath}/logout`,
    },
    idTokenSeconds: 300,
    accessTokenSeconds: 300,
    tokenExtras: () => ({
      refresh_expires_in: 0,
      'not-before-policy': 0,
      session_state: randomUUID(),
      scope: 'openid offline_access profile email',
    }),
    rotation: 'new-one-old-still-good',
    claims: (clientId) => ({ ...person, typ: 'ID', azp: clientId, sid: randomUUID() }),
  },
  okta: {
    ...plain,
    issuerPath: '/oauth2/default',
    paths: {
      authorization: '/oauth2/default/v1/authorize',
      device: '/oauth2/default/v1/device/authorize',
      token: '/oauth2/default/v1/token',
      jwks: '/oauth2/default/v1/keys',
      page: '/activate',
      revocation: '/oauth2/default/v1/revoke',
      endSession: '/oauth2/default/v1/logout',
    },
    userCode: () => letters(8),
    tokenExtras: () => ({ scope: 'offline_access openid' }),
    devicePkce: 'ignored',
    rotation: 'none',
    claims: () => ({ ...person, ver: 1, idp: '00o1abcdEXAMPLE' }),
  },
  auth0: {
    ...plain,
    issuerPath: '/',
    paths: {
      authorization: '/authorize',
      device: '/oauth/device/code',
      token: '/oauth/token',
      jwks: '/.well-known/jwks.json',
      page: '/activate',
      revocation: '/oauth/revoke',
      endSession: '/oidc/logout',
    },
    deviceCodeSeconds: 900,
    idTokenSeconds: 36_000,
    accessTokenSeconds: 86_400,
    status: { pending: 403, slowDown: 429, denied: 403, other: 403 },
    devicePkce: 'ignored',
    rotation: 'none',
    opaqueAccessTokens: 'without-audience',
  },
  google: {
    ...plain,
    paths: {
      authorization: '/o/oauth2/v2/auth',
      device: '/device/code',
      token: '/token',
      jwks: '/oauth2/v3/certs',
      page: '/device',
      revocation: '/revoke',
    },
    deviceCodeSeconds: 1800,
    status: { pending: 428, slowDown: 403, denied: 403, other: 400 },
    deviceAnswer: ({ verification_uri, verification_uri_complete: _, ...answer }) => ({
      ...answer,
      verification_url: verification_uri,
    }),
    devicePkce: 'ignored',
    secretRequired: true,
    scopes: ['openid', 'email', 'profile'],
    refreshTokens: 'always',
    rotation: 'none',
    opaqueAccessTokens: 'always',
    claims: (clientId) => ({ email: person.email, email_verified: true, azp: clientId }),
  },
  identityserver: {
    ...plain,
    paths: {
      authorization: '/connect/authorize',
      device: '/connect/deviceauthorization',
      token: '/connect/token',
      jwks: '/.well-known/openid-configuration/jwks',
      page: '/device',
      revocation: '/connect/revocation',
      endSession: '/connect/endsession',
    },
    userCode: () => String(randomInt(100_000_000, 1_000_000_000)),
    deviceCodeSeconds: 300,
    idTokenSeconds: 300,
    // The wait does not grow, but each poll that came too soon begins it anew.
    slowDownSeconds: 0,
    errorExtras: () => ({}),
    devicePkce: 'ignored',
  },
  eiam: {
    ...plain,
    issuerPath: `${eiamPath}/oidc`,
    paths: {
      authorization: `${eiamPath}/oauth2/authorize`,
      device: `${eiamPath}/oauth2/device/code`,
      token: `${eiamPath}/oauth2/token`,
      jwks: `${eiamPath}/oidc/jwks`,
      page: '/device',
      revocation: `${eiamPath}/oauth2/revoke`,
    },
    deviceCodeSeconds: 1200,
    deviceAnswer: (answer) => ({
      ...answer,
      expires_at: Math.floor(Date.now() / 1000) + answer.expires_in,
    }),
    errorExtras: (_error, error_description) => ({
      error_description,
      request_id: randomUUID().toUpperCase(),
    }),
    devicePkce: 'ignored',
  },
}

function letters(length: number): string {
  return Array.from({ length }, () => 'BCDFGHJKLMNPQRSTVWXZ'[randomInt(20)]).join('')
}
