import {
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
import type { GivenKeys } from './key-source.ts'
import { keyKindOf, signatureAlgorithms } from './key-strength.ts'
import type { ReplayGuard } from './replay-guard.ts'
import type { VerifyJwtOptions, VerifyPinnedJwtOptions } from './verify-options.ts'

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
