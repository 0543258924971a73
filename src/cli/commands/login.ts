import type { Program } from '../../compose/index.ts'
import { formatInstant, printable, SesameError, shellWord } from '../../kit/index.ts'
import { formatCredentials, formatFailure } from '../../output/index.ts'
import { checkSettings, loginOptions, loginTable, regionOf } from '../../profiles/index.ts'
import { type LoginResult, login, resolveProfile } from '../../session/index.ts'
import { cachedAnswer, wantedAssignment } from '../cached-answer.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chooseFormat, formatOptions, shellFormatInArgv, warnOfSecretsOnScreen } from '../format-options.ts'
import { readSettings } from './configure/read-settings.ts'

/** `sesame login`: from the store while fresh, else by exchange, else by a sign-in in the browser. */
export const loginCommand: Command = {
  name: 'login',
  summary: 'sign in and print credentials; from the store while they are fresh',
  options: [
    profileOption,
    { name: 'force', summary: 'sign in again, whatever is in the store' },
    ...formatOptions,
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
  async run(input, program) {
    const cached = await cachedAnswer(input, program.session, program.edges.env)?.output()
    const output = cached ?? (await signInOutput(input, program))
    if (output === undefined) return exitCodes.done
    program.print(output)
    warnOfSecretsOnScreen(program.edges)
    return exitCodes.done
  },
}

/** Undefined for a profile without a role: it has tokens now, and a program asks for them by `token get`. */
async function signInOutput(input: Input, program: Program): Promise<string | undefined> {
  const { session, edges, person } = program
  const profile = chosenProfile(input, { session, edges })
  const asked = input.has('env') || input.has('format')
  if (asked && resolveProfile(profile, session.readConfig(), session).tokensOnly) {
    throw new SesameError('ERR_CONFIG', `Profile ${profile} has no role: it gives tokens, not credentials.`, {
      hint: `Use: sesame token get --profile ${shellWord(profile)}`,
    })
  }
  const how = checkSettings(await readSettings(input, loginTable()))
  const wanted = wantedAssignment(input)
  const options = { wanted, choose: input.has('choose'), force: input.has('force'), ...how }
  const who = await person({ browser: !input.has('no-browser'), qr: input.has('qr') })
  const result = await login(profile, options, session, who)
  if (result.kind === 'credentials')
    return formatCredentials(chooseFormat(input), result.stored.credentials, {
      profile,
      region: regionOf(session.readConfig().profiles.get(profile)),
      env: edges.env,
    })
  reportTokens(profile, result, program)
  return undefined
}

function reportTokens(
  profile: string,
  { userName, expiresAt, renewable, lacksIdToken }: LoginResult & { kind: 'tokens' },
  { notify }: Program,
): void {
  const who = userName === undefined ? '' : ` as ${printable(userName, 80)}`
  const until = formatInstant(expiresAt)
  const life = renewable ? `valid until ${until} and then renewed by themselves` : `valid until ${until}`
  notify(`Signed in${who}. Profile ${profile} has tokens and no role; they are ${life}.`)
  if (lacksIdToken)
    notify(
      `The provider gave no ID token for the device code. If you need one: sesame login --profile ${shellWord(profile)} --flow code --force`,
    )
  notify(`A program gets them with: sesame token get --profile ${shellWord(profile)}`)
}
