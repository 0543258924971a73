import { printable, SesameError, t } from '../../../kit/index.ts'

/** Reads `Name: value` of `--header`, as curl writes it. @throws SesameError ERR_USAGE */
export function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1)
      throw new SesameError(
        'ERR_USAGE',
        t('--header "{name}" has no colon.', { name: printable(line.split(' ', 1)[0] ?? '', 40) }),
        {
          hint: t('Write it as --header "Content-Type: text/csv".'),
        },
      )
    const name = line.slice(0, colon).trim().toLowerCase()
    if (headers.has(name))
      throw new SesameError('ERR_USAGE', t('--header {name} is given twice.', { name: printable(name, 40) }))
    headers.set(name, line.slice(colon + 1).trim())
  }
  return Object.fromEntries(headers)
}

/** Reads `name=value` of `--query`, neither of them percent-encoded; `name` alone has no value. */
export function parseQuery(members: readonly string[]): Record<string, string[]> {
  const query = new Map<string, string[]>()
  for (const member of members) {
    const equals = member.indexOf('=')
    const name = equals < 0 ? member : member.slice(0, equals)
    query.set(name, [...(query.get(name) ?? []), equals < 0 ? '' : member.slice(equals + 1)])
  }
  return Object.fromEntries(query)
}

/** Members of the address and those of `--query`; a name in both is ambiguous. @throws SesameError ERR_USAGE */
export function mergeQuery(
  ofAddress: Record<string, string[]>,
  ofOptions: Record<string, string[]>,
): Record<string, string[]> {
  const both = Object.keys(ofAddress).find((name) => Object.hasOwn(ofOptions, name))
  if (both !== undefined)
    throw new SesameError(
      'ERR_USAGE',
      t('{name} is in the address and in --query.', { name: printable(both, 40) }),
    )
  return { ...ofAddress, ...ofOptions }
}
