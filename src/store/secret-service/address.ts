export interface BusLocation {
  /** `DBUS_SESSION_BUS_ADDRESS` */
  address: string | undefined
  /** `XDG_RUNTIME_DIR` */
  runtimeDirectory: string | undefined
}

export interface BusAddresses {
  /** Unix sockets in the order in which they are to be tried, as `net.connect` takes them (an abstract one begins with NUL). */
  sockets: readonly string[]
  /** What else the variable names: transports that we do not speak (`tcp:`, `unixexec:`), or none at all (`disabled:`). */
  others: readonly string[]
}

/**
 * Where the session bus may be (D-Bus Specification, "Server Addresses"). A server that has ended leaves its address in long-lived
 * environments (tmux, screen), so the socket of the runtime directory is tried last, unless the variable names no socket at all.
 */
export function busAddresses({ address, runtimeDirectory }: BusLocation): BusAddresses {
  const usual = runtimeDirectory ? [`${runtimeDirectory}/bus`] : []
  if (!address) return { sockets: usual, others: [] }
  const sockets: string[] = []
  const others: string[] = []
  for (const entry of address.split(';')) {
    if (entry === '') continue
    const found = socketsOf(entry, usual)
    if (found === undefined) others.push(transportOf(entry))
    else sockets.push(...found)
  }
  const tried = sockets.length === 0 && others.length > 0 ? [] : [...sockets, ...usual]
  return { sockets: [...new Set(tried)], others }
}

/** The sockets of one address; undefined for one that is none. `autolaunch:` leaves the place to the machine. */
function socketsOf(entry: string, usual: readonly string[]): readonly string[] | undefined {
  if (transportOf(entry) === 'autolaunch:') return usual
  if (transportOf(entry) !== 'unix:') return undefined
  const pairs = entry.slice('unix:'.length).split(',')
  const values = new Map(pairs.map(keyAndValue))
  const path = values.get('path')
  const abstract = values.get('abstract')
  if (path) return [path]
  if (abstract) return [`\0${abstract}`]
  return values.get('runtime') === 'yes' ? usual : undefined
}

function transportOf(entry: string): string {
  return entry.slice(0, entry.indexOf(':') + 1) || entry
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
