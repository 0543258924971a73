import { createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import type { OssKeyLookup } from './access-keys.ts'
import type { ObjectStore } from './objects.ts'
import type { OssRefusal } from './refusal.ts'

export interface PostRules {
  findKey: OssKeyLookup
  region: string
  product: string
  now: Date
  objects: ObjectStore
}

type Condition = readonly unknown[] | Record<string, unknown>

/** Uploads by a form: the policy's signature is computed again, and each of its conditions is checked. */
export function postObject(request: RecordedRequest, bucket: string, rules: PostRules): Reply | OssRefusal {
  const parts = readForm(request)
  if (parts === undefined)
    return refuse(400, 'MalformedPOSTRequest', 'The body is not well-formed multipart/form-data.')
  const file = parts.at(-1)
  if (file?.name !== 'file')
    return refuse(400, 'IncorrectNumberOfFilesInPOSTRequest', 'The last field must be the file.')
  const fields = new Map(parts.slice(0, -1).map(({ name, value }) => [name.toLowerCase(), value]))
  if (fields.size !== parts.length - 1) return refuse(400, 'InvalidArgument', 'A field is given twice.')
  const wrong = checkSignature(fields, rules) ?? checkPolicy(fields, bucket, file.value, rules.now)
  if (wrong !== undefined) return wrong
  const key = (fields.get('key') ?? '').replaceAll('$' + '{filename}', file.filename ?? '')
  rules.objects.set(`${bucket}/${key}`, {
    text: file.value,
    contentType: fields.get('content-type') ?? 'application/octet-stream',
    meta: {},
    etag: '""',
    lastModified: rules.now,
  })
  const status = Number(fields.get('success_action_status') ?? 204)
  return { status, body: '' }
}

function checkSignature(
  fields: Map<string, string>,
  { findKey, region, product, now }: PostRules,
): OssRefusal | undefined {
  const policy = fields.get('policy')
  if (policy === undefined) return refuse(403, 'AccessDenied', 'The form has no policy.')
  const isV4 = fields.has('x-oss-signature-version')
  const [id = '', ...scope] = (fields.get(isV4 ? 'x-oss-credential' : 'ossaccesskeyid') ?? '').split('/')
  const key = findKey(id)
  if (key === undefined)
    return refuse(403, 'InvalidAccessKeyId', 'The Access Key Id does not exist in our records.')
  if (key.securityToken !== fields.get('x-oss-security-token'))
    return refuse(403, 'InvalidSecurityToken', 'The security token you provided is invalid.')
  if (!isV4) {
    const wanted = createHmac('sha1', key.accessKeySecret).update(policy).digest('base64')
    return wanted === fields.get('signature') ? undefined : mismatch()
  }
  const date = fields.get('x-oss-date') ?? ''
  const wantedScope = [date.slice(0, 8), region, product, 'aliyun_v4_request']
  if (
    fields.get('x-oss-signature-version') !== 'OSS4-HMAC-SHA256' ||
    scope.join('/') !== wantedScope.join('/')
  )
    return refuse(400, 'InvalidArgument', `The credential's scope must be ${wantedScope.join('/')}.`)
  const ageMs = now.getTime() - Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  if (!(ageMs > -900_000 && ageMs < 7 * 86_400_000))
    return refuse(403, 'AccessDenied', 'x-oss-date is out of range.')
  let secret: Buffer | string = `aliyun_v4${key.accessKeySecret}`
  for (const part of wantedScope) secret = createHmac('sha256', secret).update(part).digest()
  const wanted = createHmac('sha256', secret).update(policy).digest('hex')
  return wanted === fields.get('x-oss-signature') ? undefined : mismatch()
}

function checkPolicy(
  fields: Map<string, string>,
  bucket: string,
  file: string,
  now: Date,
): OssRefusal | undefined {
  const { expiration, conditions } = JSON.parse(
    Buffer.from(fields.get('policy') ?? '', 'base64').toString(),
  ) as {
    expiration: string
    conditions: Condition[]
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(expiration))
    return refuse(400, 'InvalidPolicyDocument', 'The expiration is not an instant.')
  if (new Date(expiration) <= now)
    return refuse(403, 'AccessDenied', 'Invalid according to Policy: Policy expired.')
  const values = new Map(fields).set('bucket', bucket)
  const failed = conditions.find((condition) => !holds(condition, values, Buffer.byteLength(file)))
  return failed === undefined
    ? undefined
    : refuse(
        403,
        'AccessDenied',
        `Invalid according to Policy: Policy Condition failed: ${JSON.stringify(failed)}`,
      )
}

function holds(condition: Condition, values: Map<string, string>, size: number): boolean {
  if (!Array.isArray(condition))
    return Object.entries(condition).every(([name, value]) => values.get(name.toLowerCase()) === value)
  const [operator, target, wanted] = condition as [string, unknown, unknown]
  if (operator === 'content-length-range') return size >= Number(target) && size <= Number(wanted)
  const value = values.get(String(target).slice(1).toLowerCase()) ?? ''
  if (operator === 'eq') return value === wanted
  if (operator === 'starts-with') return value.startsWith(String(wanted))
  if (operator === 'in') return (wanted as string[]).includes(value)
  return false
}

interface Part {
  name: string
  filename: string | undefined
  value: string
}

function readForm({ headers, text }: RecordedRequest): Part[] | undefined {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]+)"?$/i.exec(headers['content-type'] ?? '')?.[1]
  const sections = boundary === undefined ? [] : `\r\n${text}`.split(`\r\n--${boundary}`).slice(1)
  if (!sections.pop()?.startsWith('--')) return undefined
  const parts = sections.map((section): Part => {
    const end = section.indexOf('\r\n\r\n')
    const head = section.slice(0, end)
    return {
      name: /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '',
      filename: /filename="([^"]*)"/.exec(head)?.[1],
      value: section.slice(end + 4),
    }
  })
  return parts
}

function mismatch(): OssRefusal {
  return refuse(403, 'SignatureDoesNotMatch', 'The signature of the policy does not match.')
}

function refuse(status: number, code: string, message: string): OssRefusal {
  return { status, code, message }
}
