/** A variable that sesame reads, or several of one meaning. */
export interface EnvironmentVariable {
  names: readonly string[]
  summary: string
  /** Named in the overview of `sesame help`; a text is the value that is shown with it. */
  overview?: true | string
}

/** What the overview of the help and the man page say about the environment. */
export const environmentVariables: readonly EnvironmentVariable[] = [
  { names: ['SESAME_PROFILE'], summary: 'the profile, where --profile is not given', overview: true },
  { names: ['SESAME_STORE'], summary: 'the store, for all profiles', overview: true },
  { names: ['SESAME_PASSPHRASE'], summary: 'passphrase or key of the encrypted file', overview: true },
  {
    names: ['SESAME_CONFIG_DIR'],
    summary: 'another configuration directory (an absolute path), with sign-ins of its own',
    overview: true,
  },
  { names: ['SESAME_STATE_DIR'], summary: 'another state directory (an absolute path)', overview: true },
  {
    names: ['SESAME_LANGUAGE'],
    summary: 'the language of messages, zh or en (else that of the locale)',
    overview: true,
  },
  {
    names: ['SESAME_CA_FILE'],
    summary: 'PEM file of certificates that are trusted beside the usual ones',
    overview: true,
  },
  {
    names: ['SESAME_REDIS_URL'],
    summary: 'revocation list of "sesame sst", where neither --db nor --redis is given',
    overview: true,
  },
  {
    names: ['SESAME_EXPIRATION'],
    summary: 'set by the shell formats: when the credentials of this shell expire; the hook reads it',
  },
  {
    names: ['SESAME_SERVE_PID'],
    summary: 'set by "sesame serve --env": the process of the server; --stop reads it',
  },
  {
    names: ['SESAME_SERVE_SOCKET', 'SESAME_SERVE_URL'],
    summary: 'set by "sesame serve --env --socket": the socket, and the secret address that it answers at',
  },
  {
    names: ['SESAME_SERVE_SHELL'],
    summary: 'set for a server in the background: the process with which it ends',
  },
  { names: ['SESAME_EXEC'], summary: 'set by "sesame exec": the profile of the child' },
  {
    names: ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'],
    summary: 'proxies; lower case wins',
    overview: true,
  },
  {
    names: ['NODE_EXTRA_CA_CERTS'],
    summary: 'more trusted certificates, as for every Node.js program',
  },
  { names: ['BROWSER'], summary: 'another browser, or a list of them, or none', overview: true },
  {
    names: ['ALIBABACLOUD_SSO_CLIENT_ID', 'ALIBABA_CLOUD_SSO_CLIENT_ID'],
    summary: 'another OAuth client id for CloudSSO',
  },
  {
    names: ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
    summary: 'places of the configuration, of the state, and of an unlocked key',
  },
  { names: ['NO_COLOR'], summary: 'no colour', overview: true },
  {
    names: ['DEBUG'],
    summary: 'write the debug log to standard error: sesame:* or *',
    overview: 'sesame:*',
  },
]
