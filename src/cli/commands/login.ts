import { formatCredentials, formatFailure, isShellFormat } from '../../output/index.ts'
import { chooseProfileName } from '../../profile/index.ts'
import { login, readCachedCredentials, resolveProfile } from '../../session/index.ts'
import { type Command, type Input, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chooseFormat, formatInArgv, formatOptions } from '../format-options.ts'

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
    { name: 'no-browser', summary: 'only show the address, do not open it' },
    { name: 'qr', summary: 'show the address as a QR code too' },
  ],
  examples: [
    'sesame login --profile dev',
    'eval "$(sesame login --env)"',
    'sesame login --account-id 1234567890123456 --access-config admin',
  ],
  failureOutput: (argv) => {
    const format = formatInArgv(argv)
    return format !== undefined && isShellFormat(format) ? formatFailure(format) : ''
  },
  async run(input, program) {
    const { session } = program
    const format = chooseFormat(input)
    const config = session.readConfig()
    const name = chooseProfileName(config, {
      option: input.text('profile'),
      environment: program.edges.env.SESAME_PROFILE,
    })
    const wanted = wantedAssignment(input)
    const force = input.has('force')
    const cached = force
      ? undefined
      : await readCachedCredentials(resolveProfile(name, config, session), wanted, session)
    const { credentials } =
      cached ??
      (await login(
        name,
        { wanted, force },
        session,
        await program.person({ browser: !input.has('no-browser'), qr: input.has('qr') }),
      ))
    program.print(formatCredentials(format, credentials, { profile: name }))
    return exitCodes.done
  },
}

function wantedAssignment(input: Input) {
  return { account: input.text('account-id'), accessConfiguration: input.text('access-config') }
}
