import { formatInstant, SesameError } from '../../../kit/index.ts'
import { presignV1, presignV4 } from '../../../oss/index.ts'
import type { Command } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { ossOptions, readOssDestination } from './options.ts'
import { ossSigner } from './signer.ts'
import { parseOssUrl } from './url.ts'
import { inCommandWords } from './usage-errors.ts'

/** `sesame oss presign`: one URL on stdout, good for anyone who has it until it expires. */
export const ossPresignCommand: Command = {
  name: 'presign',
  summary: 'print a URL that gives access to one object for a while',
  usage: 'oss://BUCKET/KEY',
  maxPositionals: 1,
  unattended: true,
  options: [
    { name: 'method', value: 'METHOD', summary: 'what the URL may be used for (default GET)' },
    {
      name: 'expires',
      value: 'DURATION',
      summary: 'how long it works, such as 15m (default 1h); at most as long as the credentials',
    },
    ...ossOptions,
  ],
  examples: [
    'sesame oss presign oss://reports/may.csv --region cn-hangzhou',
    'sesame oss presign oss://reports/may.csv --method PUT --expires 5m',
  ],
  async run(input, program) {
    const { bucket, key } = parseOssUrl(input.positionals[0])
    if (bucket === undefined) throw new SesameError('ERR_USAGE', 'Name a bucket, as in oss://bucket/key.')
    const expiresSeconds = parseDuration(input.text('expires') ?? '1h', 'expires')
    const destination = readOssDestination(input, program)
    const { credentials, now } = await ossSigner(input, program)
    const presign = input.has('v1') ? presignV1 : presignV4
    let endsAt = new Date(now.getTime() + expiresSeconds * 1000)
    let capped = false
    const url = inCommandWords(() =>
      presign({ method: input.text('method') ?? 'GET', bucket, key }, credentials, {
        ...destination,
        now,
        expiresSeconds,
        onNotice: ({ expiresAt }) => {
          endsAt = expiresAt
          capped = true
        },
      }),
    )
    program.print(`${url}\n`)
    const until = formatInstant(endsAt)
    if (capped) program.notify(`The URL works until ${until} only: then the credentials expire.`)
    else if (program.edges.isTerminal(1)) program.notify(`Anyone with this URL can use it until ${until}.`)
    return exitCodes.done
  },
}
