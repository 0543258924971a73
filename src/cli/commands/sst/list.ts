import { formatInstant, printable, SesameError, t } from '../../../kit/index.ts'
import type { Revocation } from '../../../sst/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { jsonOption, listForceOption, listOptions } from './options.ts'
import { openRevocations } from './service.ts'

/** `sesame sst list`: what is revoked, newest first. Tokens are named by their fingerprints, never shown. */
export const sstListCommand: Command = {
  name: 'list',
  summary: 'list the revoked tokens, newest first',
  options: [...listOptions, jsonOption, listForceOption],
  examples: ['sesame sst list', 'sesame sst list --json'],
  async run(input, program) {
    const list = await openRevocations(input, program)
    try {
      const revocations = await list.entries()
      program.print(input.has('json') ? `${JSON.stringify(revocations.map(asJson))}\n` : asLines(revocations))
    } catch (cause) {
      if (cause instanceof SesameError) throw cause
      throw new SesameError('ERR_STORE_UNAVAILABLE', t('The revocation list does not answer.'), { cause })
    } finally {
      await list.close()
    }
    return exitCodes.done
  },
}

function asJson({ fingerprint, userId, revokedAt, expiresAt }: Revocation): object {
  const end = expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) }
  return { fingerprint, userId, revokedAt: formatInstant(revokedAt), ...end }
}

function asLines(revocations: readonly Revocation[]): string {
  return revocations
    .map(
      ({ fingerprint, userId, revokedAt }) =>
        `${formatInstant(revokedAt)}  ${fingerprint}  ${printable(userId)}\n`,
    )
    .join('')
}
