import { formatInstant } from '../../credentials.ts'
import { SesameError } from '../../errors.ts'
import { chooseProfileName, signInUrlOf } from '../../profile/index.ts'
import { type LogoutResult, logout } from '../../session/index.ts'
import { type Command, profileOption } from '../command.ts'
import type { Program } from '../compose.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame logout`: forgets tokens and credentials; the profile itself stays. */
export const logoutCommand: Command = {
  name: 'logout',
  summary: 'forget the sign-in and the credentials of a profile',
  options: [profileOption, { name: 'all', summary: 'of every profile' }],
  async run(input, program) {
    const { session } = program
    const config = session.readConfig()
    if (input.has('all') && input.has('profile')) {
      throw new SesameError('ERR_USAGE', '--all and --profile contradict each other.')
    }
    const environment = program.edges.env.SESAME_PROFILE
    const names = input.has('all')
      ? [...config.profiles]
          .filter(([, profile]) => signInUrlOf(config, profile) !== undefined)
          .map(([name]) => name)
      : [chooseProfileName(config, { option: input.text('profile'), environment })]
    if (!input.has('all') && !config.profiles.has(names[0] ?? '')) {
      throw new SesameError('ERR_USAGE', `There is no profile ${names[0]}.`, {
        hint: '"sesame profile list" shows all.',
      })
    }
    for (const name of names) tellResult(await logout(name, session), program)
    return exitCodes.done
  },
}

function tellResult({ name, forgotten, validUntil, shared }: LogoutResult, { tell }: Program): void {
  tell(forgotten ? `Signed out of profile ${name}.` : `Profile ${name} was not signed in.`)
  if (validUntil !== undefined) {
    tell(
      `Credentials handed out before stay valid until ${formatInstant(validUntil)}; STS cannot call them back.`,
    )
  }
  if (shared.length > 0)
    tell(`The sign-in was shared with ${shared.join(', ')}, which will have to sign in again.`)
}
