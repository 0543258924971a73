import type { Program } from '../../../compose/index.ts'
import { SesameError, t } from '../../../kit/index.ts'
import { requestUrl, signHeadersV1, signHeadersV4 } from '../../../oss/index.ts'
import type { Command, Input } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatCurlConfig } from './curl-config.ts'
import { noteOwnDomain, ossOptions, readOssDestination, requestOptions } from './options.ts'
import { mergeQuery, parseHeaders, parseQuery } from './request-parts.ts'
import { ossSigner } from './signer.ts'
import { parseOssUrl } from './url.ts'
import { inCommandWords } from './usage-errors.ts'

/** Signs the request that the words describe, and says how to send it. */
async function sign(input: Input, program: Program): Promise<number> {
  const request = readRequest(input)
  const { method } = request
  const destination = readOssDestination(input, program)
  const { credentials, now } = await ossSigner(input, program)
  const signHeaders = input.has('v1') ? signHeadersV1 : signHeadersV4
  const output = inCommandWords(() => {
    const headers = signHeaders(request, credentials, { ...destination, now })
    if (input.has('json'))
      return `${JSON.stringify({ method, url: requestUrl(request, destination), headers })}\n`
    if (input.has('curl')) return formatCurlConfig({ method, url: requestUrl(request, destination), headers })
    return Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('')
  })
  program.print(output)
  noteOwnDomain(destination, program)
  if (program.edges.isTerminal(1))
    program.notify(t('Anyone with these headers can send this request for 15 minutes.'))
  return exitCodes.done
}

function readRequest(input: Input) {
  const [method, address] = input.positionals
  if (input.has('curl') && input.has('json'))
    throw new SesameError('ERR_USAGE', t('--curl and --json exclude each other.'))
  if (method === undefined || method.includes('://')) {
    throw new SesameError('ERR_USAGE', t('Name the method first.'), {
      hint: t('For example: {command}', { command: 'sesame oss sign GET oss://bucket/key' }),
    })
  }
  const { bucket, key, query } = parseOssUrl(address)
  return {
    bucket,
    key,
    method: method.toUpperCase(),
    headers: parseHeaders(input.all('header')),
    query: mergeQuery(query, parseQuery(input.all('query'))),
  }
}

/** `sesame oss sign`: the headers with which one request is accepted, for a client that signs nothing itself. */
export const ossSignCommand: Command = {
  name: 'sign',
  summary: 'print the headers that sign one request',
  usage: 'METHOD oss://BUCKET/KEY',
  maxPositionals: 2,
  arguments: ['GET', 'PUT', 'HEAD', 'DELETE', 'POST'],
  unattended: true,
  options: [
    ...requestOptions,
    { name: 'curl', summary: 'a configuration for curl --config -, with the URL' },
    { name: 'json', summary: 'as JSON: {"method","url","headers"}' },
    ...ossOptions,
  ],
  examples: [
    'sesame oss sign GET oss://reports/may.csv --region cn-hangzhou --curl | curl --config -',
    'sesame oss sign PUT oss://reports/may.csv --curl | curl --config - --upload-file may.csv',
  ],
  run: sign,
}
