/** Names and addresses of this machine, as NO_PROXY lists them. */
const loopback = ['127.0.0.1', 'localhost', '::1']

/** An environment in which no request to this machine goes through a proxy. */
export interface WithoutProxy {
  env: Record<string, string>
  /** The variables that were taken out, as they were spelled. */
  removed: string[]
}

/**
 * For a child that asks a server on loopback: the address, whose path is a secret, must not reach a proxy. Loopback is added to
 * NO_PROXY and no_proxy. The Python SDK takes a proxy for http whatever they say, so HTTP_PROXY goes out, in every spelling;
 * HTTPS_PROXY stays. A list of `*` covers loopback already, and only when it stands alone.
 */
export function withoutProxyForLoopback(
  base: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): WithoutProxy {
  const isNamed = (name: string, wanted: string) => name.toLowerCase() === wanted
  const removed = Object.keys(base).filter((name) => isNamed(name, 'http_proxy') && base[name])
  const kept = Object.entries(base).flatMap(([name, value]) =>
    value === undefined || ['http_proxy', 'no_proxy'].includes(name.toLowerCase())
      ? []
      : [[name, value] as const],
  )
  const lists = Object.keys(base).filter((name) => isNamed(name, 'no_proxy'))
  const named = lists.flatMap((name) => (base[name] ?? '').split(/[\s,]+/)).filter((host) => host !== '')
  const list = named.includes('*') ? '*' : [...new Set([...named, ...loopback])].join(',')
  const names = platform === 'win32' ? ['NO_PROXY'] : ['NO_PROXY', 'no_proxy']
  const env = {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(names.map((name) => [name, list])),
  }
  return { env, removed }
}
