import { isDeepStrictEqual } from 'node:util'
import { homeOfTool, printable, SesameError, t } from '../../kit/index.ts'
import { type AliyunProfile, isBlank, runsSesame, secretsOf, whyCliRefuses } from '../../profiles/index.ts'
import { askYesNo } from '../../terminal/index.ts'
import type { Handover, IntegrationContext } from '../integration.ts'
import { commandLine } from '../process-command.ts'
import { writeToolFile } from '../tool-file.ts'
import {
  type AliyunEntry,
  externalProfile,
  fallbackRegion,
  openAliyunConfig,
  textHoldsSecret,
  withCurrentText,
  withProfileText,
} from './config.ts'
import { cleanFormer, keepFormer } from './former-file.ts'
import { sayWhatItMeans } from './notes.ts'

type File = ReturnType<typeof openAliyunConfig>

/** Makes the aliyun CLI's profile of the same name take its credentials from sesame (mode External). */
export async function configureAliyun(wanted: Handover, program: IntegrationContext): Promise<void> {
  const { env, platform } = program.edges
  const words = [...wanted.sesame, 'credentials', '--profile', wanted.profile, '--format', 'json', '--quiet']
  const processCommand = commandLine(words, platform)
  if (wanted.print) {
    const profile = profileFor(wanted, processCommand, undefined, program)
    program.print(`${JSON.stringify(profile, null, '\t')}\n`)
  } else {
    await program.session.withLock('aliyun-config', () => write(wanted, processCommand, program))
  }
  sayWhatItMeans(wanted.profile, processCommand, env, program.notify)
}

async function write(wanted: Handover, processCommand: string, program: IntegrationContext): Promise<void> {
  const { profile: name } = wanted
  const { edges, session, notify } = program
  const file = openAliyunConfig(homeOfTool('aliyun', edges))
  const before = file.profiles.find((each) => each.name === name)
  const isOwn = before !== undefined && !runsSesame(before) && !isBlank(before)
  if (isOwn) await mayReplace(before, wanted, program)
  const profile = profileFor(wanted, processCommand, before?.entry, program)
  const isSame = isDeepStrictEqual(before?.entry, profile)
  const needsCurrent = file.text.trim() !== '' && !isCurrentUsable(file, name)
  const withProfile = isSame ? file.text : withProfileText(file.text, profile)
  const after = needsCurrent ? withCurrentText(withProfile, name) : withProfile
  const isWell = file.encoding === 'utf-8' && (file.mode & 0o077) === 0
  const shown = printable(file.path)
  if (after === file.text && isWell)
    notify(
      t('Profile {profile} of the aliyun CLI is as it should be: {path}', { profile: name, path: shown }),
    )
  else {
    const former = isOwn ? keepFormer(file, before, session.clock.now()) : undefined
    writeToolFile(file.path, after, notify)
    notify(
      t('Profile {profile} of the aliyun CLI takes its credentials from sesame: {path}', {
        profile: name,
        path: shown,
      }),
    )
    if (before !== undefined && secretsOf(before).length > 0)
      notify(t('Secrets in that profile were removed.'))
    if (needsCurrent)
      notify(
        t('It is the current profile of the aliyun CLI now, as {profile} gives no credentials.', {
          profile: printable(file.current, 64),
        }),
      )
    if (file.encoding !== 'utf-8') notify(t('The file is UTF-8 now, which alone the aliyun CLI can read.'))
    if (former !== undefined) sayFormer(former, file, notify)
  }
  cleanFormer(file.path, notify)
  const refused = whyCliRefuses(openAliyunConfig(homeOfTool('aliyun', edges)))
  if (refused !== undefined)
    notify(t('Warning: the aliyun CLI cannot read the file: {reason}.', { reason: refused }))
}

function sayFormer(former: string, { text }: File, notify: (line: string) => void): void {
  notify(t('The former file: {path}', { path: printable(former) }))
  if (textHoldsSecret(text))
    notify(t('Warning: that copy holds secrets in plain text. Delete it when all works.'))
}

/** Whether the CLI has something to take when no profile is named. Its own empty `default` is nothing. */
function isCurrentUsable({ current, profiles }: File, ours: string): boolean {
  const profile = profiles.find(({ name }) => name === current)
  return current === ours || (profile !== undefined && !isBlank(profile))
}

function profileFor(
  wanted: Handover,
  processCommand: string,
  before: AliyunEntry | undefined,
  { notify }: IntegrationContext,
): AliyunEntry {
  const { profile: name, region: asked, regionHere } = wanted
  const region = asked ?? (before === undefined ? regionHere : undefined)
  const profile = externalProfile(before, { name, processCommand, region })
  if (region === undefined && before === undefined)
    notify(t('Region: {region}. For another, add --region.', { region: fallbackRegion }))
  return profile
}

/** Consent to replace what was set up before: by option, or from the user. */
async function mayReplace(
  before: AliyunProfile,
  { profile, overwrite }: Handover,
  program: IntegrationContext,
): Promise<void> {
  if (overwrite) return
  const isNamed = /^\w{1,40}$/.test(before.mode)
  const what = isNamed
    ? t('The aliyun CLI has a profile {profile} of its own (mode {mode})', { profile, mode: before.mode })
    : t('The aliyun CLI has a profile {profile} of its own', { profile })
  if (program.interactive) {
    if (await askYesNo(t('{what}. Replace it?', { what }), program.session.signal)) return
  }
  throw new SesameError('ERR_CONFIG', t('{what}; it stays as it is.', { what }), {
    hint: t(
      'Add --overwrite to replace it (the former file is kept beside it), or name another with --profile.',
    ),
  })
}
