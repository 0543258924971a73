import { type HiddenRange, rangeIn, type TextView } from './text-view.ts'

/** Begins where `start` matches, whatever its case, and goes on as far as `end` says; `accept` may cut or refuse it. */
interface Pattern {
  start: RegExp
  end: (text: string, from: number) => number
  /** How many characters of the run stay readable, or undefined when it is no secret. */
  keep(run: string, match: RegExpExecArray): number | undefined
}

const restOfLine = (text: string, from: number) => {
  const end = text.slice(from).search(/[\r\n]/)
  return end === -1 ? text.length : from + end
}

// Each can begin only where a word begins, is short, and what follows it is one run: the time stays linear.
const patterns: readonly Pattern[] = [
  {
    start: /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/gi,
    // Quotes, pluses and backslashes too, as in a printed object.
    end: runOf('A-Za-z0-9+/=\\s\\\\\'"'),
    keep: () => 0,
  },
  {
    start: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5}/gi,
    end: runOf('A-Za-z0-9_.-'),
    keep: (run) => (isJwt(run) ? 0 : undefined),
  },
  {
    start: /(?<![A-Za-z0-9+/%])CAIS(?=[A-Za-z0-9+/%]{40})/gi,
    end: runOf('A-Za-z0-9+/%='),
    keep: () => 0,
  },
  {
    start: /(?<![A-Za-z0-9])(Bearer|Basic|DPoP) {1,4}(?![a-z_]{1,40}=)(?=[A-Za-z0-9._~+/=-]{8})/gi,
    end: runOf('A-Za-z0-9._~+/=-'),
    keep: (run, [start]) => (looksRandom(run.slice(start.length)) ? start.length : undefined),
  },
  {
    start: /(?<![A-Za-z0-9])(?:set-)?cookie["']?: ?/gi,
    end: restOfLine,
    keep: (run, [start]) =>
      run.length === start.length || run.includes('[redacted ') ? undefined : start.length,
  },
]

const userinfo =
  /(?<![A-Za-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#@"'[\]]{0,200}:[^\s/?#"'[\]@]{0,300})@/gi

/** What stands for a user name and a password in our own examples. */
const placeholders = new Set(['USER:PASSWORD', 'user:password', 'NAME:PASSWORD'])

/**
 * Finds what looks like a secret, known or not: tokens, keys, `Bearer …`, cookies, the user part of a URL, `password=…`. AccessKey
 * ids and RequestIds are none. Linear in the length of the text.
 */
export function findSecretPatterns(view: TextView): HiddenRange[] {
  const text = view.bytes.toString('latin1')
  return [
    ...patterns.flatMap((pattern) => findRuns(text, pattern)),
    ...findUserinfo(text),
    ...findAssignments(text),
  ].map(([start, end]) => rangeIn(view, start, end))
}

function findRuns(text: string, { start, end, keep }: Pattern): [number, number][] {
  const found: [number, number][] = []
  start.lastIndex = 0
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const runEnd = end(text, match.index + match[0].length)
    const kept = keep(text.slice(match.index, runEnd), match)
    if (kept !== undefined && match.index + kept < runEnd) found.push([match.index + kept, runEnd])
    start.lastIndex = Math.max(runEnd, match.index + 1)
  }
  return found
}

function findUserinfo(text: string): [number, number][] {
  return [...text.matchAll(userinfo)].flatMap(
    ({ index, 1: scheme = '', 2: user = '' }): [number, number][] => {
      if (placeholders.has(user)) return []
      return [[index + scheme.length, index + scheme.length + user.length]]
    },
  )
}

/** Base64url segments with dots between; the case matters, other than for where to begin. */
function isJwt(run: string): boolean {
  return run.startsWith('eyJ') && run.indexOf('.') > 0 && run.length - run.indexOf('.') > 5
}

/** Distinguishes a credential from the next word of a sentence ("Basic authentication"). */
function looksRandom(value: string): boolean {
  return /[0-9A-Z=]/.test(value)
}

/** Where a run of certain characters that begins at `from` ends. */
export type RunEnd = (text: string, from: number) => number

/**
 * Makes a function that finds the end of a run of the given ASCII characters (a class as in a regular expression,
 * without brackets). A plain loop, since a greedy pattern over megabytes exhausts the stack of the regular expression engine.
 */
export function runOf(characters: string): RunEnd {
  let made: Uint8Array | undefined
  return (text, from) => {
    // Most commands print nothing that is scrubbed.
    made ??= tableOf(characters)
    const table = made
    let end = from
    while (end < text.length && table[text.charCodeAt(end)] === 1) end++
    return end
  }
}

function tableOf(characters: string): Uint8Array {
  const member = new RegExp(`^[${characters}]$`)
  return Uint8Array.from({ length: 128 }, (_, code) => (member.test(String.fromCharCode(code)) ? 1 : 0))
}

/** A name and what leads to its value: `access_token=`, `"securityToken":"`, `\"password\": \"`, `appSecret: '`. */
const assignment =
  /(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]{2,50})\\{0,3}["']?\s{0,2}(?:=|:\s{0,2}(?=\\{0,3}["'`]))/g
/** Up to the next space, separator or closing sign. */
const bareValue = runOf('!#$%*+./0-9:=?@A-Z^_a-z|~-')
const shortestHidden = 4

/** Finds the values that stand behind a secret name in any kind of text, as pairs of start and end. Linear in its length. */
function findAssignments(text: string): [start: number, end: number][] {
  const found: [number, number][] = []
  let searched = 0
  for (const match of text.matchAll(assignment)) {
    if (match.index < searched || !isSecretName(match[1] ?? '')) continue
    const [start, end] = valueAt(text, match.index + match[0].length)
    if (end - start < shortestHidden || text.startsWith('[redacted ', start)) continue
    found.push([start, end])
    searched = end
  }
  return found
}

function valueAt(text: string, from: number): [start: number, end: number] {
  const opening = /\\{0,3}["'`]|/y
  opening.lastIndex = from
  const quote = opening.exec(text)?.[0] ?? ''
  const start = from + quote.length
  if (quote === '') return [start, bareValue(text, start)]
  const end = text.indexOf(quote, start)
  return [start, end === -1 ? text.length : end]
}

/** Names that are secret without ending like one of `secretEndings`. */
const secretNames = new Set([
  'accesskey',
  'apikey',
  'authorization',
  'codeverifier',
  'devicecode',
  'jsessionid',
  'jwt',
  'passwd',
  'proxyauthorization',
  'saml',
  'samlresponse',
  'sessionid',
  'xapikey',
])

/** Names that end so are secret: access_token, StsToken, x-oss-security-token, AccessKeySecret, Set-Cookie … */
const secretEndings =
  /(?:token|secret|secrets|password|passphrase|signature|assertion|privatekey|secretkey|secretaccesskey|cookie|cookies)$/

/** Cursors of listings, which only look like tokens. */
const harmless = new Set(['nexttoken', 'pagetoken', 'nextpagetoken', 'continuationtoken'])

/** Is the member, parameter or header of this name a secret? Case, `_` and `-` do not matter. */
export function isSecretName(name: string): boolean {
  if (name.length > 100) return false
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return (secretNames.has(plain) || secretEndings.test(plain)) && !harmless.has(plain)
}

/** In a form or a query, `code` is an authorization code (RFC 6749 section 4.1.2); in JSON it is an error code. */
export function isSecretParameter(name: string): boolean {
  return name.toLowerCase() === 'code' || isSecretName(name)
}

/** Members of a JWK that belong to the private or symmetric key (RFC 7518 section 6). */
export const privateJwkMembers = new Set(['d', 'dp', 'dq', 'k', 'oth', 'p', 'q', 'qi'])
