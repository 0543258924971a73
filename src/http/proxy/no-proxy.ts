/** Loaded when NO_PROXY exempts something: an executable takes 4 ms for it. */
const net = (): typeof import('node:net') => process.getBuiltinModule('node:net')
const isIP = (host: string): number => net().isIP(host)

/**
 * Does NO_PROXY exempt this host? Entries are separated by commas or spaces:
 * - `*` exempts everything;
 * - `example.com`, `.example.com` and `*.example.com` all mean the name and every name below it (as in curl);
 * - `10.1.2.3`, `::1`, `[::1]` mean that address;
 * - `10.0.0.0/8`, `fd00::/8` mean a network; names are not resolved for it;
 * - `example.com:8443`, `[::1]:8443` hold for that port only.
 *
 * @param hostname as `URL.hostname` spells it, or an IPv6 address without brackets
 */
export function isExempt(noProxy: string, hostname: string, port: number): boolean {
  const host = plainHost(hostname)
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entryCovers(entry.toLowerCase(), host, port))
}

function entryCovers(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return networkCovers(entry, host)
  const { name, onlyPort } = splitPort(entry)
  if (onlyPort !== undefined && onlyPort !== port) return false
  if (isIP(name)) return sameAddress(name, host)
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '')
  return domain !== '' && (host === domain || (!isIP(host) && host.endsWith(`.${domain}`)))
}

function splitPort(entry: string): { name: string; onlyPort?: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry)
  const match = bracketed ?? (isIP(entry) === 6 ? undefined : /^([^:]+):(\d+)$/.exec(entry))
  if (!match?.[1]) return { name: entry }
  return match[2] === undefined ? { name: match[1] } : { name: match[1], onlyPort: Number(match[2]) }
}

function networkCovers(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/')
  const address = network.replace(/^\[|\]$/g, '')
  const version = isIP(address)
  if (version === 0 || version !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (version === 4 ? 32 : 128)) return false
  const list = new (net().BlockList)()
  list.addSubnet(address, Number(bits), family(version))
  return list.check(host, family(version))
}

function sameAddress(a: string, b: string): boolean {
  if (isIP(a) !== isIP(b)) return false
  const list = new (net().BlockList)()
  list.addAddress(a, family(isIP(a)))
  return list.check(b, family(isIP(b)))
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4'
}

function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}
