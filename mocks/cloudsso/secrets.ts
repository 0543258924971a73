import { randomBytes, randomInt } from 'node:crypto'

export type IssuedKind = 'device-code' | 'access-token' | 'access-key-secret' | 'security-token'

/** A secret that left the portal, for tests that look for it where it must not be. */
export interface IssuedSecret {
  kind: IssuedKind
  value: string
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Consonants only, so that no code spells a word and none mixes up O and 0 (RFC 8628 section 6.1). */
const consonants = 'BCDFGHJKLMNPQRSTVWXZ'

export function randomText(length: number, alphabet = alphanumeric): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** `KFFJ-LJXK` */
export function makeUserCode(): string {
  return `${randomText(4, consonants)}-${randomText(4, consonants)}`
}

/** 40 characters, as captured. */
export const makeDeviceCode = () => randomText(40)

/** The real shape is unknown; opaque and long enough to be unmistakable in a log. */
export const makeAccessToken = () => randomBytes(96).toString('base64url')

export const makeAccessKeyId = () => `STS.N${randomText(24)}`

export const makeAccessKeySecret = () => randomText(44)

/** 800 characters that begin like real ones and always hold `+`, `/` and `=`, which clients must quote and encode. */
export function makeSecurityToken(): string {
  for (;;) {
    const token = `CAIS${randomBytes(596).toString('base64')}`
    if (token.includes('+') && token.includes('/')) return token
  }
}
