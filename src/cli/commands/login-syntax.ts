import { signInFlows } from '../../profiles/index.ts'
import { type Input, type OptionSpec, profileOption } from '../command.ts'
import { formatOptions } from '../format-options.ts'

/** What `sesame login` understands; apart from the command, since the cached path needs nothing else of it. */
export const loginSyntax: { options: readonly OptionSpec[] } = {
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
    {
      name: 'flow',
      value: 'FLOW',
      summary: `how to sign in at an OIDC provider: ${signInFlows.join(', ')}`,
      values: signInFlows,
    },
    { name: 'no-browser', summary: 'only show the address, do not open it' },
    { name: 'qr', summary: 'show the address as a QR code too' },
  ],
}

/** Account and access configuration that the caller insists on. */
export function wantedAssignment(input: Input) {
  return { account: input.text('account-id'), accessConfiguration: input.text('access-config') }
}
