export interface BusLocation {
  /** `DBUS_SESSION_BUS_ADDRESS` */
  address: string | undefined
  /** `XDG_RUNTIME_DIR` */
  runtimeDirectory: string | undefined
}

/**
 * The Unix sockets of a session bus, in the order in which they are to be tried, as `net.connect` takes them (an
 * abstract socket begins with NUL). Empty when no address is known; `unsupported` when there is one, but none of a kind
 * that we speak (tcp:, launchd:, unixexec:). D-Bus Specification, "Server Addresses".
 */
export function busSockets({ address, runtimeDirectory }: BusLocation): string[] | 'unsupported' {
  const fallback = runtimeDirectory ? [`${runtimeDirectory}/bus`] : []
  if (!address) return fallback
  const sockets: string[] = []
  for (const entry of address.split(';')) {
    if (entry === '') continue
    const colon = entry.indexOf(':')
    if (entry.slice(0, colon) !== 'unix') continue
    const values = new Map(
      entry
        .slice(colon + 1)
        .split(',')
        .map(keyAndValue),
    )
    const path = values.get('path')
    const abstract = values.get('abstract')
    if (path !== undefined) sockets.push(path)
    else if (abstract !== undefined) sockets.push(`\0${abstract}`)
    else if (values.get('runtime') === 'yes') sockets.push(...fallback)
  }
  return sockets.length === 0 ? 'unsupported' : sockets
}

function keyAndValue(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return [pair.slice(0, equals), unescaped(pair.slice(equals + 1))]
}

/** `%xx` stands for a byte, so several of them can make one UTF-8 character. Anything else stays as it is. */
function unescaped(value: string): string {
  if (!value.includes('%')) return value
  const bytes = value.replace(/%([0-9a-fA-F]{2})|([^\u0000-\u007f])/g, (match, hex?: string) =>
    hex === undefined ? Buffer.from(match).toString('latin1') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
