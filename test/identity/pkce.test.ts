import { expect, test } from 'vitest'
import { challengeOf, createPkcePair } from '../../src/identity/pkce.ts'

test('[case 14] the challenge is that of RFC 7636 appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})

test('[case 14] 10,000 verifiers are distinct, unreserved, long enough, and always S256', () => {
  const verifiers = new Set<string>()
  for (let i = 0; i < 10_000; i++) {
    const { codeVerifier, codeChallenge, codeChallengeMethod } = createPkcePair()
    expect(codeVerifier.reveal()).toMatch(/^[A-Za-z0-9._~-]{43,128}$/)
    expect(codeChallenge).toBe(challengeOf(codeVerifier.reveal()))
    expect(codeChallengeMethod).toBe('S256')
    verifiers.add(codeVerifier.reveal())
  }
  expect(verifiers.size).toBe(10_000)
})
