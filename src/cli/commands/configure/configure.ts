import type { Program } from '../../../compose/index.ts'
import { SesameError } from '../../../kit/index.ts'
import {
  checkProfileName,
  normalizeSignInUrl,
  type Profile,
  type StoreChoice,
  storeChoices,
} from '../../../profiles/index.ts'
import {
  type ConfiguredProfile,
  configureDefaults,
  configureProfile,
  type ProfileSettings,
} from '../../../session/index.ts'
import { type Command, type Input, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { askSettings, askSignInUrl } from './ask-settings.ts'
import { checkHandoverOptions, configureFor, handoverOptions } from './configure-for.ts'
import { checkNewKeyOption, useNewKey } from './new-key.ts'
import { givenProfileOptions, profileOptions, readSettings } from './profile-options.ts'
import { askSecret, checkSecretOption, readSecret } from './read-secret.ts'

/** `sesame configure`: the default sign-in URL, or a profile of its own. What is not named stays as it is. */
export const configureCommand: Command = {
  name: 'configure',
  summary: 'create or change a profile; set the sign-in URL and the store; hand a profile to another tool',
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
    ...profileOptions,
    {
      name: 'store',
      value: 'STORE',
      summary: `where secrets rest: ${storeChoices.join(', ')}`,
      values: storeChoices,
    },
    {
      name: 'new-key',
      summary:
        'with --store encrypted-file: make a key of full strength, and print it once; it is the SESAME_PASSPHRASE then',
    },
    ...handoverOptions,
  ],
  examples: [
    'sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
    'sesame configure --profile prod --signin-url https://signin-us-west-1.alibabacloudsso.com/acme/login',
    'sesame configure --profile corp --issuer https://id.example.com --client-id sesame',
    'sesame configure --profile admin --source-profile dev \\\n    --role-arn acs:ram::123456789012:role/admin',
    'sesame configure --store encrypted-file',
    'sesame configure --store encrypted-file --new-key',
    'sesame configure --profile dev --for aliyun',
  ],
  async run(input, program) {
    checkNewKeyOption(input)
    if (input.has('for')) return configureFor(input, program)
    checkHandoverOptions(input)
    const name = input.text('profile')
    const store = storeChoices.find((choice) => choice === input.text('store'))
    // Before anything is changed: the present passphrase may be missing or wrong.
    const newKey = input.has('new-key') ? await (await program.encryptedFile()).prepareNewKey() : undefined
    if (name === undefined) await configureAll(input, store, program)
    else await configureNamed(checkProfileName(name), input, store, program)
    if (store !== undefined) program.tell(`Secrets rest in: ${store}`)
    if (store === 'plaintext')
      program.tell('Warning: plaintext keeps secrets readable on disk for every program you run.')
    if (newKey !== undefined) await useNewKey(newKey, program)
    return exitCodes.done
  },
}

async function configureAll(input: Input, store: StoreChoice | undefined, program: Program): Promise<void> {
  const [option] = givenProfileOptions(input)
  if (option !== undefined) throw new SesameError('ERR_USAGE', `--${option} needs --profile NAME.`)
  const { session, tell } = program
  const url = input.text('signin-url') ?? (store === undefined ? await askUrl(program) : undefined)
  const signInUrl = url === undefined ? undefined : normalizeSignInUrl(url)
  await configureDefaults({ signInUrl, store }, session)
  if (signInUrl !== undefined) tell(`Sign-in URL of all profiles: ${signInUrl}`)
}

async function configureNamed(
  name: string,
  input: Input,
  store: StoreChoice | undefined,
  program: Program,
): Promise<void> {
  const { session, interactive } = program
  const before = session.readConfig()
  const known = before.profiles.get(name)
  let settings: ProfileSettings = await readSettings(input)
  const { issuer, idaasUrl } = settings
  checkSecretOption(input, known?.kind ?? (issuer ? 'oidc' : idaasUrl ? 'idaas' : undefined))
  let secret = await readSecret(input, program)
  const nothing = Object.values(settings).every((value) => value === undefined) && secret === undefined
  if (nothing && store !== undefined) {
    await configureDefaults({ store }, session)
    return
  }
  if (nothing && !interactive) throw withoutTerminal(name)
  if (nothing) settings = await askSettings(name, known, before.signInUrl, program)
  // An application without its secret can do nothing; a person at hand is asked for it.
  if (
    secret === undefined &&
    settings.appKey !== undefined &&
    settings.appKey !== appKeyOf(known) &&
    interactive
  )
    secret = await askSecret('appSecret:', program)
  tellProfile(name, await configureProfile(name, settings, { secret, store }, session), program)
}

function tellProfile(
  name: string,
  { profile, missingSource, secretStore }: ConfiguredProfile,
  { tell }: Program,
): void {
  switch (profile.kind) {
    case 'cloudsso':
      if (profile.signInUrl !== undefined) tell(`Sign-in URL of profile ${name}: ${profile.signInUrl}`)
      break
    case 'oidc':
      tell(`Profile ${name} signs in at ${profile.issuer} as client ${profile.clientId}.`)
      break
    case 'idaas':
      tell(
        `Profile ${name} gets its token at ${profile.idaasUrl} for application ${profile.applicationUuid}.`,
      )
      break
    case 'role':
      tell(`Profile ${name} assumes its role with the credentials of profile ${profile.sourceProfile}.`)
  }
  if (profile.kind !== 'cloudsso' && profile.roleArn !== undefined) tell(`Role: ${profile.roleArn}`)
  if (secretStore !== undefined) tell(`Its secret rests in: ${secretStore}`)
  if (missingSource !== undefined)
    tell(`Warning: there is no profile ${missingSource} yet; ${name} cannot be used before there is.`)
}

function appKeyOf(profile: Profile | undefined): string | undefined {
  return profile?.kind === 'idaas' ? profile.appKey : undefined
}

async function askUrl({ session, interactive }: Program): Promise<string> {
  if (!interactive) throw withoutTerminal()
  return askSignInUrl(session.readConfig().signInUrl, session.signal)
}

function withoutTerminal(profile?: string): SesameError {
  if (profile !== undefined) {
    return new SesameError(
      'ERR_USAGE',
      `Without a terminal, configure must be told what profile ${profile} is to be.`,
      {
        hint: 'With --signin-url, --issuer and --client-id, --idaas-url, or --source-profile; see "sesame help configure".',
      },
    )
  }
  return new SesameError('ERR_USAGE', 'Without a terminal, configure needs --signin-url URL.', {
    hint: 'For example: sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
  })
}
