import type { Input } from '../command.ts'

/** Account and access configuration that the caller insists on. */
export function wantedAssignment(input: Input) {
  return { account: input.text('account-id'), accessConfiguration: input.text('access-config') }
}
