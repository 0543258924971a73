import { printable, SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { listForceOption, listOptions } from './options.ts'
import { openRevocations } from './service.ts'

/** `sesame sst init`: makes the revocation list. Nothing else does: a list that was lost must not come back empty by itself. */
export const sstInitCommand: Command = {
  name: 'init',
  summary: 'make the revocation list, once; an existing one stays as it is',
  options: [...listOptions, listForceOption],
  examples: ['sesame sst init', 'sesame sst init --db revocations.db'],
  async run(input, program) {
    const list = await openRevocations(input, program, { create: true })
    await list.close()
    if (list.created === undefined) {
      throw new SesameError(
        'ERR_STORE_UNAVAILABLE',
        t('The revocation list was not made: Redis does not answer.'),
      )
    }
    const file = input.text('db')
    const isRedis = file === undefined && (input.text('redis') ?? program.edges.env.SESAME_REDIS_URL)
    const where = isRedis ? 'Redis' : printable(file ?? '~/.config/sst/sst.db')
    program.notify(
      list.created
        ? t('A new revocation list is in {where}.', { where })
        : t('A revocation list is in {where} already; nothing was changed.', { where }),
    )
    return exitCodes.done
  },
}
