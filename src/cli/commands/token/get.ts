import { SesameError } from '../../../kit/index.ts'
import { getToken } from '../../../session/index.ts'
import { type Command, chosenProfile, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { warnOfSecretsOnScreen } from '../../format-options.ts'

/** `sesame token get`: an identity token for a program, renewed silently. */
export const tokenGetCommand: Command = {
  name: 'get',
  summary: 'print the token of an OIDC or IDaaS profile; never asks, never opens a browser',
  unattended: true,
  options: [
    profileOption,
    { name: 'access', summary: 'the access token (default)' },
    { name: 'id', summary: 'the ID token (default, and all there is, for IDaaS)' },
  ],
  examples: ['sesame token get --profile corp', 'sesame token get --profile corp --id'],
  async run(input, { session, edges, print }) {
    if (input.has('access') && input.has('id'))
      throw new SesameError('ERR_USAGE', '--access and --id contradict each other.')
    const wanted = input.has('id') ? 'id' : input.has('access') ? 'access' : undefined
    const token = await getToken(chosenProfile(input, { session, edges }), wanted, session)
    print(`${token.reveal()}\n`)
    warnOfSecretsOnScreen(edges)
    return exitCodes.done
  },
}
