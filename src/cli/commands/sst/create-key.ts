import { dirname, resolve } from 'node:path'
import type { Program } from '../../../compose/index.ts'
import { checkTrustedDirectory, createPrivateFile } from '../../../files/index.ts'
import { printable, SesameError, t } from '../../../kit/index.ts'
import { createKey } from '../../../sst/index.ts'
import type { Command, Input } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { jsonOption } from './options.ts'

/** `sesame sst create-key`: a random key, printed, or put into a new key file that only its owner can read. */
export const sstCreateKeyCommand: Command = {
  name: 'create-key',
  summary: 'make a key that seals and opens tokens',
  options: [
    { name: 'length', value: 'N', summary: 'characters, from 16 on (default 20)' },
    {
      name: 'key-file',
      value: 'FILE',
      summary: 'write it to a new file (0600) and print nothing',
      completes: 'file',
    },
    jsonOption,
  ],
  examples: ['sesame sst create-key --key-file key.yaml'],
  async run(input, program) {
    const key = createKey(lengthOf(input))
    const path = input.text('key-file')
    if (path === undefined) program.print(input.has('json') ? `${JSON.stringify({ key })}\n` : `${key}\n`)
    else writeKeyFile(path, key, program)
    return exitCodes.done
  },
}

function lengthOf(input: Input): number {
  const text = input.text('length') ?? '20'
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
}

/** A key that is overwritten takes all its tokens with it. */
function writeKeyFile(path: string, key: string, { notify }: Program): void {
  checkTrustedDirectory(dirname(resolve(path)), path)
  // JSON strings are YAML strings.
  if (!createPrivateFile(path, `key: ${JSON.stringify(key)}\n`)) {
    throw new SesameError(
      'ERR_USAGE',
      t('{path} is there already; it is not overwritten.', { path: printable(path) }),
      {
        hint: t('Name another file. With its tokens in use, move the old key to formerKeys: in the new one.'),
      },
    )
  }
  notify(t('A new key is in {path}.', { path: printable(path) }))
}
