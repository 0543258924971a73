import { formatCredentials, formatFailure } from '../../output/index.ts'
import { login } from '../../session/index.ts'
import { cachedOutput } from '../cached-credentials.ts'
import { chosenProfile } from '../chosen-profile.ts'
import type { Command, Input } from '../command.ts'
import type { Program } from '../compose.ts'
import { exitCodes } from '../exit-codes.ts'
import { chooseFormat, shellFormatInArgv } from '../format-options.ts'
import { warnOfSecretsOnScreen } from '../secrets-on-screen.ts'
import { loginSyntax, wantedAssignment } from './login-syntax.ts'

/** `sesame login`: from the store while fresh, else by exchange, else by a sign-in in the browser. */
export const loginCommand: Command = {
  name: 'login',
  summary: 'sign in and print credentials; from the store while they are fresh',
  ...loginSyntax,
  examples: [
    'sesame login --profile dev',
    'eval "$(sesame login --env)"',
    'sesame login --account-id 1234567890123456 --access-config admin',
  ],
  failureOutput: (argv) => {
    const format = shellFormatInArgv(argv)
    return format === undefined ? '' : formatFailure(format)
  },
  async run(input, program) {
    const environment = program.edges.env.SESAME_PROFILE
    const cached = await cachedOutput(input, program.session, environment)
    program.print(cached ?? (await signInOutput(input, program)))
    warnOfSecretsOnScreen(program.edges)
    return exitCodes.done
  },
}

async function signInOutput(input: Input, { session, edges, person }: Program): Promise<string> {
  const profile = chosenProfile(input, { session, edges })
  const options = { wanted: wantedAssignment(input), force: input.has('force') }
  const who = await person({ browser: !input.has('no-browser'), qr: input.has('qr') })
  const { credentials } = await login(profile, options, session, who)
  return formatCredentials(chooseFormat(input), credentials, { profile })
}
