import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudSsoItems } from '../../../src/session/kinds/item-names.ts'

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
