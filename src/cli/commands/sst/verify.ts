import { type FixedText, formatInstant, SesameError, t } from '../../../kit/index.ts'
import type { InvalidReason, ValidToken } from '../../../sst/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { forceOption, jsonOption, keyFileOption, listOptions, serviceOption } from './options.ts'
import { readToken, withTokenService } from './service.ts'

/** What the user sees; nothing of it goes to stdout. */
const words: Record<Exclude<InvalidReason, 'unavailable'>, FixedText> = {
  forged: 'It is no token, or damaged, or of another key or service.',
  expired: 'Its time has passed.',
  'not-yet-valid': "It was made in the future, by this machine's clock.",
  revoked: 'It has been revoked.',
}

/** `sesame sst verify TOKEN`: exit 0 and the user id for a good token, exit 1 and nothing on stdout for any other. */
export const sstVerifyCommand: Command = {
  name: 'verify',
  summary: 'check a token and print for whom it was made',
  usage: 'TOKEN|-',
  maxPositionals: 1,
  options: [keyFileOption, ...listOptions, serviceOption, jsonOption, forceOption],
  examples: ['sesame sst verify --key-file key.yaml - < token'],
  async run(input, program) {
    const token = await readToken(input, program)
    const verification = await withTokenService(input, program, (tokens) => tokens.verify(token))
    if (verification.kind === 'invalid') throw refusal(verification.reason)
    program.print(
      input.has('json') ? `${JSON.stringify(asJson(verification))}\n` : `${oneLine(verification.userId)}\n`,
    )
    return exitCodes.done
  },
}

function refusal(reason: InvalidReason): SesameError {
  if (reason === 'unavailable') {
    return new SesameError(
      'ERR_STORE_UNAVAILABLE',
      t('The revocation list does not answer, so no token is taken.'),
    )
  }
  return new SesameError('ERR_TOKEN_INVALID', t('The token is not valid.'), { hint: t(words[reason]) })
}

function asJson({ userId, createdAt, expiresAt }: ValidToken): object {
  const created = formatInstant(createdAt)
  return {
    userId,
    createdAt: created,
    ...(expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) }),
  }
}

/** The original puts any user id into a token. A script that reads one line must not be given two. */
function oneLine(userId: string): string {
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(userId)) return userId
  throw new SesameError(
    'ERR_UNSAFE_OUTPUT',
    t('The token is valid, but its user id holds control characters.'),
    {
      hint: t('Use --json.'),
    },
  )
}
