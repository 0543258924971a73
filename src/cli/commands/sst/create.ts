import { SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { forceOption, jsonOption, keyFileOption, serviceOption } from './options.ts'
import { noRevocations, withTokenService } from './service.ts'

/** `sesame sst create USER`: a token for a user or a service. */
export const sstCreateCommand: Command = {
  name: 'create',
  summary: 'make a token for a user or a service',
  usage: 'USER',
  maxPositionals: 1,
  options: [
    keyFileOption,
    { name: 'ttl', value: 'DURATION', summary: 'how long it lasts, such as 12h (else until it is revoked)' },
    serviceOption,
    jsonOption,
    forceOption,
  ],
  examples: [
    'sesame sst create --key-file key.yaml orders-service',
    'sesame sst create --key-file - --ttl 12h alice',
  ],
  async run(input, program) {
    const [userId] = input.positionals
    if (userId === undefined)
      throw new SesameError('ERR_USAGE', t('Missing argument USER: name a user or a service.'))
    const ttl = input.text('ttl')
    const options = ttl === undefined ? {} : { ttlSeconds: parseDuration(ttl, 'ttl') }
    const create = async (tokens: { create(userId: string, options: object): string }) =>
      tokens.create(userId, options)
    const token = await withTokenService(input, program, create, { revocations: noRevocations })
    program.print(input.has('json') ? `${JSON.stringify({ token, userId })}\n` : `${token}\n`)
    return exitCodes.done
  },
}
