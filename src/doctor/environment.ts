import { formatInstant, printable, type ShellWords, shellWord, shellWordsOf } from '../kit/index.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const check = 'environment'

/**
 * The credential variables of this shell: incomplete sets, sets that contradict each other, credentials that have
 * expired. Names of variables and key ids are shown, no other value.
 */
export function checkEnvironment(env: Environment, platform: NodeJS.Platform, now: Date): Finding[] {
  const all = keyFamilies.flatMap(({ id, secret, token }) => [id, secret, token])
  const set = namesSet(env, all)
  const words = shellWordsOf(env, platform)
  const findings = [
    ...keyFamilies.flatMap((family) => checkFamily(env, family, words)),
    ...checkAgreement(env, words.unset(set)),
    ...checkExpiration(env, set.length > 0, words, now),
    ...checkTls(env, words),
  ]
  if (findings.length > 0) return findings
  return [ok(check, set.length > 0 ? 'the keys in this shell agree' : 'no keys in this shell')]
}

function checkFamily(env: Environment, family: KeyFamily, words: ShellWords): Finding[] {
  const id = variable(env, family.id)
  const secret = variable(env, family.secret)
  const token = variable(env, family.token)
  const fix = words.unset(namesSet(env, [family.id, family.secret, family.token]))
  if (id === undefined && secret === undefined) return []
  if (id === undefined) return [warning(check, `${family.secret} is set without ${family.id}`, fix)]
  if (secret === undefined) return [warning(check, `${family.id} is set without ${family.secret}`, fix)]
  const temporary = id.startsWith('STS.')
  if (temporary && token === undefined)
    return [problem(check, `${family.id} is a temporary key, and ${family.token} is missing`, fix)]
  if (!temporary && token !== undefined) {
    const message = `${family.id} (${shown(id)}) is a long-term key, but ${family.token} is set: they come from two sources`
    return [problem(check, message, fix)]
  }
  return []
}

/** Every two families against each other, reported once per pair of families that differ. */
function checkAgreement(env: Environment, fix: string): Finding[] {
  const held = keyFamilies.flatMap((family) => {
    const id = variable(env, family.id)
    return id === undefined ? [] : [{ family, id }]
  })
  const [first, ...others] = held
  if (first === undefined) return []
  return others.flatMap((other) => {
    const [a, b] = [first.family, other.family]
    const same = (name: 'secret' | 'token') => variable(env, a[name]) === variable(env, b[name])
    const bothTokens = variable(env, a.token) !== undefined && variable(env, b.token) !== undefined
    if (first.id !== other.id) {
      const ids = `${a.id} is ${shown(first.id)}, ${b.id} is ${shown(other.id)}`
      return bothTokens && same('token')
        ? [problem(check, `${ids}, with one token: a key meets a foreign token`, fix)]
        : [warning(check, `${ids}: tools will use different keys`, fix)]
    }
    if (same('secret') && (same('token') || !bothTokens)) return []
    return [problem(check, `${a.id} and ${b.id} agree, but their secrets or tokens do not`, fix)]
  })
}

function checkExpiration(env: Environment, keysAreSet: boolean, words: ShellWords, now: Date): Finding[] {
  const text = variable(env, 'SESAME_EXPIRATION')
  if (text === undefined) return []
  const expiresAt = new Date(text)
  if (Number.isNaN(expiresAt.getTime())) {
    const fix = words.unset(['SESAME_EXPIRATION'])
    return [warning(check, `SESAME_EXPIRATION is no time: ${printable(text, 40)}`, fix)]
  }
  if (expiresAt.getTime() > now.getTime()) return []
  const message = `the credentials in this shell expired at ${formatInstant(expiresAt)}`
  const fix = renewal(env, words)
  return [keysAreSet ? problem(check, message, fix) : warning(check, message, fix)]
}

function renewal(env: Environment, words: ShellWords): string {
  const profile = variable(env, 'SESAME_PROFILE')
  const option = profile === undefined ? '' : ` --profile ${shellWord(printable(profile, 64))}`
  return words.evaluateLogin(option)
}

function checkTls(env: Environment, words: ShellWords): Finding[] {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return []
  const message = 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends nothing that way'
  return [problem('tls', message, words.unset(['NODE_TLS_REJECT_UNAUTHORIZED']))]
}

/** Enough of a key id to distinguish two. */
function shown(id: string): string {
  return printable(id, 24)
}

export type Environment = Readonly<Record<string, string | undefined>>

/** One set of names under which tools look for keys. */
export interface KeyFamily {
  id: string
  secret: string
  token: string
}

/** The families that the Alibaba SDKs and CLIs, Terraform and ossutil read. */
export const keyFamilies: readonly KeyFamily[] = [
  {
    id: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    secret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    token: 'ALIBABA_CLOUD_SECURITY_TOKEN',
  },
  { id: 'ALIBABACLOUD_ACCESS_KEY_ID', secret: 'ALIBABACLOUD_ACCESS_KEY_SECRET', token: 'SECURITY_TOKEN' },
  { id: 'ALICLOUD_ACCESS_KEY', secret: 'ALICLOUD_SECRET_KEY', token: 'ALICLOUD_SECURITY_TOKEN' },
  { id: 'ALICLOUD_ACCESS_KEY_ID', secret: 'ALICLOUD_ACCESS_KEY_SECRET', token: 'ALICLOUD_SECURITY_TOKEN' },
  { id: 'OSS_ACCESS_KEY_ID', secret: 'OSS_ACCESS_KEY_SECRET', token: 'OSS_SESSION_TOKEN' },
]

/** The family that the SDKs' default chain reads. */
export const sdkFamily = keyFamilies[0] as KeyFamily

/** A variable's value; empty counts as unset, as it does for the tools. */
export function variable(env: Environment, name: string): string | undefined {
  return env[name] || undefined
}

/** True for a switch that the SDKs take as on. */
export function isOn(env: Environment, name: string): boolean {
  return variable(env, name)?.toLowerCase() === 'true'
}

/** Those of the names that are set. */
export function namesSet(env: Environment, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => variable(env, name) !== undefined)
}
