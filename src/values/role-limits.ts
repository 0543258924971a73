import { parseRecord, printable, SesameError, t } from '../kit/index.ts'

/*
 * The limits that STS documents for AssumeRole and AssumeRoleWithOIDC
 * (https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole). Each function returns its
 * argument, or throws ERR_USAGE with the name of the option.
 */

const roleArn = /^acs:ram::\d{1,20}:role\/[A-Za-z0-9._-]{1,64}$/
const oidcProviderArn = /^acs:ram::\d{1,20}:oidc-provider\/[A-Za-z0-9._-]{1,128}$/
const sessionName = /^[A-Za-z0-9.@_-]{2,64}$/
const externalId = /^[A-Za-z0-9_+=,.@:/-]{2,1224}$/
const longestPolicy = 2048
const shortestSeconds = 900
/** `MaxSessionDuration` of a role is at most 12 hours; each role may allow less, which only STS knows. */
const longestSeconds = 43_200

/** `acs:ram::<account>:role/<name>` */
export function checkRoleArn(text: string): string {
  if (roleArn.test(text)) return text
  throw outside('--role-arn', text, t('the ARN of a RAM role, acs:ram::<account id>:role/<name>'))
}

/** `acs:ram::<account>:oidc-provider/<name>` */
export function checkOidcProviderArn(text: string): string {
  if (oidcProviderArn.test(text)) return text
  const what = t('the ARN of an OIDC provider in RAM, acs:ram::<account id>:oidc-provider/<name>')
  throw outside('--oidc-provider-arn', text, what)
}

export function checkRoleSessionName(text: string): string {
  if (sessionName.test(text)) return text
  throw outside('--role-session-name', text, t('2 to 64 letters, digits and characters of . @ - _'))
}

/** Whole seconds from 900 to 43,200. */
export function checkDurationSeconds(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= shortestSeconds && seconds <= longestSeconds) return seconds
  const bounds = { min: shortestSeconds, max: longestSeconds }
  const what = t('{min} to {max} whole seconds (15m to 12h), and no more than the role allows', bounds)
  throw outside('--duration-seconds', String(seconds), what)
}

/** A policy that narrows what the role may do: JSON with `Version` and `Statement`, at most 2,048 characters. */
export function checkPolicy(text: string): string {
  if (text.length < 1 || text.length > longestPolicy) {
    throw outside(
      '--policy',
      undefined,
      t('1 to {max} characters long, not {length}', { max: longestPolicy, length: text.length }),
    )
  }
  if (!looksLikePolicy(text)) {
    throw outside('--policy', undefined, t('a JSON object with the members Version and Statement'))
  }
  return text
}

export function checkExternalId(text: string): string {
  if (externalId.test(text)) return text
  throw outside('--external-id', text, t('2 to 1224 letters, digits and characters of _ + = , . @ : / -'))
}

function looksLikePolicy(text: string): boolean {
  const policy = parseRecord(text)
  return policy !== undefined && Object.hasOwn(policy, 'Version') && Object.hasOwn(policy, 'Statement')
}

function outside(option: string, value: string | undefined, what: string): SesameError {
  if (value === undefined) {
    return new SesameError('ERR_USAGE', t('{name} must be {wanted}.', { name: option, wanted: what }))
  }
  const shown = value === '' ? t('empty') : printable(value, 100)
  const message = t('{name} must be {wanted}, not {value}.', { name: option, wanted: what, value: shown })
  return new SesameError('ERR_USAGE', message)
}
