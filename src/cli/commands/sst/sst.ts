import { SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { sstCreateCommand } from './create.ts'
import { sstCreateKeyCommand } from './create-key.ts'
import { sstInitCommand } from './init.ts'
import { sstListCommand } from './list.ts'
import { sstRevokeCommand } from './revoke.ts'
import { translateSstcliWords } from './sstcli-flags.ts'
import { sstVerifyCommand } from './verify.ts'

/** `sesame sst`: server-side tokens, which services give each other. The flags of `sstcli` are understood too. */
export const sstCommand: Command = {
  name: 'sst',
  summary: 'server-side tokens: create, verify and revoke them',
  options: [],
  subcommands: [
    sstCreateKeyCommand,
    sstInitCommand,
    sstCreateCommand,
    sstVerifyCommand,
    sstRevokeCommand,
    sstListCommand,
  ],
  examples: [
    'sesame sst create-key --key-file key.yaml',
    'sesame sst init',
    'sesame sst create --key-file key.yaml orders-service',
    'sesame sst verify --key-file key.yaml - < token',
    'sesame sst -secretFile key.yaml -verifyToken SST-…',
  ],
  translate: translateSstcliWords,
  async run() {
    throw new SesameError('ERR_USAGE', t('Missing subcommand.'), {
      hint: t('They are create-key, init, create, verify, revoke and list; see "sesame help sst".'),
    })
  },
}
