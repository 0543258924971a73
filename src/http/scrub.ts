import { redacted } from '../secret.ts'
import { replaceKnownSecrets } from './replace-known.ts'
import { isSecretName } from './secret-names.ts'

// Each pattern can begin only where a word begins and never goes back over what it read: the time stays linear.
const jwt = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,3}/g
const securityToken = /(?<![A-Za-z0-9+/%])CAIS[A-Za-z0-9+/%]{40,}={0,2}/g
const authorization = /(?<![A-Za-z0-9])(Bearer|Basic|DPoP)( {1,4})(?![a-z_]{1,40}=)([A-Za-z0-9._~+/=-]{8,})/gi
const privateKey =
  /-----BEGIN ([A-Z ]{0,20}PRIVATE KEY)-----[A-Za-z0-9+/=\s\\]*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?/g
const userinfo =
  /(?<![A-Za-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#@"'[\]]{1,500}(?::[^\s/?#"'[\]]{0,500}))@/gi
const cookie = /(?<![A-Za-z0-9])((?:set-)?cookie["']?:\s?)([^\r\n]+)/gi

/**
 * Makes any text fit to leave the process (logs, error messages, stacks): known secrets go in whatever spelling they
 * stand, then whatever looks like one: tokens, keys, `Bearer …`, `password=…`. AccessKey ids and RequestIds stay.
 * Linear in the length of the text. Control characters are left alone: see `printable`.
 */
export function scrub(text: string): string {
  return scrubAssignments(
    replaceKnownSecrets(text)
      .replace(privateKey, (match) => redacted(match))
      .replace(jwt, (match) => redacted(match))
      .replace(securityToken, (match) => redacted(match))
      .replace(authorization, (match, scheme: string, space: string, value: string) =>
        looksRandom(value) ? `${scheme}${space}${redacted(value)}` : match,
      )
      .replace(userinfo, (_, scheme: string, user: string) => `${scheme}${redacted(user)}@`)
      .replace(cookie, (match, name: string, value: string) =>
        value.includes('[redacted ') ? match : `${name}${redacted(value)}`,
      ),
  )
}

/** Tells a credential from the next word of a sentence ("Basic authentication"). */
function looksRandom(value: string): boolean {
  return /[0-9A-Z=]/.test(value)
}

/** `access_token=…`, `"securityToken":"…"`, `\"password\": \"…\"`, `{ appSecret: '…' }`. */
const assignment =
  /(?<![A-Za-z0-9_-])[A-Za-z][A-Za-z0-9_-]{2,50}\\{0,3}["']?\s{0,2}(?:=|:\s{0,2}(?=\\{0,3}["'`]))/g

function scrubAssignments(text: string): string {
  let result = ''
  let copied = 0
  for (const match of text.matchAll(assignment)) {
    const start = match.index + match[0].length
    if (match.index < copied || !isSecretName(match[0].replace(/[^A-Za-z0-9]+$/, ''))) continue
    const value = valueAt(text, start)
    if (value.text.length < 4 || value.text.startsWith('[redacted ')) continue
    result += text.slice(copied, value.start) + redacted(value.text)
    copied = value.start + value.text.length
  }
  return result + text.slice(copied)
}

/** The value after `=` or `:`: up to the closing quote when it is quoted, else up to a space or separator. */
function valueAt(text: string, from: number): { text: string; start: number } {
  const opening = /\\{0,3}["'`]|/y
  opening.lastIndex = from
  const quote = opening.exec(text)?.[0] ?? ''
  const start = from + quote.length
  if (quote === '') {
    const bare = /\[redacted |[^\s&;,"'`\\)}\]<>]*/y
    bare.lastIndex = start
    return { text: bare.exec(text)?.[0] ?? '', start }
  }
  const end = text.indexOf(quote, start)
  return { text: text.slice(start, end === -1 ? text.length : end), start }
}
