import { formatInstant, printable, SesameError, t } from '../../../kit/index.ts'
import { type OssPostForm, postPolicyV1, postPolicyV4 } from '../../../oss/index.ts'
import type { Command, Input } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatCurlForm } from './curl-config.ts'
import { noteOwnDomain, ossOptions, readOssDestination } from './options.ts'
import { expiryWatch, ossSigner } from './signer.ts'
import { parseOssUrl } from './url.ts'
import { inCommandWords } from './usage-errors.ts'

/** `sesame oss post-policy`: the fields of a form with which a browser uploads a file (PostObject). */
export const ossPostPolicyCommand: Command = {
  name: 'post-policy',
  summary: 'print the signed fields of a form that uploads a file',
  usage: 'oss://BUCKET/KEY',
  maxPositionals: 1,
  unattended: true,
  options: [
    { name: 'prefix', summary: 'KEY is what the name begins with; the form adds the name of the file' },
    {
      name: 'field',
      value: 'NAME=VALUE',
      repeatable: true,
      summary: 'a further field of the form with the one value that is accepted',
    },
    { name: 'condition', value: 'JSON', repeatable: true, summary: 'a further condition of the policy' },
    { name: 'min-size', value: 'BYTES', summary: 'the smallest file that is accepted' },
    { name: 'max-size', value: 'BYTES', summary: 'the largest file that is accepted' },
    {
      name: 'expires',
      value: 'DURATION',
      summary: 'how long it works, such as 15m (default 1h); at most as long as the credentials',
    },
    { name: 'curl', summary: 'a configuration for curl --config -, with the URL' },
    ...ossOptions,
  ],
  examples: [
    'sesame oss post-policy oss://reports/inbox/ --prefix --max-size 10000000 --region cn-hangzhou',
    'sesame oss post-policy oss://reports/may.csv --curl | curl --config - --form file=@may.csv',
  ],
  async run(input, program) {
    const { bucket, key = '' } = parseOssUrl(input.positionals[0])
    if (bucket === undefined) throw new SesameError('ERR_USAGE', t('Name a bucket, as in oss://bucket/key.'))
    const policy = { bucket, key, ...readPolicy(input) }
    const expiresSeconds = parseDuration(input.text('expires') ?? '1h', 'expires')
    const destination = readOssDestination(input, program)
    const { credentials, now } = await ossSigner(input, program)
    const watch = expiryWatch(now, expiresSeconds)
    const sign = input.has('v1') ? postPolicyV1 : postPolicyV4
    const form = inCommandWords(() =>
      sign(policy, credentials, { ...destination, now, expiresSeconds, onNotice: watch.onNotice }),
    )
    program.print(input.has('curl') ? formatCurlForm(form) : formatForm(form))
    watch.notify(program, 'form')
    noteOwnDomain(destination, program)
    return exitCodes.done
  },
}

function formatForm({ url, fields, expiresAt }: OssPostForm): string {
  return `${JSON.stringify({ url, fields, expiration: formatInstant(expiresAt) })}\n`
}

function readPolicy(input: Input) {
  return {
    isPrefix: input.has('prefix'),
    minBytes: readBytes(input, 'min-size'),
    maxBytes: readBytes(input, 'max-size'),
    fields: parseFields(input.all('field')),
    conditions: input.all('condition').map(parseCondition),
  }
}

function readBytes(input: Input, name: string): number | undefined {
  const text = input.text(name)
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new SesameError(
    'ERR_USAGE',
    t('--{name} "{text}" is not a number of bytes.', { name, text: printable(text, 40) }),
  )
}

function parseFields(members: readonly string[]): Record<string, string> {
  const fields = new Map<string, string>()
  for (const member of members) {
    const equals = member.indexOf('=')
    const name = member.slice(0, equals)
    if (equals < 1)
      throw new SesameError(
        'ERR_USAGE',
        t('--field "{member}" is not NAME=VALUE.', { member: printable(member, 40) }),
      )
    if (fields.has(name))
      throw new SesameError('ERR_USAGE', t('--field {name} is given twice.', { name: printable(name, 40) }))
    fields.set(name, member.slice(equals + 1))
  }
  return Object.fromEntries(fields)
}

function parseCondition(text: string): unknown[] | Record<string, string> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as unknown[] | Record<string, string>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new SesameError(
    'ERR_USAGE',
    t('--condition {text} is neither a JSON list nor an object.', { text: printable(text, 60) }),
    {
      hint: t('For example: {command}', { command: '--condition \'["in","$content-type",["image/png"]]\'' }),
    },
  )
}
