import type { Subject } from './subject.ts'

/** Another client with acs-sso's command line, named by its script. It keeps its files below HOME. */
export function peerFrom(script: string): Subject {
  return {
    name: 'peer',
    program: [process.execPath, script],
    configure: (signInUrl) => ['configure', '--signinUrl', signInUrl],
    login: ['login', '--profile', 'bench'],
    cached: ['login', '--profile', 'bench', '--env'],
    choose: (account, configuration) => ['--account_id', account, '--access_config', configuration],
    trust: (caFile) => ({ NODE_EXTRA_CA_CERTS: caFile }),
  }
}
