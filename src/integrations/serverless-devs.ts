import { SesameError, t } from '../kit/index.ts'
import type { Integration } from './integration.ts'
import { commandLine } from './process-command.ts'

const comments = [
  'Runs Serverless Devs with credentials in its environment only: s.sh deploy',
  'It reads no variables of Alibaba Cloud, but access data of its own form. In s.yaml leave "access" out, or write:',
  '  access: sesame_serverless_devs_key',
]

/** Keys, tokens and account numbers hold nothing that JSON would escape. `__default` makes it the one for a s.yaml without access. */
const program = `json='{"__default":"true","AccountID":"'"$1"'","AccessKeyID":"'"$ALIBABA_CLOUD_ACCESS_KEY_ID"'",'
json="$json"'"AccessKeySecret":"'"$ALIBABA_CLOUD_ACCESS_KEY_SECRET"'","SecurityToken":"'"$ALIBABA_CLOUD_SECURITY_TOKEN"'"}'
shift
sesame_serverless_devs_key=$json exec s "$@"`

/** Serverless Devs: a variable with the suffix that its credentials library looks for. */
export const serverlessDevs: Integration = {
  options: [],
  configure: async ({ profile, sesame, accountId = '' }, { edges: { platform }, print, notify }) => {
    if (platform === 'win32') {
      throw new SesameError('ERR_USAGE', t('The script for Serverless Devs needs a POSIX shell.'), {
        hint: t('Use it in WSL.'),
      })
    }
    const words = [...sesame, 'exec', '--profile', profile, '--', '/bin/sh', '-c', program, 's', accountId]
    print(`#!/bin/sh\n# ${comments.join('\n# ')}\nexec ${commandLine(words, platform)} "$@"\n`)
    notify(t('Renews: at each start; credentials are read once.'))
    notify(t('On disk: nothing.'))
    if (accountId === '')
      notify(
        t(
          'The profile does not name its account: put the number behind the last "s" of the script, if a component asks for it.',
        ),
      )
  },
}
