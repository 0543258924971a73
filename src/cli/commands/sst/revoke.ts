import { printable, SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { forceOption, jsonOption, keyFileOption, listOptions, serviceOption } from './options.ts'
import { readToken, withTokenService } from './service.ts'

/** `sesame sst revoke TOKEN`: from then on every service that uses the same revocation list refuses it. */
export const sstRevokeCommand: Command = {
  name: 'revoke',
  summary: 'revoke a token',
  usage: 'TOKEN|-',
  maxPositionals: 1,
  options: [keyFileOption, ...listOptions, serviceOption, jsonOption, forceOption],
  examples: ['sesame sst revoke --key-file key.yaml - < token'],
  async run(input, program) {
    const token = await readToken(input, program)
    const result = await withTokenService(input, program, (tokens) => tokens.revoke(token))
    if (result.kind === 'not-revoked') throw failure(result.reason)
    const { userId, wasRevoked } = result
    if (input.has('json')) program.print(`${JSON.stringify({ userId, wasRevoked })}\n`)
    program.notify(
      wasRevoked
        ? t('Was revoked already: a token of {user}.', { user: printable(userId) })
        : t('Revoked: a token of {user}.', { user: printable(userId) }),
    )
    return exitCodes.done
  },
}

function failure(reason: 'forged' | 'unavailable'): SesameError {
  return reason === 'forged'
    ? new SesameError('ERR_TOKEN_INVALID', t('There is nothing to revoke: this is no token of this key.'))
    : new SesameError(
        'ERR_STORE_UNAVAILABLE',
        t('The token is not revoked: the revocation list cannot be written.'),
      )
}
