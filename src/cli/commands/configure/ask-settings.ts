import { SesameError, shownText, t } from '../../../kit/index.ts'
import {
  type Config,
  checkSetting,
  type Kind,
  kindNames,
  kinds,
  type Profile,
  type ProfileSettings,
  type Setting,
  type SettingsTable,
  settings,
} from '../../../profiles/index.ts'
import type { askLine, chooseValue } from '../../../terminal/index.ts'

/** What asks the person, and what ends it. */
export interface Prompts {
  askLine: typeof askLine
  chooseValue: typeof chooseValue
  signal: AbortSignal
}

/** A profile of which nothing but the name was given. */
interface NamedOnly {
  name: string
  known: Profile | undefined
  config: Config
}

/** Asks for what a profile has to have; what is configured already is the default. */
export async function askSettings(
  { name, known, config }: NamedOnly,
  prompts: Prompts,
  table: SettingsTable = settings,
): Promise<ProfileSettings> {
  const kind = known?.kind ?? (await askKind(name, prompts))
  const before: Readonly<Record<string, unknown>> = { ...known }
  const defaults: Readonly<Record<string, unknown>> = { ...config }
  const answers: Record<string, string> = {}
  for (const [key, { kinds, type, prompt, togetherWith, forAllProfiles }] of Object.entries(table)) {
    if (!kinds.includes(kind) || prompt === undefined || type === 'secret') continue
    if (togetherWith !== undefined && answers[togetherWith] === undefined) continue
    const value = before[key] ?? (forAllProfiles ? defaults[key] : undefined)
    const answer = await askSetting(key, { kind, known: value?.toString() }, prompts, table)
    if (answer !== '') answers[key] = answer
  }
  return answers
}

/** Asks for one setting until it is valid; `kind` says whether it may be left out. */
export async function askSetting(
  key: string,
  { kind, known }: { kind?: Kind; known: string | undefined },
  { askLine, signal }: Prompts,
  table: SettingsTable = settings,
): Promise<string> {
  const { prompt, required = [], togetherWith }: Partial<Setting> = table[key] ?? {}
  const needed = kind !== undefined && (required.includes(kind) || togetherWith !== undefined)
  const ifEmpty = needed ? undefined : prompt?.ifEmpty
  // A mistake is shown where it can be corrected, not after the last question.
  const check = async (text: string): Promise<void> => {
    if (text === '' && needed)
      throw new SesameError('ERR_USAGE', t('A profile of this kind cannot do without it.'))
    if (text !== '' || ifEmpty === undefined) checkSetting(key, text, table)
  }
  const question = prompt === undefined ? key : shownText(prompt.text)
  const heading = ifEmpty
    ? t('{question} (empty for {meaning})', { question, meaning: t(ifEmpty) })
    : question
  const message = t('{heading}:', { heading })
  return askLine(message, { known, check }, signal)
}

function askKind(name: string, { chooseValue, signal }: Prompts): Promise<Kind> {
  const choices = kindNames.map((kind) => ({ name: t(kinds[kind].choice), value: kind }))
  return chooseValue(t('How does profile {name} sign in?', { name }), choices, signal)
}
