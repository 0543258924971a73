import type { Program } from '../../../compose/index.ts'
import { SesameError, silentLog, t } from '../../../kit/index.ts'
import type { Config } from '../../../profiles/index.ts'
import { type ProfileStatus, profileStatus, usedProfiles } from '../../../session/index.ts'
import { composeReader } from '../../../start/index.ts'
import { passphraseOf, pick, showsUnicode } from '../../../terminal/index.ts'
import { fuzzyFilter } from '../../fuzzy.ts'
import { layOut, profileRow, statusText } from './profile-rows.ts'

/** The list appears after so long, whatever a slow keychain still owes it. */
const patienceMs = 400

/**
 * Lets the user choose a profile: the last used first, found by typing. @throws SesameError ERR_INTERRUPTED for Esc and Ctrl-C;
 * ERR_USAGE when there is none
 */
export async function pickProfile(program: Program): Promise<string> {
  const { session, edges } = program
  const config = session.readConfig()
  if (config.profiles.size === 0)
    throw new SesameError('ERR_USAGE', t('There are no profiles yet.'), {
      hint: t('"sesame login --profile NAME" or "sesame configure" makes one.'),
    })
  const here = edges.env.SESAME_PROFILE || config.currentProfile
  const rows = inOrderOfUse(config, usedProfiles(session.state.read())).map(([name, profile]) =>
    profileRow(name, profile, name === here),
  )
  const statuses = await readStatuses(
    rows.map(({ name }) => name),
    config,
    program,
  )
  program.loadRest()
  const columns = process.stderr.columns || 80
  // Two columns are the pointer's, and one stays free: some terminals wrap in the last one.
  const paper = { columns: columns - 3, unicode: showsUnicode(edges) }
  const textOf = layOut(rows, (name) => statusText(statuses.get(name)), paper)
  return pick(
    {
      message: t('Profile:'),
      find: (typed) =>
        fuzzyFilter(typed, rows, ({ searched }) => searched).map((row) => ({
          name: textOf(row),
          short: row.name,
          value: row.name,
        })),
      help: help(rows.length, columns, paper.unicode),
      rows: process.stderr.rows || 24,
      unicode: paper.unicode,
    },
    session.signal,
  )
}

function inOrderOfUse({ profiles }: Config, used: readonly string[]) {
  const rank = new Map(used.map((name, i) => [name, i]))
  const rankOf = (name: string) => rank.get(name) ?? used.length
  return [...profiles].sort(([a], [b]) => rankOf(a) - rankOf(b))
}

/** What the stores have, without a question to the user: a locked one is just not known. */
async function readStatuses(
  names: readonly string[],
  config: Config,
  { session, edges }: Program,
): Promise<ReadonlyMap<string, ProfileStatus>> {
  const reader = composeReader(edges, {
    log: silentLog,
    warn: () => undefined,
    passphrase: passphraseOf(edges),
    askPassphrase: () => Promise.reject(new SesameError('ERR_STORE_PASSPHRASE', t('Nothing is asked here.'))),
    interactive: () => false,
  })
  const context = { ...session, openStore: reader.openStore, warn: () => undefined }
  const found = new Map<string, ProfileStatus>()
  const all = names.map(async (name) => found.set(name, await profileStatus(name, config, context)))
  await Promise.race([Promise.all(all), edges.clock.sleep(patienceMs)])
  return found
}

function help(count: number, columns: number, unicode: boolean): string {
  const keys = unicode ? '↑↓' : 'Up/Down'
  return columns < 78
    ? t('{count}: type to search; {keys}, Enter, Esc', { count, keys })
    : t('{count} profiles: type to search, {keys} to move, Enter to choose, Esc to leave', { count, keys })
}
