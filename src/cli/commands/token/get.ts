import { SesameError, t } from '../../../kit/index.ts'
import { getToken, type ValidToken } from '../../../session/index.ts'
import type { Edges } from '../../../terminal/index.ts'
import {
  type Command,
  chosenProfile,
  type Input,
  profileOption,
  tokenOptions,
  wantedToken,
} from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { warnOfSecretsOnScreen } from '../../format-options.ts'
import { execCredentialVersion, formatExecCredential } from './exec-credential.ts'
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
      name: 'format',
      value: 'FORMAT',
      summary: 'token (default), or exec-credential: what kubectl reads, with the ID token by default',
      values: ['token', 'exec-credential'],
    },
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
    'sesame token get --profile corp --format exec-credential',
  ],
  async run(input, program) {
    const { session, edges, print } = program
    const path = input.text('out')
    if (input.has('keep') && path === undefined)
      throw new SesameError('ERR_USAGE', t('--keep needs --out FILE.'))
    const { wanted, write } = outputOf(input, edges)
    const profile = chosenProfile(input, program)
    if (path !== undefined && input.has('keep'))
      return keepTokenFile({ path, profile, wanted, write }, program)
    const text = write(await getToken(profile, wanted, session))
    if (path !== undefined) {
      writeTokenFile(path, text)
      return exitCodes.done
    }
    print(`${text}\n`)
    warnOfSecretsOnScreen(edges)
    return exitCodes.done
  },
}

/** Which token is asked for, and how it is written. */
function outputOf(input: Input, { env }: Edges) {
  const named = wantedToken(input)
  if (input.text('format') !== 'exec-credential')
    return { wanted: named, write: ({ token }: ValidToken) => token.reveal() } as const
  const version = execCredentialVersion(env.KUBERNETES_EXEC_INFO)
  return {
    wanted: named ?? 'id',
    write: (issued: ValidToken) => formatExecCredential(version, issued),
  } as const
}
