import {
  formatInstant,
  printable,
  type ShellWords,
  shellWord,
  shellWordsOf,
  shownText,
  t,
} from '../kit/index.ts'
import { foreignFamilies, foreignSwitches, type KeyFamily, ownFamilies } from '../output/index.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { type Environment, namesSet, variable } from './shell-variables.ts'

const check = 'environment'

/** All families of keys that programs look for: those that sesame sets, and those that beat them somewhere. */
export const keyFamilies: readonly KeyFamily[] = [...ownFamilies, ...foreignFamilies]

/** The family that the SDKs' default chain reads. */
export const sdkFamily = ownFamilies[0] as KeyFamily

/**
 * The credential variables of this shell: incomplete sets, sets that contradict each other, those that beat what sesame hands over,
 * credentials that have expired. Names of variables and key ids are shown, no other value.
 */
export function checkEnvironment(env: Environment, platform: NodeJS.Platform, now: Date): Finding[] {
  const words = shellWordsOf(env, platform)
  const set = namesSet(env, ownFamilies.flatMap(namesOf))
  const findings = [
    ...keyFamilies.flatMap((family) => checkFamily(env, family, words)),
    ...checkLoneTokens(env, words),
    ...checkAgreement(env, words.unset(set)),
    ...checkForeign(env, words),
    ...checkExpiration(env, set.length > 0, words, now),
    ...checkTls(env, words),
  ]
  if (findings.length > 0) return findings
  return [ok(check, set.length > 0 ? t('the keys in this shell agree') : t('no keys in this shell'))]
}

function namesOf({ id, secret, tokens }: KeyFamily): string[] {
  return [id, secret, ...tokens]
}

function checkFamily(env: Environment, family: KeyFamily, words: ShellWords): Finding[] {
  const id = variable(env, family.id)
  const secret = variable(env, family.secret)
  const tokens = namesSet(env, family.tokens)
  const fix = words.unset(namesSet(env, namesOf(family)))
  if (id === undefined && secret === undefined) return []
  if (id === undefined) return [warning(check, saysIncomplete(family.secret, family.id), fix)]
  if (secret === undefined) return [warning(check, saysIncomplete(family.id, family.secret), fix)]
  const temporary = id.startsWith('STS.')
  const [token, ...others] = tokens
  const [own] = family.tokens
  if (temporary && token === undefined && own !== undefined)
    return [
      problem(
        check,
        t('{name} is a temporary key, and {token} is missing', { name: family.id, token: own }),
        fix,
      ),
    ]
  if (!temporary && token !== undefined) {
    const message = t('{name} ({id}) is a long-term key, but {token} is set: they come from two sources', {
      name: family.id,
      id: shown(id),
      token,
    })
    return [problem(check, message, fix)]
  }
  const other = others.find((name) => variable(env, name) !== variable(env, token ?? ''))
  if (token === undefined || other === undefined) return []
  return [
    problem(
      check,
      t('{first} and {second} differ: a key meets a foreign token', { first: token, second: other }),
      fix,
    ),
  ]
}

function saysIncomplete(there: string, missing: string): string {
  return t('{there} is set without {missing}', { there, missing })
}

/** A token whose key is gone: some program takes it with the key of another family. */
function checkLoneTokens(env: Environment, words: ShellWords): Finding[] {
  const inUse = keyFamilies.filter(({ id, secret }) => namesSet(env, [id, secret]).length > 0)
  const used = new Set(inUse.flatMap(({ tokens }) => tokens))
  const lone = namesSet(
    env,
    keyFamilies.flatMap(({ tokens }) => tokens),
  ).filter((name) => !used.has(name))
  return lone.map((name) => {
    const message =
      inUse.length > 0
        ? t('{name} is set alone: it can meet the key of another source', { name })
        : t('{name} is set alone: there is no key for it', { name })
    return warning(check, message, words.unset([name]))
  })
}

/** Every two families against each other, reported once per pair of families that differ. */
function checkAgreement(env: Environment, fix: string): Finding[] {
  const held = ownFamilies.flatMap((family) => {
    const id = variable(env, family.id)
    return id === undefined ? [] : [{ family, id }]
  })
  const [first, ...others] = held
  if (first === undefined) return []
  const tokenOf = ({ tokens }: KeyFamily) => variable(env, namesSet(env, tokens)[0] ?? '')
  return others.flatMap((other) => {
    const [a, b] = [first.family, other.family]
    const sameSecret = variable(env, a.secret) === variable(env, b.secret)
    const sameToken = tokenOf(a) === tokenOf(b)
    const bothTokens = tokenOf(a) !== undefined && tokenOf(b) !== undefined
    if (first.id !== other.id) {
      const values = { first: a.id, firstId: shown(first.id), second: b.id, secondId: shown(other.id) }
      return bothTokens && sameToken
        ? [
            problem(
              check,
              t(
                '{first} is {firstId}, {second} is {secondId}, with one token: a key meets a foreign token',
                values,
              ),
              fix,
            ),
          ]
        : [
            warning(
              check,
              t('{first} is {firstId}, {second} is {secondId}: tools will use different keys', values),
              fix,
            ),
          ]
    }
    if (sameSecret && (sameToken || !bothTokens)) return []
    return [
      problem(
        check,
        t('{first} and {second} agree, but their secrets or tokens do not', { first: a.id, second: b.id }),
        fix,
      ),
    ]
  })
}

/** What some program takes before the keys that sesame sets. */
function checkForeign(env: Environment, words: ShellWords): Finding[] {
  const families = foreignFamilies.flatMap((family) => {
    const id = variable(env, family.id)
    if (id === undefined || variable(env, family.secret) === undefined) return []
    return [{ name: `${family.id} (${shown(id)})`, names: namesOf(family), readBy: shownText(family.readBy) }]
  })
  const switches = foreignSwitches
    .filter(({ name }) => variable(env, name) !== undefined)
    .map(({ name, readBy }) => ({ name, names: [name], readBy: shownText(readBy) }))
  return [...families, ...switches].map(({ name, names, readBy }) => {
    // A token that two families share is no foreign one.
    const own = new Set(ownFamilies.flatMap(namesOf))
    const foreign = namesSet(env, names).filter((each) => !own.has(each))
    const message = t('{name} is set: for {programs} it counts more than what sesame hands over', {
      name,
      programs: readBy,
    })
    return warning(check, message, words.unset(foreign))
  })
}

function checkExpiration(env: Environment, keysAreSet: boolean, words: ShellWords, now: Date): Finding[] {
  const text = variable(env, 'SESAME_EXPIRATION')
  if (text === undefined) return []
  const expiresAt = new Date(text)
  if (Number.isNaN(expiresAt.getTime())) {
    const fix = words.unset(['SESAME_EXPIRATION'])
    return [warning(check, t('SESAME_EXPIRATION is no time: {text}', { text: printable(text, 40) }), fix)]
  }
  if (expiresAt.getTime() > now.getTime()) return []
  const message = t('the credentials in this shell expired at {instant}', {
    instant: formatInstant(expiresAt),
  })
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
  const message = t(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends nothing that way',
  )
  return [problem('tls', message, words.unset(['NODE_TLS_REJECT_UNAUTHORIZED']))]
}

/** Enough of a key id to distinguish two. */
function shown(id: string): string {
  return printable(id, 24)
}
