import type { OptionSpec } from '../../command.ts'

export const jsonOption: OptionSpec = { name: 'json', summary: 'as JSON' }

export const keyFileOption: OptionSpec = {
  name: 'key-file',
  value: 'FILE',
  summary: 'YAML with key: "…", or with serviceName: and aesKey:; - for standard input',
  completes: 'file',
}

export const serviceOption: OptionSpec = {
  name: 'service',
  value: 'NAME',
  summary: "the label in the token's prefix (else the key file's); no audience: anyone can rename it",
}

export const forceOption: OptionSpec = {
  name: 'force',
  summary: 'take a key file or list that is shared with a group (containers), or a short key',
}

/** The same for commands that read no key. */
export const listForceOption: OptionSpec = {
  name: 'force',
  summary: 'take a list that is shared with a group (containers)',
}

/** Where revocations are kept. */
export const listOptions: readonly OptionSpec[] = [
  {
    name: 'db',
    value: 'FILE',
    summary: 'SQLite revocation list (else ~/.config/sst/sst.db)',
    completes: 'file',
  },
  {
    name: 'redis',
    value: 'URL',
    summary: 'revocations in Redis; a URL with a password goes into SESAME_REDIS_URL',
  },
]
