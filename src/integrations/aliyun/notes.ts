import { printable, t } from '../../kit/index.ts'
import { loginCommand } from '../process-command.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** True where the aliyun CLI refuses to run a `process_command` (from 3.4 on). */
function isExternalDisabled(env: Environment): boolean {
  const value = env.ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS ?? ''
  return value === '1' || value.toLowerCase() === 'true'
}

/** Says what a profile of mode External means, the ways that leave nothing on disk before the warning about the others. */
export function sayWhatItMeans(
  profile: string,
  processCommand: string,
  env: Environment,
  notify: (line: string) => void,
): void {
  notify(
    t('Renews: yes, at each aliyun command, while the sign-in is valid; then: {command}', {
      command: loginCommand(profile),
    }),
  )
  notify(t('On disk: the aliyun CLI writes no secrets of this profile.'))
  notify(t('For SDKs and Terraform: sesame configure --for sdk, sesame configure --for terraform.'))
  notify(
    t(
      'Warning: SDKs and Terraform that use this profile write its secrets into ~/.aliyun/config.json, in plain text.',
    ),
  )
  notify(
    t(
      'Those in Go, Terraform among them, write the whole file anew: what they do not know of other profiles is lost.',
    ),
  )
  if (/['"]/.test(processCommand))
    notify(t('Needs aliyun CLI 3.4.9: older ones do not know the quotes in its process_command.'))
  if (isExternalDisabled(env))
    notify(
      t(
        'Warning: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set here, and the aliyun CLI refuses this profile. Unset it.',
      ),
    )
  const ignored = ['ALIBABA_CLOUD_IGNORE_PROFILE', 'ALIBABACLOUD_IGNORE_PROFILE'].filter(
    (name) => env[name] === 'TRUE',
  )
  if (ignored.length > 0)
    notify(
      t('Warning: {names} is TRUE here, and the aliyun CLI ignores this profile. Unset it.', {
        names: ignored.map((name) => printable(name)).join(t(' and ')),
      }),
    )
}
