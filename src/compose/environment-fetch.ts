import type { SesameFetch } from '../http/index.ts'
import { type Clock, type Log, version } from '../kit/index.ts'

/** Our fetch as the environment wants it: its proxies, its certificates. */
export async function openFetch(
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  log: Log,
): Promise<SesameFetch> {
  const { createFetch, readProxyEnvironment } = await import('../http/index.ts')
  return createFetch({
    version,
    proxy: readProxyEnvironment(env),
    caFile: env.SESAME_CA_FILE,
    extraCaFile: env.NODE_EXTRA_CA_CERTS,
    tlsRejectUnauthorized: env.NODE_TLS_REJECT_UNAUTHORIZED,
    log,
    clock,
  })
}
