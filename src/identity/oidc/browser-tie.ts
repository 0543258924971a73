import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Secret } from '../../kit/index.ts'

/**
 * Ties a sign-in to the browser that started it (RFC 9700 section 4.7): the browser is given a cookie at an address that works
 * once, and only an answer with that cookie counts. So an attacker who reads the address of a later page, or the command line of
 * the browser after it was opened, cannot have the victim's program finish a sign-in of the attacker.
 */
export interface BrowserTie {
  /** The path of the start address: `/` and 43 random characters. */
  readonly startPath: string
  isStart(path: string): boolean
  /** Value of the Set-Cookie header that ties the browser; the next one unties it. */
  readonly setCookie: string
  readonly clearCookie: string
  /** Whether a Cookie header holds the cookie. */
  isHeldBy(cookieHeader: string | undefined): boolean
}

/** `path` is where the cookie is to be sent, and nowhere else; `seconds` how long. */
export function createBrowserTie(path: string, seconds: number): BrowserTie {
  const startPath = `/${unguessable()}`
  // Cookies do not know ports (RFC 6265 section 8.5): a name of its own keeps two sign-ins of one browser apart.
  const name = `sesame-${randomBytes(6).toString('base64url')}`
  const value = new Secret(unguessable())
  // Lax: the provider's redirect back is a navigation from another site, with which Strict would not be sent.
  const attributes = `Path=${path}; HttpOnly; SameSite=Lax`
  return {
    startPath,
    isStart: (given) => isSameText(given, startPath),
    setCookie: `${name}=${value.reveal()}; Max-Age=${Math.ceil(seconds)}; ${attributes}`,
    clearCookie: `${name}=; Max-Age=0; ${attributes}`,
    isHeldBy: (header = '') =>
      header
        .split(';')
        .map((pair) => pair.trim().split(/=(.*)/s))
        .some(([given, held = '']) => given === name && isSameText(held, value.reveal())),
  }
}

/** 256 random bits as text. */
export function unguessable(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares in constant time: digests are of equal length and do not show how far two texts agree. */
export function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
