import { t } from '../../kit/index.ts'
import type { ProxyEnvironment } from './proxy.ts'

/**
 * The proxy that a request to this URL takes, with the variable that names it, as messages show it; undefined for a
 * direct connection.
 *
 * @throws SesameError ERR_PROXY when the variable's value cannot be used
 */
export async function wayTo(url: string, environment: ProxyEnvironment): Promise<string | undefined> {
  const { nameOfProxy, proxyFor } = await import('./proxy.ts')
  const { hostname, port } = new URL(url)
  const proxy = proxyFor(hostname, port === '' ? 443 : Number(port), environment)
  return proxy && t('proxy {proxy}', { proxy: nameOfProxy(proxy) })
}
