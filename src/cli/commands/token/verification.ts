import type { Program } from '../../../compose/index.ts'
import {
  type JwkSet,
  type PinnedJwt,
  type VerifyContext,
  verifyJwt,
  verifyPinnedJwt,
} from '../../../jwt/index.ts'
import { isNestedDeeper, parseRecord, printable, SesameError, t } from '../../../kit/index.ts'
import { type AnySettings, hasSetting } from '../../../profiles/index.ts'
import type { Input } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { readInputFile } from '../../read-input-file.ts'

/** As much as the library takes. */
const longestKeyBytes = 1024 * 1024
/** A JWK Set is four levels deep. */
const deepest = 64

/** Verifies a token; all that is wanted of it has been settled before. */
export type Verification = (token: string) => Promise<PinnedJwt>

/**
 * Reads what a token is to be held against from the options. With a profile that pins the key of its application issuer and
 * audience may be left out; otherwise both, and a source of keys, must be given.
 *
 * @throws SesameError ERR_USAGE
 */
export async function readVerification(input: Input, { session }: Program): Promise<Verification> {
  const context: VerifyContext = { fetch: session.fetch, clock: session.clock }
  const common = {
    ...ifGiven('algorithms', input.text('algorithms')?.split(',')),
    ...ifGiven('clockTolerance', seconds(input)),
    ...ifGiven('typ', input.text('typ')),
  }
  const issuer = input.text('issuer')
  const audience = input.text('audience')
  const jwks = input.text('jwks')
  const publicKey = input.text('public-key')
  const profile = input.text('profile')
  if (jwks !== undefined && (publicKey ?? profile) !== undefined)
    throw usage(
      t('--jwks does not go with --{option}.', {
        option: publicKey === undefined ? 'profile' : 'public-key',
      }),
    )
  if (profile !== undefined) {
    const pinned = publicKey === undefined ? keyOfProfile(profile, session) : await readKeyFile(publicKey)
    const named = { ...ifGiven('issuer', issuer), ...ifGiven('audience', audience) }
    return (token) => verifyPinnedJwt(token, { ...common, ...named, publicKey: pinned }, context)
  }
  if (issuer === undefined || audience === undefined)
    throw usage(t('Name the expected issuer and audience of the token: --issuer and --audience.'))
  const keys = await openKeys(jwks, publicKey)
  return (token) => verifyJwt(token, { ...common, issuer, audience, ...keys }, context)
}

/** The public key that a profile keeps for the tokens of its application. */
function keyOfProfile(name: string, session: Program['session']): string {
  const profile = session.readConfig().profiles.get(name)
  if (profile === undefined)
    throw usage(t('There is no profile {profile}.', { profile: printable(name, 60) }))
  if (!hasSetting(profile.kind, 'publicKey'))
    throw usage(
      t('Profile {profile} pins no key: only profiles for IDaaS do. Give --issuer, --audience and --jwks.', {
        profile: name,
      }),
    )
  const { publicKey }: AnySettings = profile
  if (publicKey === undefined)
    throw usage(t('Profile {profile} has no public key yet: give --public-key FILE.', { profile: name }))
  return publicKey
}

async function openKeys(jwks: string | undefined, publicKey: string | undefined) {
  if (publicKey !== undefined) return { publicKey: await readKeyFile(publicKey) }
  if (jwks === undefined) throw usage(t('Say where the keys are: --jwks FILE or URL, or --public-key FILE.'))
  return { jwks: /^https?:/i.test(jwks) ? jwks : await readJwksFile(jwks) }
}

async function readJwksFile(path: string): Promise<JwkSet> {
  const text = await readKeyFile(path)
  const value = isNestedDeeper(text, deepest) ? undefined : parseRecord(text)
  if (value !== undefined && Object.hasOwn(value, 'keys')) return value as unknown as JwkSet
  throw usage(t('{path} holds no JWK Set.', { path: printable(path) }))
}

function readKeyFile(path: string): Promise<string> {
  return readInputFile(path, longestKeyBytes)
}

function seconds(input: Input): number | undefined {
  const text = input.text('clock-tolerance')
  return text === undefined ? undefined : parseDuration(text, 'clock-tolerance')
}

function ifGiven<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]?: T })
}

function usage(message: string): SesameError {
  return new SesameError('ERR_USAGE', message, { hint: t('See "sesame help token verify".') })
}
