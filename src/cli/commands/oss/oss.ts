import { SesameError, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { ossPostPolicyCommand } from './post-policy.ts'
import { ossPresignCommand } from './presign.ts'
import { ossSignCommand } from './sign.ts'

/** `sesame oss`: requests to OSS, signed with a profile's credentials. */
export const ossCommand: Command = {
  name: 'oss',
  summary: 'sign requests to OSS: a presigned URL, the headers of one request, or a form that uploads',
  unattended: true,
  options: [],
  subcommands: [ossPresignCommand, ossSignCommand, ossPostPolicyCommand],
  examples: [ossPresignCommand, ossSignCommand, ossPostPolicyCommand].flatMap(
    ({ examples = [] }) => examples,
  ),
  async run() {
    throw new SesameError('ERR_USAGE', t('Say what to do: sesame oss presign, sign or post-policy.'), {
      hint: t('See "sesame help oss".'),
    })
  },
}
