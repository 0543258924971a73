import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudSsoItems, idaasItems, oidcItems, roleItems } from '../../../src/session/kinds/item-names.ts'

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
      const [itemsOfA, itemsOfB] = [cloudSsoItems(a, a), cloudSsoItems(b, b)]
      expect(itemsOfA.credentials).toBeTypeOf('string')
      expect(itemsOfA.credentials === itemsOfB.credentials).toBe(JSON.stringify(a) === JSON.stringify(b))
      const sameSignIn = a.signInUrl === b.signInUrl && a.clientId === b.clientId
      expect(itemsOfA.tokens === itemsOfB.tokens).toBe(sameSignIn)
      expect(itemsOfA.credentials).not.toBe(itemsOfB.tokens)
    }),
    { numRuns: 2000 },
  )
})

test('[case 42] a key is printable ASCII without slashes, quotes or white space', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (signInUrl, clientId) => {
      expect(cloudSsoItems({ signInUrl, clientId }, {}).tokens).toMatch(
        /^token:cloudsso:[A-Za-z0-9%_.!~*'():-]*$/,
      )
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
    const keyOf = (role: Partial<typeof whole>) => roleItems(role, { credentials: 'source' }).credentials
    const other = name === 'durationSeconds' ? 901 : `${whole[name]}-b`
    const keys = [keyOf(whole), keyOf({ ...whole, [name]: other })]
    if (name !== 'roleArn') keys.push(keyOf({ ...whole, [name]: undefined }))
    expect(new Set(keys).size).toBe(keys.length)
  },
)

test('[case 42] what a role is built upon belongs to its name', () => {
  const signIn = { issuer: 'https://id.example', clientId: 'c', scope: 'openid' }
  const application = { idaasUrl: 'https://id.example', applicationUuid: 'c', appKey: 'openid' }
  const keys = [
    oidcItems(signIn, whole),
    oidcItems({ ...signIn, audience: 'api' }, whole),
    idaasItems(application, whole),
    roleItems(whole, { credentials: 'credentials:cloudsso:a:b:1:2' }),
    roleItems(whole, { credentials: 'credentials:cloudsso:a:b:1:3' }),
  ].map(({ credentials }) => credentials)
  expect(keys).not.toContain(undefined)
  expect(new Set(keys).size).toBe(keys.length)
})
