import {
  type Clock,
  type Fetch,
  printable,
  readDate,
  readNumber,
  readOptions,
  readText,
  readTexts,
  SesameError,
  t,
  misuse as wrongType,
} from '../kit/index.ts'
import type { ClaimRules } from './check-claims.ts'
import type { Jwk, JwkSet } from './jwk-set.ts'
import type { JwksSource } from './jwks-source.ts'
import type { GivenKeys } from './key-source.ts'
import { keyKindOf, signatureAlgorithms } from './key-strength.ts'
import type { ReplayGuard } from './replay-guard.ts'

/** What a verification needs from outside: the network only where `jwks` is a URL. */
export interface VerifyContext {
  fetch: Fetch
  clock: Clock
}

/** The rules that do not depend on the issuer. */
interface VerifyRulesOptions {
  /** Accepted signature algorithms. Default `['RS256']`. HMAC and `none` are never accepted. */
  algorithms?: readonly string[]
  /** Seconds by which clocks may differ: `exp`, `nbf` and `iat` are read so generously. Default 300. */
  clockTolerance?: number
  /** The `typ` that the header must have, such as `at+jwt` (RFC 9068). Default: `JWT` or none. */
  typ?: string
  /** Claims that must be there beside `iss`, `aud` and `exp`. */
  requiredClaims?: readonly string[]
  /**
   * The client that the token must have been issued to: `azp`, where it is there, must be this, and with several audiences it
   * must be there (OpenID Connect Core section 3.1.3.7). Without it `azp` is not checked.
   */
  authorizedParty?: string
  /** Accepts each `jti` once; tokens without one are then refused. */
  replayGuard?: ReplayGuard
  /** The instant for which times are checked. Default: now. */
  now?: Date
}

/** What a token is verified against. Issuer, audience and one source of keys must be given: there is no "any". */
export interface VerifyJwtOptions extends VerifyRulesOptions {
  /** Exactly as in the token's `iss`; several where tokens of several issuers share their keys. */
  issuer: string | readonly string[]
  /** One of these must be among the token's `aud`. */
  audience: string | readonly string[]
  /** URL of the issuer's JWK Set (https; http for a literal loopback address), the set itself, or a source of it. */
  jwks?: string | JwkSet | JwksSource
  /** Pinned key: PEM (SPKI, X.509), JWK or JWK Set, as text or object. */
  publicKey?: string | Jwk | JwkSet
}

/** As `VerifyJwtOptions`, for a key that signs for one application alone: it says who issued a token, and for whom. */
export interface VerifyPinnedJwtOptions extends VerifyRulesOptions {
  issuer?: string | readonly string[]
  audience?: string | readonly string[]
  publicKey: string | Jwk | JwkSet
}

/** Rules for header and claims, with defaults filled in. */
export interface VerifyRules extends ClaimRules {
  algorithms: readonly string[]
  typ: string | undefined
}

/** Options that have been read, each of them once; what the caller changes afterwards changes nothing here. */
export interface ReadVerifyOptions {
  rules: VerifyRules
  /** Checked as to which is given; what it is, is checked when it is opened. */
  keys: GivenKeys
  replayGuard: ReplayGuard | undefined
  /** Undefined: now. */
  now: Date | undefined
}

/** .NET's ClockSkew, and what other verifiers of access tokens use. */
export const defaultClockToleranceSeconds = 300
const tolerance = { min: 0, max: 86_400, unit: 'seconds' } as const

/** @throws SesameError ERR_USAGE for options that are missing, impossible or unsafe */
export function readVerifyOptions(options: VerifyJwtOptions): ReadVerifyOptions {
  const { issuer, audience, jwks, publicKey, ...others } = namedOptions(options)
  if ((jwks === undefined) === (publicKey === undefined)) throw misuse(t('give either jwks or publicKey'))
  return readRules(others, {
    issuers: someTexts(issuer, 'issuer'),
    audiences: someTexts(audience, 'audience'),
    keys: { jwks, publicKey },
  })
}

/** The same for a pinned key: an issuer and an audience that are not named are not checked. */
export function readPinnedOptions(options: VerifyPinnedJwtOptions): ReadVerifyOptions {
  const { issuer, audience, publicKey, ...others } = namedOptions(options)
  if (publicKey === undefined) throw misuse(t('publicKey is needed'))
  return readRules(others, {
    issuers: issuer === undefined ? undefined : someTexts(issuer, 'issuer'),
    audiences: audience === undefined ? undefined : someTexts(audience, 'audience'),
    keys: { jwks: undefined, publicKey },
  })
}

type Untyped = Record<keyof VerifyJwtOptions, unknown>

/** Named one by one: options may be accessors of a class, which a copy by `...` would leave out. */
function namedOptions(options: VerifyJwtOptions | VerifyPinnedJwtOptions): Untyped {
  const { issuer, audience, publicKey, algorithms, clockTolerance, now } = readOptions(options)
  const { typ, requiredClaims, authorizedParty, replayGuard } = options
  const named = { algorithms, clockTolerance, typ, requiredClaims, authorizedParty, replayGuard, now }
  return { issuer, audience, publicKey, jwks: 'jwks' in options ? options.jwks : undefined, ...named }
}

function readRules(
  options: Omit<Untyped, 'issuer' | 'audience' | 'jwks' | 'publicKey'>,
  { issuers, audiences, keys }: Pick<ClaimRules, 'issuers' | 'audiences'> & { keys: GivenKeys },
): ReadVerifyOptions {
  const replayGuard = readReplayGuard(options.replayGuard)
  const requiredClaims = readTexts(options.requiredClaims, 'requiredClaims') ?? []
  return {
    rules: {
      issuers,
      audiences,
      authorizedParty: readText(options.authorizedParty, 'authorizedParty'),
      requiredClaims: [...requiredClaims, ...(replayGuard === undefined ? [] : ['jti'])],
      toleranceSeconds:
        readNumber(options.clockTolerance, 'clockTolerance', tolerance) ?? defaultClockToleranceSeconds,
      algorithms: readAlgorithms(options.algorithms),
      typ: readText(options.typ, 'typ'),
    },
    keys,
    replayGuard,
    now: readDate(options.now, 'now'),
  }
}

function readAlgorithms(value: unknown): readonly string[] {
  const algorithms = value === undefined ? ['RS256'] : someTexts(value, 'algorithms')
  const unknown = algorithms.find((each) => keyKindOf(each) === undefined)
  if (unknown === undefined) return algorithms
  throw misuse(
    t('algorithms cannot hold {unknown}; it can hold {algorithms}', {
      unknown: printable(unknown, 20),
      algorithms: signatureAlgorithms.join(', '),
    }),
  )
}

function readReplayGuard(value: unknown): ReplayGuard | undefined {
  if (value === undefined) return undefined
  const seen = typeof value === 'object' && value !== null && 'seen' in value ? value.seen : undefined
  if (typeof seen !== 'function') throw wrongType('replayGuard', t('an object with a function seen'))
  return { seen: (id, expiresAt) => seen.call(value, id, expiresAt) }
}

function someTexts(value: unknown, name: string): readonly string[] {
  const texts = readTexts(value, name) ?? []
  if (texts.length > 0) return texts
  throw misuse(t('{name} must be a text, or a list of texts', { name }))
}

function misuse(reason: string): SesameError {
  return new SesameError('ERR_USAGE', t('A token cannot be verified like this: {reason}.', { reason }))
}
