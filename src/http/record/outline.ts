import { parseUrl } from '../../kit/index.ts'
import { plain } from '../error-members.ts'
import { scrub } from '../redaction/scrub.ts'

/*
 * What of an answer may be shown to anyone: its form. Members and values are left out unless they are listed here: a name, an
 * address or a token can stand anywhere, and servers put what they like into messages.
 */

/** Members that sesame reads, as `plain` spells them. */
const known = new Set(
  `devicecode usercode verificationuri verificationuricomplete verificationurl expiresin interval
  accesstoken refreshtoken idtoken tokentype scope
  errorcode error code errcode status statuscode success requestid traceid correlationid errormessage errordescription message data
  accounts accountid displayname accessconfigurationsforaccount accessconfigurationid accessconfigurationname nexttoken truncated
  cloudcredential cloudcredentials credentials accesskeyid accesskeysecret securitytoken expiration
  assumedroleuser arn assumedroleid userid principalid identitytype roleid oidctokeninfo subject issuer clientids
  authorizationendpoint tokenendpoint deviceauthorizationendpoint jwksuri userinfoendpoint endsessionendpoint revocationendpoint
  introspectionendpoint responsetypessupported granttypessupported codechallengemethodssupported
  tokenendpointauthmethodssupported idtokensigningalgvaluessupported subjecttypessupported
  authorizationresponseissparametersupported keys kty use alg kid n e crv x y`.split(/\s+/),
)

/** Lists of words of a standard, which are kept. */
const wordLists = /(?:types|methods|values)supported$/
const codes = new Set(['errorcode', 'error', 'code', 'errcode'])
const requestIds = new Set(['requestid', 'traceid', 'correlationid'])
const seconds = new Set(['expiresin', 'interval', 'status', 'statuscode'])

const deepest = 6
const longestList = 5

/** The outline of a parsed JSON body; `now` is when it came, for instants, which are kept as distances. */
export function outlineBody(body: unknown, now: Date): unknown {
  return outline('', body, { now, depth: 0 })
}

function outline(name: string, value: unknown, { now, depth }: { now: Date; depth: number }): unknown {
  if (depth > deepest) return null
  if (Array.isArray(value)) {
    return value
      .slice(0, longestList * (wordLists.test(name) ? 8 : 1))
      .map((each) => outline(name, each, { now, depth: depth + 1 }))
  }
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([key]) => /^\w{1,60}$/.test(key) && known.has(plain(key)))
    return Object.fromEntries(
      kept.map(([key, each]) => [key, outline(plain(key), each, { now, depth: depth + 1 })]),
    )
  }
  if (typeof value === 'number') return outlineNumber(name, value, now)
  return typeof value === 'string' ? outlineText(name, value, now) : value
}

function outlineNumber(name: string, value: number, now: Date): unknown {
  if (seconds.has(name) || codes.has(name)) return Math.abs(value) < 1e7 ? value : 0
  const distance = (ms: number) => `${Math.round((ms - now.getTime()) / 1000)} s`
  if (value > 1e9 && value < 1e10) return `(epoch ${distance(value * 1000)})`
  if (value > 1e12 && value < 1e13) return `(epoch-ms ${distance(value)})`
  return 0
}

function outlineText(name: string, value: string, now: Date): string {
  if (value === '') return ''
  if (codes.has(name)) return serverWord(value) ?? '(text)'
  if (requestIds.has(name)) return requestIdWord(value) ?? '(text)'
  if (name === 'tokentype' && /^[A-Za-z]{1,20}$/.test(value)) return value
  if (wordLists.test(name)) return /^[\w:.-]{1,60}$/.test(value) ? scrub(value) : '(text)'
  const url = /^https?:\/\//i.test(value) ? parseUrl(value) : undefined
  if (url !== undefined) return `(url) ${outlineUrl(url)}`
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(at)) return `(instant ${Math.round((at - now.getTime()) / 1000)} s)`
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(value) && value.length > 40 ? '(jwt)' : '(text)'
}

/** A code of a server, such as `AccessDenied.RAM` or `AADSTS70008`; undefined for sentences, identifiers and what may be a token. */
export function serverWord(text: string): string | undefined {
  const isCode =
    text.length <= 80 &&
    text.split(/[._:-]/).every((part) => /^(?:[A-Za-z]{1,32}\d{0,8}|\d{1,8})$/.test(part))
  return isCode ? scrub(text) : undefined
}

/** What support asks for: hexadecimal, in groups or not. */
export function requestIdWord(text: string): string | undefined {
  return /^[0-9A-Fa-f-]{8,64}$/.test(text) ? scrub(text) : undefined
}

/** Scheme, host and path; no user, query or fragment, and `*` for each part of the path that looks like an identifier. */
export function outlineUrl(url: URL): string {
  return `${url.protocol}//${url.host}${outlinePath(url.pathname)}`
}

/** Words and versions of a path stay: numbers, UUIDs, mail addresses and whatever is encoded could name a user or an account. */
export function outlinePath(path: string): string {
  return path
    .split('/')
    .slice(0, 12)
    .map((part) =>
      part === '' || /^(?:\.?[A-Za-z][A-Za-z._-]{0,39}\d{0,2}|v?\d{1,2}(?:\.\d{1,2})*)$/.test(part)
        ? part
        : '*',
    )
    .join('/')
}
