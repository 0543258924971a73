import type { Program } from '../../../compose/index.ts'
import { printable, SesameError, type StoreChoice, shownText, storeChoices, t } from '../../../kit/index.ts'
import {
  type AnySettings,
  checkProfileName,
  kindOptions,
  kinds,
  optionOf,
  settingOptions,
} from '../../../profiles/index.ts'
import {
  type ConfiguredProfile,
  configureDefaults,
  configureProfile,
  kindsNamedBy,
} from '../../../session/index.ts'
import { cloudSsoDomains, foreignHost, readSignInLink, type SignInLink } from '../../../values/index.ts'
import { type Command, type Input, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { askSetting, askSettings, type Prompts } from './ask-settings.ts'
import { checkHandoverOptions, configureFor, handoverOptions } from './configure-for.ts'
import { checkNewKeyOption, useNewKey } from './new-key.ts'
import { askSecret, checkSecretOption, missingSecret, readSecret } from './read-secret.ts'
import { givenProfileOptions, readSettings } from './read-settings.ts'

/** `sesame configure`: the default sign-in URL, or a profile of its own. What is not named stays as it is. */
export const configureCommand: Command = {
  name: 'configure',
  summary: 'create or change a profile; set the sign-in URL and the store; hand a profile to another tool',
  options: [
    {
      ...profileOption,
      summary: 'the profile to create or change; without it, the default for all profiles',
    },
    ...settingOptions(),
    {
      name: 'store',
      value: 'STORE',
      summary: () => t('where secrets are kept: {stores}', { stores: storeChoices.join(', ') }),
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
    ...Object.values(kinds).flatMap(({ examples }) => examples),
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
    if (store !== undefined) program.notify(t('Secrets are kept in: {store}', { store }))
    if (store === 'plaintext')
      program.notify(t('Warning: plaintext keeps secrets readable on disk for every program you run.'))
    if (newKey !== undefined) await useNewKey(newKey, program)
    return exitCodes.done
  },
}

async function configureAll(input: Input, store: StoreChoice | undefined, program: Program): Promise<void> {
  const [option] = givenProfileOptions(input)
  if (option !== undefined)
    throw new SesameError('ERR_USAGE', t('--{option} needs --profile NAME.', { option }))
  const { session, notify } = program
  const given = (await readSettings(input)).signInUrl
  const url = given ?? (store === undefined ? await askUrl(program) : undefined)
  const link = url === undefined ? undefined : readSignInLink(url)
  const signInUrl = link?.signInUrl
  await configureDefaults({ signInUrl, store }, session)
  if (signInUrl === undefined) return
  notify(t('Sign-in URL of all profiles: {url}', { url: signInUrl }))
  if (link?.accountId !== undefined)
    notify(t("The account of the link is left out: it is one profile's. Give it to one with --profile NAME."))
  warnOfForeignHost(signInUrl, notify)
}

/** Once, when it is configured: the page that asks for a password looks like the vendor's wherever it is. */
function warnOfForeignHost(signInUrl: string, notify: Program['notify']): void {
  const host = foreignHost(signInUrl)
  if (host !== undefined)
    notify(
      t('Warning: {host} is not a CloudSSO host of Alibaba Cloud ({domains}).', {
        host,
        domains: cloudSsoDomains.map((each) => `*.${each}`).join(', '),
      }),
    )
}

async function configureNamed(
  name: string,
  input: Input,
  store: StoreChoice | undefined,
  program: Program,
): Promise<void> {
  const { session, interactive } = program
  const config = session.readConfig()
  const known = config.profiles.get(name)
  let settings = await readSettings(input)
  checkSecretOption(input, known?.kind ?? kindsNamedBy(settings)[0])
  let secret = await readSecret(input, program)
  const nothing = Object.values(settings).every((value) => value === undefined) && secret === undefined
  if (nothing && store !== undefined) {
    await configureDefaults({ store }, session)
    return
  }
  if (nothing && !interactive) throw withoutTerminal(name)
  if (nothing) settings = await askSettings({ name, known, config }, await prompts(program))
  const missing = missingSecret(settings, known)
  if (secret === undefined && missing !== undefined && interactive)
    secret = await askSecret(t('{heading}:', { heading: shownText(missing.prompt) }), program)
  reportProfile(name, await configureProfile(name, settings, { secret, store }, session), program)
  if (settings.signInUrl) reportLink(readSignInLink(settings.signInUrl), program)
}

/** What was read of a pasted address, since it may be more than the person saw in it. */
function reportLink({ signInUrl, ...linked }: SignInLink, { notify }: Program): void {
  const configuration = linked.accessConfigurationName ?? linked.accessConfigurationId
  if (linked.accountId !== undefined) {
    const account = linked.accountId
    notify(
      configuration === undefined
        ? t('From the link: account {account}', { account })
        : t('From the link: account {account}, access configuration {configuration}', {
            account,
            configuration: printable(configuration, 128),
          }),
    )
  }
  warnOfForeignHost(signInUrl, notify)
}

function reportProfile(
  name: string,
  { profile, missingSource, secretStore }: ConfiguredProfile,
  { notify }: Program,
): void {
  const { roleArn }: AnySettings = profile
  const lines = [
    kinds[profile.kind].configured(name, profile),
    roleArn && t('Role: {role}', { role: roleArn }),
    secretStore && t('Its secret is kept in: {store}', { store: secretStore }),
    missingSource &&
      t('Warning: there is no profile {source} yet; {name} cannot be used before there is.', {
        source: missingSource,
        name,
      }),
  ]
  for (const line of lines) if (line) notify(line)
}

async function askUrl(program: Program): Promise<string> {
  if (!program.interactive) throw withoutTerminal()
  const known = program.session.readConfig().signInUrl
  return askSetting('signInUrl', { known }, await prompts(program))
}

async function prompts({ session: { signal }, loadRest }: Program): Promise<Prompts> {
  loadRest()
  const { askLine, chooseValue } = await import('../../../terminal/index.ts')
  return { askLine, chooseValue, signal }
}

function withoutTerminal(profile?: string): SesameError {
  if (profile !== undefined) {
    return new SesameError(
      'ERR_USAGE',
      t('Without a terminal, configure needs options that say how profile {profile} signs in.', { profile }),
      { hint: t('With {options}; see "sesame help configure".', { options: kindOptions() }) },
    )
  }
  const message = t('Without a terminal, configure needs {option} URL.', { option: optionOf('signInUrl') })
  return new SesameError('ERR_USAGE', message, {
    hint: t('For example: {command}', { command: kinds.cloudsso.examples[0] ?? '' }),
  })
}
