import { SesameError, t } from '../../../kit/index.ts'
import { presignV1, presignV4 } from '../../../oss/index.ts'
import type { Command } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { noteOwnDomain, ossOptions, readOssDestination, requestOptions } from './options.ts'
import { mergeQuery, parseHeaders, parseQuery } from './request-parts.ts'
import { expiryWatch, ossSigner } from './signer.ts'
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
    ...requestOptions,
    {
      name: 'expires',
      value: 'DURATION',
      summary: 'how long it works, such as 15m (default 1h); at most as long as the credentials',
    },
    ...ossOptions,
  ],
  examples: [
    'sesame oss presign oss://reports/may.csv --region cn-hangzhou',
    'sesame oss presign oss://reports/may.csv --method PUT --header "Content-Type: text/csv" --expires 5m',
    'sesame oss presign oss://reports/photo.jpg --query x-oss-process=image/resize,w_200',
  ],
  async run(input, program) {
    const { bucket, key, query } = parseOssUrl(input.positionals[0])
    if (bucket === undefined) throw new SesameError('ERR_USAGE', t('Name a bucket, as in oss://bucket/key.'))
    const method = (input.text('method') ?? 'GET').toUpperCase()
    const headers = parseHeaders(input.all('header'))
    const request = { method, bucket, key, headers, query: mergeQuery(query, parseQuery(input.all('query'))) }
    const expiresSeconds = parseDuration(input.text('expires') ?? '1h', 'expires')
    const destination = readOssDestination(input, program)
    const { credentials, now } = await ossSigner(input, program)
    const watch = expiryWatch(now, expiresSeconds)
    const presign = input.has('v1') ? presignV1 : presignV4
    const url = inCommandWords(() =>
      presign(request, credentials, { ...destination, now, expiresSeconds, onNotice: watch.onNotice }),
    )
    program.print(`${url}\n`)
    watch.notify(program, 'URL')
    noteOwnDomain(destination, program)
    sayHowToSend(request, program.notify)
    return exitCodes.done
  },
}

/** OSS signs the type of a body whenever there is one, and most clients send one unasked. */
function sayHowToSend(
  { method, headers }: { method: string; headers: Record<string, string> },
  notify: (line: string) => void,
): void {
  const names = Object.keys(headers)
  if (names.length > 0)
    notify(t('Send these headers with it as they are: {names}.', { names: names.join(', ') }))
  else if (method === 'PUT' || method === 'POST')
    notify(
      t(
        "The URL works without a Content-Type only; for a client that sends one, give --header 'Content-Type: …'.",
      ),
    )
}
