import { expect, test } from 'vitest'
import { authorizationUrl } from '../../../src/identity/oidc/authorization-url.ts'
import { createPkcePair } from '../../../src/identity/pkce.ts'
import { startTestOidc } from '../../support/oidc.ts'
import { discover } from './at-provider.ts'

test.each([
  ['https://sso.example.com', 'openid offline_access', 'consent'],
  ['https://sso.example.com', 'openid profile', null],
  ['https://login.microsoftonline.com/8f1c/v2.0', 'openid offline_access', null],
])('at %s the scope "%s" asks with prompt %s', async (issuer, scope, prompt) => {
  const op = await startTestOidc()
  const provider = await discover(op.issuer)
  const ties = { pkce: createPkcePair(), state: 's', nonce: 'n', redirectUri: 'http://127.0.0.1:1/callback' }
  const metadata = { ...provider.metadata, issuer, authorization_endpoint: `${issuer}/authorize?realm=acme` }
  const url = await authorizationUrl(
    { ...provider, issuer, metadata, client: { ...provider.client, issuer, scope } },
    ties,
  )
  await op.stop()
  const { searchParams } = new URL(url)
  expect(searchParams.get('prompt')).toBe(prompt)
  expect(searchParams.get('realm')).toBe('acme')
  expect(url).not.toContain(ties.pkce.codeVerifier.reveal())
})
