import {
  type FixedText,
  formatInstant,
  isSesameError,
  type ShellWords,
  type StoreChoice,
  type StoreKind,
  shellWord,
  t,
  within,
} from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { chooseStore, resolveProfile, type SessionContext, storeChoiceOf } from '../session/index.ts'
import type { EncryptedFileFacts, KeychainState } from '../store/index.ts'
import type { DoctorContext } from './doctor-context.ts'
import { about, type Failure, type Finding, failureOf, ok, problem, warning } from './finding.ts'
import { byCommand, type Remedy } from './remedy.ts'

/** A store after it was opened as a login would open it: a keychain has then kept, returned and dropped a test item. */
export interface StoreInspection {
  kind: StoreKind
  /** What was found about the keychain, where it was looked at. */
  probe?: KeychainState
  /** What is to be known of the keychain's bus. */
  bus?: string
  /** What is known of the encrypted file, once there is one. */
  encryption?: EncryptedFileFacts
  /** What opening it had to say. */
  notes: readonly string[]
}

export type StoreFacts = {
  choice: StoreChoice
  /** What could keep the secrets instead, where they are in plain text or not kept. */
  better?: 'keychain' | 'encrypted-file' | undefined
} & ({ kind: 'opened'; inspection: StoreInspection } | Failure)

/** How it came that a store is used. */
export interface StoreUse {
  /** SESAME_STORE names it. */
  fromEnvironment: boolean
  words: ShellWords
  /** A profile that has its secrets there. */
  usedBy?: string | undefined
}

/** One store that profiles use, or that a login would use. */
export function checkStore(facts: StoreFacts, { fromEnvironment, words, usedBy }: StoreUse): Finding {
  const toFile = words.set({ SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: '…' })
  const { choice } = facts
  if (facts.kind === 'failed') return problem('store', about(choice, facts.message), facts.hint ?? toFile)
  const { kind, probe, bus, encryption, notes } = facts.inspection
  const chosen = choice === 'auto' ? t('{store} (chosen by itself)', { store: kind }) : kind
  const unchoose = fromEnvironment ? words.unset(['SESAME_STORE']) : betterStore(facts.better)
  const moveTo = fromEnvironment ? undefined : moveToStore(facts.better)
  switch (kind) {
    case 'keychain':
      return ok('store', inOneLine([saysState(chosen, probe), t('it kept and returned a test item'), bus]))
    case 'encrypted-file': {
      const message = inOneLine([...saysEncryption(chosen, encryption), saysKeychain(probe, bus)])
      const login = `sesame login${usedBy === undefined ? '' : ` --profile ${shellWord(usedBy)}`} --force`
      return encryption?.belowFloor ? warning('store', message, login) : ok('store', message)
    }
    case 'plaintext':
      return warning('store', about(chosen, t('secrets are kept in plain text')), unchoose, moveTo)
    case 'memory':
      return choice === 'memory'
        ? warning('store', about(chosen, t('nothing is kept after a run')), unchoose, moveTo)
        : warning(
            'store',
            about(chosen, notes[0] ?? t('nothing is kept after a run')),
            probe === 'locked' ? t(unlock) : toFile,
          )
  }
}

/** Clauses beside each other, without those that there are not. */
function inOneLine(clauses: readonly (string | undefined)[]): string {
  return clauses.filter((clause) => clause !== undefined).join(t('; '))
}

function saysState(chosen: string, probe: KeychainState | undefined): string {
  if (probe === undefined) return chosen
  return about(chosen, probe === 'unknown' ? t('usable') : probe)
}

function saysKeychain(probe: KeychainState | undefined, bus: string | undefined): string {
  const state = probe ?? t('not asked')
  return bus === undefined
    ? t('the keychain is {state}', { state })
    : t('the keychain is {state} ({reason})', { state, reason: bus })
}

function saysEncryption(chosen: string, encryption: EncryptedFileFacts | undefined): string[] {
  if (encryption === undefined) return [chosen]
  const { openedBy, belowFloor, unlockedUntil } = encryption
  const opener = openedBy === 'key' ? t('a key of full strength') : t('a passphrase')
  const opened = belowFloor
    ? t("opened by {opener} whose derivation is below OWASP's floor until something is written", { opener })
    : t('opened by {opener}', { opener })
  const lock =
    unlockedUntil === undefined
      ? t('not unlocked')
      : t('unlocked until {instant}', { instant: formatInstant(unlockedUntil) })
  return [about(chosen, opened), lock]
}

function betterStore(better: StoreFacts['better']): string {
  return better === undefined
    ? t(
        'There is no keychain here; make a key for an encrypted file: sesame configure --store encrypted-file --new-key',
      )
    : `sesame configure --store ${better}`
}

/** The secrets go along. */
function moveToStore(better: StoreFacts['better']): Remedy | undefined {
  return better === undefined ? undefined : byCommand('configure', '--store', better)
}

const unlock: FixedText = 'Unlock the keyring (log in to the desktop, or open its password manager).'

/** Whether reading items from this store is worth a try: one that failed would fail for each profile again. */
export function isReadable(facts: StoreFacts | undefined): boolean {
  return facts?.kind === 'opened'
}

const limitMs = 5000

/** The stores that these profiles use, or the one that a first login would use. */
export function storeChoicesOf(
  names: readonly string[],
  config: Config,
  context: SessionContext,
): StoreChoice[] {
  const choices = names.map((name) => choiceOf(name, config, context))
  return choices.length === 0
    ? [chooseStore(config, undefined, context.storeOverride())]
    : [...new Set(choices)]
}

/** A role is kept where its source is; a broken chain is reported elsewhere. */
function choiceOf(name: string, config: Config, context: SessionContext): StoreChoice {
  try {
    return storeChoiceOf(resolveProfile(name, config, context))
  } catch (error) {
    if (!isSesameError(error)) throw error
    return chooseStore(config, config.profiles.get(name), context.storeOverride())
  }
}

async function findBetter(host: DoctorContext): Promise<StoreFacts['better']> {
  try {
    await host.inspectStore('keychain')
    return 'keychain'
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    return host.passphraseAtHand ? 'encrypted-file' : undefined
  }
}

/** Opens one store as a login would; what does not answer in time has failed. */
export async function lookAtStore(
  choice: StoreChoice,
  host: DoctorContext,
  context: SessionContext,
): Promise<StoreFacts> {
  const look = async (): Promise<StoreFacts> => {
    try {
      const inspection = await host.inspectStore(choice)
      const isPoor = choice === 'plaintext' || choice === 'memory'
      return { choice, kind: 'opened', inspection, ...(isPoor && { better: await findBetter(host) }) }
    } catch (error) {
      return { choice, ...failureOf(error) }
    }
  }
  const late = (): StoreFacts => ({
    choice,
    kind: 'failed',
    message: t('no answer within {seconds} s', { seconds: limitMs / 1000 }),
    hint: undefined,
  })
  return within({ ms: limitMs, clock: context.clock, late }, look())
}
