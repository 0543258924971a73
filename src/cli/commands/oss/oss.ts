import { SesameError } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { ossPresignCommand } from './presign.ts'
import { ossSignCommand } from './sign.ts'

/** `sesame oss`: requests to OSS, signed with a profile's credentials. */
export const ossCommand: Command = {
  name: 'oss',
  summary: 'sign requests to OSS: a presigned URL, or the headers of one request',
  unattended: true,
  options: [],
  subcommands: [ossPresignCommand, ossSignCommand],
  examples: [...(ossPresignCommand.examples ?? []), ...(ossSignCommand.examples ?? [])],
  async run() {
    throw new SesameError('ERR_USAGE', 'Say what to do: sesame oss presign, or sesame oss sign.', {
      hint: 'See "sesame help oss".',
    })
  },
}
