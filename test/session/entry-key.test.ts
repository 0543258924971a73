import fc from 'fast-check'
import { expect, test } from 'vitest'
import { credentialsKey, roleCredentialsKey, tokenKey } from '../../src/session/entry-key.ts'

const text = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(':', '%3A', '%', 'a:b', 'a', 'b', 'token'))
const assignment = fc.record({
  signInUrl: text,
  clientId: text,
  accountId: text,
  accessConfigurationId: text,
})

test('[case 24] [case 42] two different assignments never share an item, nor do a sign-in and credentials', () => {
  fc.assert(
    fc.property(assignment, assignment, (a, b) => {
      expect(credentialsKey(a) === credentialsKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      const sameSignIn = a.signInUrl === b.signInUrl && a.clientId === b.clientId
      expect(tokenKey(a) === tokenKey(b)).toBe(sameSignIn)
      expect(credentialsKey(a)).not.toBe(tokenKey(b))
    }),
    { numRuns: 2000 },
  )
})

test('[case 42] a key is printable ASCII without slashes, quotes or white space', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (signInUrl, clientId) => {
      expect(tokenKey({ signInUrl, clientId })).toMatch(/^token:cloudsso:[A-Za-z0-9%_.!~*'():-]*$/)
    }),
  )
})

const whole = {
  roleArn: 'acs:ram::1:role/a',
  oidcProviderArn: 'acs:ram::1:oidc-provider/a',
  roleSessionName: 'a',
  durationSeconds: 900,
  policy: '{}',
  externalId: 'x',
  stsEndpoint: 'sts.example.com',
  region: 'cn-hangzhou',
}

test.each(Object.keys(whole) as (keyof typeof whole)[])(
  "[case 42] %s belongs to the name of a role's credentials",
  (name) => {
    const from = { issuer: 'https://id.example', clientId: 'c', scope: 'openid' }
    const key = roleCredentialsKey(whole, from)
    const other = name === 'durationSeconds' ? 901 : `${whole[name]}-b`
    const keys = [key, roleCredentialsKey({ ...whole, [name]: other }, from)]
    if (name !== 'roleArn') keys.push(roleCredentialsKey({ ...whole, [name]: undefined }, from))
    expect(new Set(keys).size).toBe(keys.length)
  },
)

test('[case 42] what a role is built upon belongs to its name', () => {
  const sources = [
    { issuer: 'https://id.example', clientId: 'c', scope: 'openid' },
    { issuer: 'https://id.example', clientId: 'c', scope: 'openid', audience: 'api' },
    { idaasUrl: 'https://id.example', applicationUuid: 'c', appKey: 'openid' },
    'credentials:cloudsso:a:b:1:2',
    'credentials:cloudsso:a:b:1:3',
  ]
  expect(new Set(sources.map((from) => roleCredentialsKey(whole, from))).size).toBe(sources.length)
})
