/** A proxy variable that is set, under the name that was read. */
export interface ProxySetting {
  variable: string
  value: string
}

/** The proxy variables of a process. A setting with an empty value means: no proxy, whatever the others say. */
export interface ProxyEnvironment {
  https?: ProxySetting
  http?: ProxySetting
  all?: ProxySetting
  /** Value of NO_PROXY. */
  noProxy?: string
}

/** Picks the proxy variables out of an environment. The lower-case name wins, as in curl. */
export function readProxyEnvironment(env: Record<string, string | undefined>): ProxyEnvironment {
  const https = read(env, 'https_proxy')
  const http = read(env, 'http_proxy')
  const all = read(env, 'all_proxy')
  const noProxy = read(env, 'no_proxy')
  return {
    ...(https && { https }),
    ...(http && { http }),
    ...(all && { all }),
    ...(noProxy && { noProxy: noProxy.value }),
  }
}

function read(env: Record<string, string | undefined>, name: string): ProxySetting | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = env[variable]
    if (value !== undefined) return { variable, value: value.trim() }
  }
  return undefined
}
