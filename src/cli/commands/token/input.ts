import { rememberSecret, SesameError, t } from '../../../kit/index.ts'
import { type Edges, readUpTo } from '../../../terminal/index.ts'
import type { Input, OptionSpec } from '../../command.ts'
import { readInputFile } from '../../read-input-file.ts'

export const fileOption: OptionSpec = {
  name: 'file',
  value: 'FILE',
  summary: 'read the token from a file; standard input otherwise',
  completes: 'file',
}

/** A little more than the longest token: what is longer is refused, not read to its end. */
const maxBytes = 80 * 1024

/**
 * The token to look at, from standard input (`-` says so) or a file: never from the command line, which every process can
 * read. White space around it is taken off.
 *
 * @throws SesameError ERR_USAGE when there is none, or a file is too long or does not end
 */
export async function readTokenInput(input: Input, { isTerminal }: Edges): Promise<string> {
  const file = input.text('file')
  const [word] = input.positionals
  if (word !== undefined && word !== '-') {
    throw new SesameError('ERR_USAGE', t('A token does not belong on the command line.'), {
      hint: t('Send it to standard input, or name a file with --file.'),
    })
  }
  if (file !== undefined && word !== undefined)
    throw new SesameError('ERR_USAGE', t('Give either --file or -, not both.'))
  if (file === undefined && isTerminal(0)) {
    throw new SesameError('ERR_USAGE', t('There is no token: standard input is the terminal.'), {
      hint: t('Send it to standard input, or name a file with --file.'),
    })
  }
  // More than a token can have is an invalid token, and no mistake in the command line.
  const text =
    file === undefined ? (await readUpTo(process.stdin, maxBytes)).text : await readInputFile(file, maxBytes)
  const token = text.trim()
  if (token === '') throw new SesameError('ERR_USAGE', t('There is no token: the input is empty.'))
  rememberSecret(token)
  return token
}
