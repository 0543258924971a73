import { join } from 'node:path'
import { readPlainFile } from '../../files/index.ts'
import { homeOfTool, printable, SesameError, shellWord, t } from '../../kit/index.ts'
import { callsSesame } from '../../profiles/index.ts'
import { askYesNo } from '../../terminal/index.ts'
import type { Handover, IntegrationContext } from '../integration.ts'
import { commandLine, loginCommand } from '../process-command.ts'
import { keepFormerFile, readToolFile, writeToolFile } from '../tool-file.ts'
import { type AwsProfile, findAwsProfile, withAwsProfile } from './aws-config.ts'

/** Makes a profile of that name in `~/.aws/config`, for boto3 and other S3 tools on OSS, take its credentials from sesame. */
export async function configureBoto3(wanted: Handover, program: IntegrationContext): Promise<void> {
  const { edges, session, print, notify } = program
  const { profile, sesame } = wanted
  const words = [...sesame, 'credentials', '--profile', profile, '--format', 'aws', '--quiet']
  const processCommand = commandLine(words, edges.platform)
  if (wanted.print) print(withAwsProfile('', profile, processCommand))
  else await session.withLock('aws-config', () => write(wanted, processCommand, program))
  notify(
    t('Renews: yes, whenever the SDK needs to, while the sign-in is valid; then: {command}', {
      command: loginCommand(profile),
    }),
  )
  notify(t('On disk: no secrets.'))
  const client = `boto3.Session(profile_name=${JSON.stringify(profile)}).client("s3", endpoint_url="https://s3.oss-${wanted.region ?? 'REGION'}.aliyuncs.com")`
  notify(
    t('In Python: {code}; for others: AWS_PROFILE={profile}', { code: client, profile: shellWord(profile) }),
  )
  warnOfOthers(profile, edges, notify)
}

async function write(wanted: Handover, processCommand: string, program: IntegrationContext): Promise<void> {
  const { profile: name } = wanted
  const { edges, notify } = program
  const path = pathOf('AWS_CONFIG_FILE', 'config', edges)
  const text = readToolFile(path)
  const before = findAwsProfile(text, name)
  const isForeign = before !== undefined && before.sources.size > 0 && !runsSesame(before)
  if (isForeign) await mayReplace(path, wanted, program)
  const after = withAwsProfile(text, name, processCommand)
  if (after === text) {
    notify(t('Profile {profile} is as it should be: {path}', { profile: name, path: printable(path) }))
    return
  }
  if (isForeign) keepFormerFile(path, text, program)
  writeToolFile(path, after, notify)
  notify(
    t('Profile {profile} takes its credentials from sesame: {path}', {
      profile: name,
      path: printable(path),
    }),
  )
}

/** The file that a variable names, where the AWS SDKs put the home directory for `~`; else the usual one. */
function pathOf(variable: string, usual: string, edges: IntegrationContext['edges']): string {
  const home = homeOfTool('sdk', edges)
  const named = edges.env[variable]
  return named ? named.replace(/^~(?=[\\/])/, () => home) : join(home, '.aws', usual)
}

function runsSesame({ sources }: AwsProfile): boolean {
  const command = sources.get('credential_process') ?? ''
  return sources.size === 1 && callsSesame(command, 'credentials')
}

/** Consent to replace what was set up before: by option, or from the user. */
async function mayReplace(
  path: string,
  { profile, overwrite }: Handover,
  { interactive, session }: IntegrationContext,
): Promise<void> {
  if (overwrite) return
  const what = t('{path} has credentials of its own for profile {profile}', {
    path: printable(path),
    profile,
  })
  if (interactive && (await askYesNo(t('{what}. Replace them?', { what }), session.signal))) return
  throw new SesameError('ERR_CONFIG', t('{what}; it stays as it is.', { what }), {
    hint: t(
      'Add --overwrite to replace them (the former file is kept beside it), or name another with --profile.',
    ),
  })
}

/** What the AWS SDKs ask before the process of a profile. */
function warnOfOthers(
  name: string,
  edges: IntegrationContext['edges'],
  notify: (line: string) => void,
): void {
  const path = pathOf('AWS_SHARED_CREDENTIALS_FILE', 'credentials', edges)
  const file = readPlainFile(path, { followLink: true })
  const profile = file.kind === 'text' ? findAwsProfile(file.text, name, { credentials: true }) : undefined
  if (profile?.sources.has('aws_access_key_id'))
    notify(
      t('Warning: {path} has keys for profile {profile}, which are used first. Remove them there.', {
        path: printable(path),
        profile: name,
      }),
    )
  if (edges.env.AWS_ACCESS_KEY_ID)
    notify(
      t(
        'Warning: AWS_ACCESS_KEY_ID is set here, and used before a profile that AWS_PROFILE names. Unset it.',
      ),
    )
}
