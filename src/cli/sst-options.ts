import type { OptionSpec } from './command.ts'

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
  summary: "the service in the token's prefix (else the key file's)",
}

export const forceOption: OptionSpec = {
  name: 'force',
  summary: 'take a key file that others can read, or a short key',
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
