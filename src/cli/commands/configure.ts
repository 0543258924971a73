import { SesameError } from '../../errors.ts'
import {
  type CloudSsoProfile,
  type Config,
  checkProfileName,
  normalizeSignInUrl,
  type StoreChoice,
  signInUrlOf,
  storeChoices,
  withProfile,
} from '../../profile/index.ts'
import { type Command, profileOption } from '../command.ts'
import type { Program } from '../compose.ts'
import { exitCodes } from '../exit-codes.ts'
import { checkHandoverOptions, configureFor, handoverOptions } from '../handover/configure-for.ts'

/** `sesame configure`: the default sign-in URL, or a profile of its own. What is not named stays as it is. */
export const configureCommand: Command = {
  name: 'configure',
  summary: 'set the sign-in URL and the store; hand a profile to another tool',
  options: [
    {
      ...profileOption,
      summary: 'the profile to create or change; without it, the default for all profiles',
    },
    {
      name: 'signin-url',
      aliases: ['signinUrl'],
      value: 'URL',
      summary: 'CloudSSO sign-in URL, from the CloudSSO console',
    },
    {
      name: 'store',
      value: 'STORE',
      summary: `where secrets rest: ${storeChoices.join(', ')}`,
      values: storeChoices,
    },
    ...handoverOptions,
  ],
  examples: [
    'sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
    'sesame configure --profile prod --signin-url https://signin-us-west-1.alibabacloudsso.com/acme/login',
    'sesame configure --store encrypted-file',
    'sesame configure --profile dev --for aliyun',
  ],
  async run(input, program) {
    if (input.has('for')) return configureFor(input, program)
    checkHandoverOptions(input)
    const given = input.text('profile')
    const profile = given === undefined ? undefined : checkProfileName(given)
    const store = storeChoices.find((choice) => choice === input.text('store'))
    const url = input.text('signin-url') ?? (store === undefined ? await askUrl(profile, program) : undefined)
    const signInUrl = url === undefined ? undefined : normalizeSignInUrl(url)
    await program.session.updateConfig((config) => change(config, { profile, signInUrl, store }))
    if (signInUrl !== undefined)
      program.tell(
        `Sign-in URL of ${profile === undefined ? 'all profiles' : `profile ${profile}`}: ${signInUrl}`,
      )
    if (store !== undefined) program.tell(`Secrets rest in: ${store}`)
    if (store === 'plaintext')
      program.tell('Warning: plaintext keeps secrets readable on disk for every program you run.')
    return exitCodes.done
  },
}

interface Wanted {
  profile: string | undefined
  signInUrl: string | undefined
  store: StoreChoice | undefined
}

function change(config: Config, { profile, signInUrl, store }: Wanted): Config {
  const withStore = store === undefined ? config : { ...config, store }
  if (signInUrl === undefined) return withStore
  if (profile === undefined) {
    const profiles = [...config.profiles].map(
      ([name, each]) =>
        [name, each.signInUrl === undefined ? movedTo(signInUrl, each, config) : each] as const,
    )
    return { ...withStore, signInUrl, profiles: new Map(profiles) }
  }
  const before: CloudSsoProfile = config.profiles.get(profile) ?? { kind: 'cloudsso' }
  return withProfile(withStore, profile, { ...movedTo(signInUrl, before, config), signInUrl })
}

/** Another directory has other accounts: the old choice would name something that is not there. */
function movedTo(signInUrl: string, profile: CloudSsoProfile, config: Config): CloudSsoProfile {
  if (signInUrlOf(config, profile) === signInUrl) return profile
  const { accountId, accountName, accessConfigurationId, accessConfigurationName, ...bare } = profile
  return bare
}

async function askUrl(profile: string | undefined, { session, interactive }: Program): Promise<string> {
  if (!interactive) {
    throw new SesameError('ERR_USAGE', 'Without a terminal, configure needs --signin-url URL.', {
      hint: 'For example: sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
    })
  }
  const { askSignInUrl } = await import('../prompts.ts')
  const config = session.readConfig()
  const known = profile === undefined ? undefined : config.profiles.get(profile)?.signInUrl
  return askSignInUrl(known ?? config.signInUrl, session.signal)
}
