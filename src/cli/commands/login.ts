import type { Program } from '../../compose/index.ts'
import { formatInstant, printable, SesameError, shellWord, t } from '../../kit/index.ts'
import { formatCredentials, formatFailure, formatProfile, isShellFormat } from '../../output/index.ts'
import { checkSettings, loginOptions, loginTable, regionOf } from '../../profiles/index.ts'
import { type LoginResult, login, resolveProfile, useProfile } from '../../session/index.ts'
import { asksForProfile, cachedAnswer, type LoginOutput, wantedAssignment } from '../cached-answer.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import {
  chooseFormat,
  formatOptions,
  howShown,
  shellFormatInArgv,
  thisShellOption,
  warnOfSecretsOnScreen,
} from '../format-options.ts'
import { readSettings } from './configure/read-settings.ts'

/** `sesame login`: from the store while fresh, else by exchange, else by a sign-in in the browser. */
export const loginCommand: Command = {
  name: 'login',
  summary: 'sign in and print credentials; on a terminal only a card about them',
  options: [
    profileOption,
    { name: 'force', summary: 'sign in again, whatever is in the store' },
    ...formatOptions,
    thisShellOption,
    {
      name: 'account-id',
      aliases: ['account_id'],
      value: 'ACCOUNT',
      summary: 'account to use, by id or name',
    },
    {
      name: 'access-config',
      aliases: ['access_config'],
      value: 'CONFIGURATION',
      summary: 'access configuration to use, by id or name',
    },
    { name: 'choose', summary: 'choose account and access configuration anew' },
    ...loginOptions(),
    { name: 'no-browser', summary: 'only show the address, do not open it' },
    { name: 'qr', summary: 'show the address as a QR code too' },
  ],
  examples: [
    'sesame login --profile dev',
    'eval "$(sesame login --env)"',
    'sesame login --format powershell | Out-String | Invoke-Expression',
    'sesame login --account-id 1234567890123456 --access-config admin',
  ],
  failureOutput: (argv) => {
    const format = shellFormatInArgv(argv)
    return format === undefined ? '' : formatFailure(format)
  },
  async run(typed, program) {
    const { session, edges } = program
    const input = await withChosenProfile(typed, program)
    const cached = await cachedAnswer(input, session, edges, 'login')?.output()
    const { result, card } = cached ?? (await signIn(input, program))
    if (result !== '') program.print(result)
    if (card !== '') edges.stderr(card)
    else if (result !== '') warnOfSecretsOnScreen(edges)
    return exitCodes.done
  },
}

/** Where nothing says which profile is meant, the user chooses one, and goes on with it. */
async function withChosenProfile(input: Input, program: Program): Promise<Input> {
  const { session, edges } = program
  const wanted = { option: input.text('profile'), environment: edges.env.SESAME_PROFILE }
  if (!asksForProfile(session.readConfig(), wanted, edges)) return input
  const { pickProfile } = await import('./use/pick-profile.ts')
  const name = await pickProfile(program)
  await useProfile(name, { makeCurrent: !howShown(input, edges).inShell }, session)
  return { ...input, text: (option) => (option === 'profile' ? name : input.text(option)) }
}

async function signIn(input: Input, program: Program): Promise<LoginOutput> {
  const { session, edges, person } = program
  const name = chosenProfile(input, { session, edges })
  const { showsCard, showsResult, inShell } = howShown(input, edges)
  const asked = !inShell && (input.has('env') || input.has('format'))
  if (asked && resolveProfile(name, session.readConfig(), session).tokensOnly) {
    throw new SesameError(
      'ERR_CONFIG',
      t('Profile {profile} has no role: it gives tokens, not credentials.', { profile: name }),
      {
        hint: t('Use: {command}', { command: `sesame token get --profile ${shellWord(name)}` }),
      },
    )
  }
  const how = checkSettings(await readSettings(input, loginTable()))
  const wanted = wantedAssignment(input)
  const insists = { wanted, choose: input.has('choose'), force: input.has('force') }
  const who = await person({ browser: !input.has('no-browser'), qr: input.has('qr') })
  const result = await login(name, { ...insists, ...how, makeCurrent: !inShell }, session, who)
  const { loginCard } = await import('../login-card/login-card.ts')
  const card = showsCard ? await loginCard({ name, result, inShell }, session, edges) : ''
  if (result.kind === 'tokens') reportTokens(name, result, { showsCard, notify: program.notify })
  return { card, result: showsResult ? textOf(name, result, input, program) : '' }
}

/** For standard output: the credentials; a profile without a role has none, and a shell goes on with its name. */
function textOf(name: string, result: LoginResult, input: Input, { session, edges }: Program): string {
  const format = chooseFormat(input)
  if (result.kind === 'tokens') return isShellFormat(format) ? formatProfile(format, name) : ''
  const region = regionOf(session.readConfig().profiles.get(name))
  return formatCredentials(format, result.stored.credentials, { profile: name, region, env: edges.env })
}

function reportTokens(
  profile: string,
  { userName, expiresAt, renewable, lacksIdToken }: LoginResult & { kind: 'tokens' },
  { showsCard, notify }: { showsCard: boolean; notify: Program['notify'] },
): void {
  const until = formatInstant(expiresAt)
  const values = { profile, until }
  const life = renewable
    ? t(
        'Profile {profile} has tokens and no role; they are valid until {until} and then renewed by themselves.',
        values,
      )
    : t('Profile {profile} has tokens and no role; they are valid until {until}.', values)
  const signedIn =
    userName === undefined ? t('Signed in.') : t('Signed in as {user}.', { user: printable(userName, 80) })
  if (!showsCard) notify(`${signedIn} ${life}`)
  if (lacksIdToken)
    notify(
      t('The provider gave no ID token for the device code. If you need one: {command}', {
        command: `sesame login --profile ${shellWord(profile)} --flow code --force`,
      }),
    )
  if (!showsCard)
    notify(
      t('A program gets them with: {command}', {
        command: `sesame token get --profile ${shellWord(profile)}`,
      }),
    )
}
