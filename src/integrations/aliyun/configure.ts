import { type Clock, homeOfTool, SesameError } from '../../kit/index.ts'
import { askYesNo } from '../../terminal/index.ts'
import { commandLine, loginCommand } from '../process-command.ts'
import {
  type AliyunProfile,
  externalProfile,
  fallbackRegion,
  findProfile,
  holdsSecret,
  isOurs,
  textHoldsSecret,
  withProfileText,
} from './config.ts'
import { readAliyunConfig, writeAliyunConfig } from './config-file.ts'

/** What the configuration of another program needs of ours. */
export interface IntegrationContext {
  readonly edges: {
    env: Readonly<Record<string, string | undefined>>
    platform: NodeJS.Platform
    homeDirectory: string
  }
  readonly session: {
    clock: Clock
    signal: AbortSignal
    withLock<T>(name: string, work: () => T | Promise<T>): Promise<T>
  }
  /** True when the user can be asked. */
  readonly interactive: boolean
  print(text: string): void
  notify(line: string): void
}

export interface AliyunHandover {
  profile: string
  /** The words that start sesame. */
  sesame: readonly string[]
  region: string | undefined
  /** Print the profile instead of writing it. */
  print: boolean
  /** Replace a profile of that name which is not ours. */
  overwrite: boolean
}

/** Makes the aliyun CLI's profile of the same name take its credentials from sesame (mode External). */
export async function configureAliyun(wanted: AliyunHandover, program: IntegrationContext): Promise<void> {
  if (wanted.print) {
    program.print(`${JSON.stringify(profileFor(wanted, undefined, program), null, '\t')}\n`)
  } else {
    await program.session.withLock('aliyun-config', () => write(wanted, program))
  }
  program.notify(
    `Renews: yes, at each aliyun command, while the sign-in is valid; then: ${loginCommand(wanted.profile)}`,
  )
  program.notify('On disk: the aliyun CLI writes no secrets of this profile.')
  program.notify(
    'Warning: SDKs and Terraform that use this profile write its secrets into ~/.aliyun/config.json, in plain text.',
  )
  program.notify('For them: sesame configure --for sdk, sesame configure --for terraform.')
}

async function write(wanted: AliyunHandover, program: IntegrationContext): Promise<void> {
  const { profile: name } = wanted
  const { edges, session, notify } = program
  const file = readAliyunConfig(homeOfTool('aliyun', edges), notify)
  const before = findProfile(file.text, name)
  if (before !== undefined && !isOurs(before)) await mayReplace(before, wanted, program)
  const after = withProfileText(file.text, profileFor(wanted, before, program))
  if (after === file.text) return notify(`Profile ${name} of the aliyun CLI is as it should be: ${file.path}`)
  const backup = writeAliyunConfig(file, after, { now: session.clock.now(), warn: notify })
  notify(`Profile ${name} of the aliyun CLI takes its credentials from sesame: ${file.path}`)
  if (before !== undefined && holdsSecret(before)) notify('Secrets in that profile were removed.')
  if (backup === undefined) return
  notify(`The former file: ${backup}`)
  if (textHoldsSecret(file.text))
    notify('Warning: that copy holds secrets in plain text. Delete it when all works.')
}

function profileFor(
  wanted: AliyunHandover,
  before: AliyunProfile | undefined,
  { edges, notify }: IntegrationContext,
): AliyunProfile {
  const { env, platform } = edges
  const words = [...wanted.sesame, 'credentials', '--profile', wanted.profile, '--format', 'json']
  const fromEnvironment = [env.ALIBABA_CLOUD_REGION_ID, env.ALIBABA_CLOUD_REGION, env.ALICLOUD_REGION].find(
    isRegion,
  )
  const profile = externalProfile(before, {
    name: wanted.profile,
    processCommand: commandLine(words, platform),
    region: wanted.region ?? (before === undefined ? fromEnvironment : undefined),
  })
  if (wanted.region === undefined && profile.region_id === fallbackRegion && before === undefined)
    notify(`Region: ${fallbackRegion}. For another, add --region.`)
  return profile
}

/** Consent to replace what was set up before: by option, or from the user. */
async function mayReplace(
  before: AliyunProfile,
  { profile, overwrite }: AliyunHandover,
  program: IntegrationContext,
): Promise<void> {
  if (overwrite) return
  const mode =
    typeof before.mode === 'string' && /^\w{1,40}$/.test(before.mode) ? ` (mode ${before.mode})` : ''
  const what = `The aliyun CLI has a profile ${profile} of its own${mode}`
  if (program.interactive) {
    if (await askYesNo(`${what}. Replace it?`, program.session.signal)) return
  }
  throw new SesameError('ERR_CONFIG', `${what}; it stays as it is.`, {
    hint: 'Add --overwrite to replace it (the former file is kept beside it), or name another with --profile.',
  })
}

/** What the aliyun CLI takes for a region. */
export function isRegion(text: string | undefined): text is string {
  return text !== undefined && /^[a-zA-Z0-9-]{1,64}$/.test(text)
}
