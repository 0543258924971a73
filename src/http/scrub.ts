import { redacted } from '../secret.ts'
import { replaceRuns, runOf } from './character-run.ts'
import { replaceKnownSecrets } from './replace-known.ts'
import { scrubAssignments } from './scrub-assignments.ts'

// Each pattern can begin only where a word begins, is short, and what follows it is one run: the time stays linear.
const jwtStart = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5}/
const jwtRun = runOf('A-Za-z0-9_.-')
const securityTokenStart = /(?<![A-Za-z0-9+/%])CAIS(?=[A-Za-z0-9+/%]{40})/
const securityTokenRun = runOf('A-Za-z0-9+/%=')
const authorizationStart =
  /(?<![A-Za-z0-9])(Bearer|Basic|DPoP) {1,4}(?![a-z_]{1,40}=)(?=[A-Za-z0-9._~+/=-]{8})/
const authorizationRun = runOf('A-Za-z0-9._~+/=-')
const privateKeyStart = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/
// Quotes, pluses and backslashes too, as in a printed object.
const privateKeyRun = runOf('A-Za-z0-9+/=\\s\\\\\'"')
const cookieStart = /(?<![A-Za-z0-9])(?:set-)?cookie["']?: ?/
const restOfLine = (text: string, from: number) => {
  const end = text.slice(from).search(/[\r\n]/)
  return end === -1 ? text.length : from + end
}
const userinfo =
  /(?<![A-Za-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#@"'[\]]{1,200}:[^\s/?#"'[\]@]{0,300})@/gi

/**
 * Makes any text fit to leave the process (logs, error messages, stacks): known secrets go in whatever spelling they
 * stand, then whatever looks like one: tokens, keys, `Bearer …`, `password=…`. AccessKey ids and RequestIds stay.
 * Linear in the length of the text. Control characters are left alone: see `printable`.
 */
export function scrub(text: string): string {
  let clean = replaceKnownSecrets(text)
  clean = replaceRuns(clean, privateKeyStart, privateKeyRun, redacted)
  clean = replaceRuns(clean, jwtStart, jwtRun, (run) => (isJwt(run) ? redacted(run) : undefined))
  clean = replaceRuns(clean, securityTokenStart, securityTokenRun, redacted)
  clean = replaceRuns(clean, authorizationStart, authorizationRun, (run, match) => {
    const value = run.slice(match[0].length)
    return looksRandom(value) ? match[0] + redacted(value) : undefined
  })
  clean = clean.replace(userinfo, (_, scheme: string, user: string) => `${scheme}${redacted(user)}@`)
  clean = replaceRuns(clean, cookieStart, restOfLine, (run, match) => {
    const value = run.slice(match[0].length)
    return value === '' || value.includes('[redacted ') ? undefined : match[0] + redacted(value)
  })
  return scrubAssignments(clean)
}

/** Base64url segments with dots between; the case matters, other than for where to begin. */
function isJwt(run: string): boolean {
  return run.startsWith('eyJ') && run.indexOf('.') > 0 && run.length - run.indexOf('.') > 5
}

/** Tells a credential from the next word of a sentence ("Basic authentication"). */
function looksRandom(value: string): boolean {
  return /[0-9A-Z=]/.test(value)
}
