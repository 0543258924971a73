import { SesameError } from '../../../kit/index.ts'
import { getToken } from '../../../session/index.ts'
import { type Command, chosenProfile, profileOption, tokenOptions, wantedToken } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { warnOfSecretsOnScreen } from '../../format-options.ts'
import { keepTokenFile, writeTokenFile } from './token-file.ts'

/** `sesame token get`: an identity token for a program, renewed silently. */
export const tokenGetCommand: Command = {
  name: 'get',
  summary: 'print the token of an OIDC or IDaaS profile; never asks, never opens a browser',
  unattended: true,
  options: [
    profileOption,
    ...tokenOptions,
    {
      name: 'out',
      value: 'FILE',
      summary: 'write it to a file (0600, no newline) instead, as ALIBABA_CLOUD_OIDC_TOKEN_FILE names one',
      completes: 'file',
    },
    {
      name: 'keep',
      summary: 'with --out: stay, renew the token in the file, and remove it when the parent process ends',
    },
  ],
  examples: [
    'sesame token get --profile corp',
    'sesame token get --profile corp --id --out token',
    'sesame token get --profile corp --id --out token --keep &',
  ],
  async run(input, program) {
    const { session, edges, print } = program
    const wanted = wantedToken(input)
    const path = input.text('out')
    if (input.has('keep') && path === undefined)
      throw new SesameError('ERR_USAGE', '--keep needs --out FILE.')
    const profile = chosenProfile(input, program)
    if (path !== undefined && input.has('keep')) return keepTokenFile({ path, profile, wanted }, program)
    const token = await getToken(profile, wanted, session)
    if (path !== undefined) {
      writeTokenFile(path, token)
      return exitCodes.done
    }
    print(`${token.reveal()}\n`)
    warnOfSecretsOnScreen(edges)
    return exitCodes.done
  },
}
