import type { Program } from '../../../compose/index.ts'
import {
  type Handover,
  type Integration,
  integrations,
  loginCommand,
  ownCommand,
  type Tool,
  tools,
} from '../../../integrations/index.ts'
import { SesameError, shellWord, t } from '../../../kit/index.ts'
import { regionVariables } from '../../../output/index.ts'
import {
  type AnySettings,
  chooseProfileName,
  hasSetting,
  optionOf,
  regionOf,
  settingOptions,
} from '../../../profiles/index.ts'
import { resolveProfile } from '../../../session/index.ts'
import { ownProgram } from '../../../start/index.ts'
import { asRegion, normalizeRegion } from '../../../values/index.ts'
import type { Input, OptionSpec } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'

const handover: readonly OptionSpec[] = [
  {
    name: 'for',
    value: 'TOOL',
    summary: () => t('make a tool take its credentials from sesame: {tools}', { tools: tools.join(', ') }),
    values: tools,
  },
  { name: 'print', summary: 'with --for: print what would be written, and write nothing' },
  {
    name: 'overwrite',
    summary: () =>
      t('with --for {tools}: replace a profile of that name that is not of sesame', {
        tools: toolsWith('overwrite').join(' / '),
      }),
  },
]

/** The region of a profile is also that of the profile which the aliyun CLI gets. */
const regionOption = optionOf('region').slice('--'.length)

const optionNames = { overwrite: 'overwrite', region: regionOption } as const

/** The options of `configure` that hand a profile to another tool. */
export const handoverOptions: readonly OptionSpec[] = handover.map((spec) => ({
  ...spec,
  group: 'Other tools',
}))

/** `sesame configure --for TOOL`: what the tool needs, written or printed; on stderr what it means. */
export async function configureFor(input: Input, program: Program): Promise<number> {
  const tool = toolOf(input)
  const { edges, session, notify } = program
  const config = session.readConfig()
  const wanted = { option: input.text('profile'), environment: edges.env.SESAME_PROFILE }
  const profile = chooseProfileName(config, wanted)
  checkGives(integrations[tool], profile, program)
  const sesame = ownCommand({
    platform: edges.platform,
    path: edges.env.PATH,
    ...ownProgram(),
  })
  const asked = input.text(regionOption)
  const region = asked === undefined ? regionOf(config.profiles.get(profile)) : normalizeRegion(asked)
  const [print, overwrite] = [input.has('print'), input.has('overwrite')]
  const regionHere = regionVariables
    .map((name) => asRegion(edges.env[name] ?? ''))
    .find((each) => each !== undefined)
  const accountId = accountOf(config.profiles.get(profile))
  const provider = providerOf(config.profiles.get(profile))
  const handover = { profile, sesame, region, regionHere, accountId, provider, print, overwrite }
  await integrations[tool].configure(handover, program)
  if (!config.profiles.has(profile))
    notify(
      t('Profile {profile} has no credentials yet: {command}', { profile, command: loginCommand(profile) }),
    )
  // The tool starts sesame in an environment of its own.
  for (const name of ['SESAME_CONFIG_DIR', 'SESAME_STATE_DIR', 'SESAME_STORE', 'SESAME_PASSPHRASE'] as const)
    if (edges.env[name]) notify(t('{name} is set here: the tool needs it in its environment too.', { name }))
  return exitCodes.done
}

/** Whether the profile gives what the tool takes. @throws SesameError ERR_CONFIG */
function checkGives({ takes }: Integration, profile: string, { session }: Program): void {
  const config = session.readConfig()
  const kind = config.profiles.get(profile)?.kind
  const hasTokens = kind !== undefined && hasSetting(kind, 'oidcProviderArn')
  if (takes === 'token' && !hasTokens) {
    const name = kind === undefined ? shellWord(profile) : 'NAME'
    const command = `sesame configure --profile ${name} ${optionOf('issuer')} URL ${optionOf('clientId')} ID`
    throw new SesameError('ERR_CONFIG', t('Profile {profile} gives no identity token.', { profile }), {
      hint: t('It takes a profile of the OIDC provider that the cluster trusts: {command}', { command }),
    })
  }
  if (takes !== 'token' && hasTokens && resolveProfile(profile, config, session).tokensOnly) {
    throw new SesameError(
      'ERR_CONFIG',
      t('Profile {profile} has no role: it gives tokens, not credentials.', { profile }),
      {
        hint: t('A program gets them with: sesame token get --profile {profile}', {
          profile: shellWord(profile),
        }),
      },
    )
  }
}

/** Options that mean nothing without `--for` are mistakes. */
export function checkHandoverOptions(input: Input): void {
  const stray = ['print', 'overwrite'].find((name) => input.has(name))
  if (stray === undefined) return
  throw new SesameError('ERR_USAGE', t('--{option} needs --for.', { option: stray }), {
    hint: t('Such as --for {tools}.', { tools: tools.join(', --for ') }),
  })
}

function toolOf(input: Input): Tool {
  const settings = settingOptions().map(({ name }) => name)
  const others = ['store', ...settings.filter((name) => name !== regionOption)]
  const stray = others.find((name) => input.has(name))
  if (stray !== undefined)
    throw new SesameError(
      'ERR_USAGE',
      t('{option} and {other} do not go together.', { option: '--for', other: `--${stray}` }),
    )
  const tool = tools.find((each) => each === input.text('for')) ?? 'sdk'
  const unused = (['overwrite', 'region'] as const).find(
    (option) => input.has(optionNames[option]) && !toolsWith(option).includes(tool),
  )
  if (unused !== undefined) {
    const which = toolsWith(unused).map((each) => `--for ${each}`)
    throw new SesameError(
      'ERR_USAGE',
      t('--{option} is for {tools} only.', { option: optionNames[unused], tools: which.join(t(' and ')) }),
    )
  }
  return tool
}

/** The account of a profile: that of its access configuration, or of its role. */
function accountOf({ accountId, roleArn }: AnySettings = {}): string | undefined {
  return accountId ?? roleArn?.match(/^acs:ram::(\d+):/)?.[1]
}

function providerOf({ issuer, clientId }: AnySettings = {}): Handover['provider'] {
  return issuer === undefined || clientId === undefined ? undefined : { issuer, clientId }
}

/** The tools to which an option means something. */
function toolsWith(option: Integration['options'][number]): Tool[] {
  return tools.filter((tool) => {
    const { options }: Integration = integrations[tool]
    return options.includes(option)
  })
}
