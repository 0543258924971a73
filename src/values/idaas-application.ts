import {
  type FixedText,
  parseSecureUrl,
  parseUrl,
  pastedText,
  printable,
  SesameError,
  t,
} from '../kit/index.ts'

/**
 * The one spelling of the base URL of an IDaaS instance: host in lower case (punycode), no default port, no query, no
 * fragment, no slash at the end. A path stays, for instances behind a proxy.
 *
 * @throws SesameError ERR_INSECURE_URL; ERR_USAGE for the address of one call instead of the instance's
 */
export function normalizeIdaasUrl(text: string): string {
  const trimmed = pastedText(text)
  if (parseUrl(trimmed) === undefined) {
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('{what} is not a URL: {address}', { what: t('The IDaaS URL'), address: shown(trimmed) }),
      {
        hint: t(
          'It is the address of the IDaaS instance and looks like https://example.login.aliyunidaas.com.',
        ),
      },
    )
  }
  const url = parseSecureUrl(trimmed, t('The IDaaS URL'))
  const path = url.pathname.replace(/\/+$/, '')
  if (path.includes('/api/public/')) {
    throw new SesameError('ERR_USAGE', t('The IDaaS URL is the address of one call, not of the instance.'), {
      hint: t('Leave out everything from /api/public/ on: {origin}', { origin: url.origin }),
    })
  }
  return url.origin + path
}

/** The uuid in the application's details: it becomes one segment of a path. @throws SesameError ERR_USAGE */
export function checkApplicationUuid(text: string): string {
  const uuid = text.trim()
  if (!/^\w[\w.-]{0,127}$/.test(uuid)) throw unusable('application uuid', uuid)
  return uuid
}

/** The appKey in the application's details. @throws SesameError ERR_USAGE */
export function checkAppKey(text: string): string {
  const appKey = text.trim()
  if (!/^[\x21-\x7e]{1,256}$/.test(appKey)) throw unusable('app key', appKey)
  return appKey
}

/** The version of the interface as it is in its paths, `v1.2`; `1.2` is taken too. @throws SesameError ERR_USAGE */
export function checkApiVersion(text: string): string {
  const version = /^v?(\d{1,4}(?:\.\d{1,4}){0,3})$/i.exec(text.trim())?.[1]
  if (version === undefined) throw unusable('API version', text.trim(), 'It looks like v1.2.')
  return `v${version}`
}

function unusable(
  what: FixedText,
  text: string,
  hint: FixedText = 'It is in the details of the application in IDaaS.',
): SesameError {
  const message = t('Invalid IDaaS {what}: {value}', { what: t(what), value: shown(text) })
  return new SesameError('ERR_USAGE', message, { hint: t(hint) })
}

function shown(text: string): string {
  return printable(text.replace(/\/\/[^/?#]*@/, '//…@'), 80) || t('(empty)')
}
