import type { Subject } from './subject.ts'

/** Another client with acs-sso's command line, named by its script. It keeps its files below HOME. */
export function peerFrom(script: string): Subject {
  return {
    name: 'peer',
    program: [process.execPath, script],
    configure: (signInUrl) => ['configure', '--signinUrl', signInUrl],
    login: ({ account, configurationName }) => [
      ...['login', '--profile', 'bench', '--account_id', account.id],
      ...['--access_config', configurationName],
    ],
    cached: ['login', '--profile', 'bench', '--env'],
    environment: (caFile) => ({
      BROWSER: '/bin/true',
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    }),
  }
}
