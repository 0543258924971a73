import { createHmac } from 'node:crypto'
import { formatInstant, misuse, readBoolean, readNumber, readOptions, t } from '../kit/index.ts'
import { chooseExpiry, unixSeconds } from './expiry.ts'
import { checkRequest, readRecord } from './oss-request.ts'
import { quoted, refused } from './refused.ts'
import { urlOf } from './request-url.ts'
import { algorithm, scopeOf, signingKeyV4 } from './signature-v4.ts'
import { type CheckedCredentials, checkCredentials, type OssCredentials } from './signing-credentials.ts'
import { type OssSigningOptions, type ReadSigningOptions, readSigningOptions } from './signing-options.ts'

/** What a form may upload (PostObject). A wrong one is a SesameError `ERR_USAGE`. */
export interface OssPostPolicy {
  bucket: string
  /** The object's name as it is, or what it begins with if `isPrefix` is set. */
  key: string
  /** The form chooses the rest of the name: its `key` is `key` and `${filename}`, which OSS replaces by the file's name. */
  isPrefix?: boolean | undefined
  /** Sizes of the file in bytes that are accepted; default any. */
  minBytes?: number | undefined
  maxBytes?: number | undefined
  /** Further fields of the form, each with the one value that is accepted: `{ success_action_status: '201' }`. */
  fields?: Readonly<Record<string, string>> | undefined
  /** Further conditions as OSS names them: `['in', '$content-type', ['image/png']]`. */
  conditions?: readonly (readonly unknown[] | Readonly<Record<string, string>>)[] | undefined
}

/** A form that is ready to be sent as `multipart/form-data`, with the file as the last field, `file`. */
export interface OssPostForm {
  url: string
  fields: Record<string, string>
  /** When the form ends. */
  expiresAt: Date
}

/**
 * Signs the policy of an upload by a form (PostObject), with signature V4. The form is valid for everyone who has it, until
 * `expiresSeconds` are over or the credentials end, whichever is sooner (`onNotice` hears of the latter).
 * https://help.aliyun.com/zh/oss/developer-reference/signature-version-4-recommend
 *
 * @example
 * const policy = { bucket: 'reports', key: 'inbox/', isPrefix: true, maxBytes: 10_000_000 }
 * const { url, fields } = postPolicyV4(policy, credentials, { region: 'cn-hangzhou', now: new Date() })
 *
 * @throws SesameError ERR_USAGE for a policy, credentials or options that cannot be
 */
export function postPolicyV4(
  policy: OssPostPolicy,
  credentials: OssCredentials,
  given: OssSigningOptions,
): OssPostForm {
  const options = readSigningOptions(given)
  const checked = checkCredentials(credentials, options.now)
  const scope = scopeOf(options)
  const signed: [string, string][] = [
    ['x-oss-signature-version', algorithm],
    ['x-oss-credential', `${checked.accessKeyId}/${scope.text}`],
    ['x-oss-date', scope.timestamp],
  ]
  if (checked.securityToken !== undefined) signed.push(['x-oss-security-token', checked.securityToken])
  const { text, form } = writePolicy(policy, signed, { checked, options, version: 'V4' })
  const signature = createHmac('sha256', signingKeyV4(scope, checked.accessKeySecret))
    .update(text)
    .digest('hex')
  return {
    ...form,
    fields: { ...form.fields, ...Object.fromEntries(signed), policy: text, 'x-oss-signature': signature },
  }
}

/**
 * The same with signature V1.
 * https://help.aliyun.com/zh/oss/developer-reference/signature-version-1
 */
export function postPolicyV1(
  policy: OssPostPolicy,
  credentials: OssCredentials,
  given: OssSigningOptions,
): OssPostForm {
  const options = readSigningOptions(given)
  const checked = checkCredentials(credentials, options.now)
  const signed: [string, string][] =
    checked.securityToken === undefined ? [] : [['x-oss-security-token', checked.securityToken]]
  const { text, form } = writePolicy(policy, signed, { checked, options, version: 'V1' })
  const Signature = createHmac('sha1', checked.accessKeySecret).update(text).digest('base64')
  const all = {
    ...form.fields,
    ...Object.fromEntries(signed),
    OSSAccessKeyId: checked.accessKeyId,
    policy: text,
  }
  return { ...form, fields: { ...all, Signature } }
}

interface Signing {
  checked: CheckedCredentials
  options: ReadSigningOptions
  version: 'V1' | 'V4'
}

/** The policy in base64, as it is signed and sent, and the form but for its signature. */
function writePolicy(
  policy: OssPostPolicy,
  signed: readonly (readonly [string, string])[],
  { checked, options, version }: Signing,
): { text: string; form: OssPostForm } {
  const { conditions = [], ...given } = readOptions(policy, 'policy')
  const isPrefix = readBoolean(given.isPrefix, 'policy.isPrefix') ?? false
  const { bucket, key } = checkRequest({ method: 'POST', bucket: given.bucket, key: given.key })
  if (bucket === undefined) throw misuse('policy.bucket', t('the name of a bucket'))
  if (key === '' && !isPrefix) throw refused(t('policy.key is needed, or policy.isPrefix.'))
  if (!Array.isArray(conditions)) throw misuse('policy.conditions', t('a list'))
  const fields = checkFields(given.fields)
  const { url } = urlOf({ method: 'POST', bucket, key: '', query: [], headers: new Map() }, options)
  const seconds = chooseExpiry(options, checked, version)
  const expiresAt = new Date((unixSeconds(options.now) + seconds) * 1000)
  const content = {
    conditions: [
      { bucket },
      ...signed.map(([name, value]) => ({ [name]: value })),
      [isPrefix ? 'starts-with' : 'eq', '$key', key],
      ...sizeCondition(given),
      ...fields.map(([name, value]) => ['eq', `$${name}`, value]),
      ...conditions,
    ],
    expiration: formatInstant(expiresAt),
  }
  const text = Buffer.from(JSON.stringify(content)).toString('base64')
  // OSS puts the name of the file in the place of this variable.
  const keyField = isPrefix ? `${key}$\{filename}` : key
  return { text, form: { url, fields: { key: keyField, ...Object.fromEntries(fields) }, expiresAt } }
}

function sizeCondition({ minBytes, maxBytes }: Pick<OssPostPolicy, 'minBytes' | 'maxBytes'>): unknown[] {
  const limits = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true, unit: 'bytes' } as const
  const min = readNumber(minBytes, 'policy.minBytes', limits)
  const max = readNumber(maxBytes, 'policy.maxBytes', limits)
  if (min === undefined && max === undefined) return []
  if (min !== undefined && max !== undefined && min > max)
    throw refused(t('policy.minBytes is more than policy.maxBytes.'))
  return [['content-length-range', min ?? 0, max ?? longestBytes]]
}

/** What OSS accepts in one upload: 5 GB. */
const longestBytes = 5 * 1024 ** 3

/** Fields that signing sets, and `file`, which the form itself has. */
const reservedFields =
  /^(?:file|key|policy|signature|ossaccesskeyid|security-token|x-oss-(?:signature.*|credential|date|security-token))$/i

function checkFields(fields: OssPostPolicy['fields']): [string, string][] {
  return readRecord(fields, 'policy.fields').map(([name, value]) => {
    if (!/^[\x21-\x7e]+$/.test(name) || /["$]/.test(name))
      throw refused(t('policy.fields: {name} is not the name of a field.', { name: quoted(name) }))
    if (reservedFields.test(name))
      throw refused(t('policy.fields must not have {name}: the form has its own.', { name: quoted(name) }))
    if (typeof value !== 'string' || !value.isWellFormed())
      throw misuse(`policy.fields ${quoted(name)}`, t('a string'), value)
    return [name, value]
  })
}
