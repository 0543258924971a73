import type { ExchangeRecord, SesameFetch } from '../http/index.ts'
import { type Clock, type Log, version } from '../kit/index.ts'

/** Our fetch as the environment wants it: its proxies, its certificates. What is sent by it is recorded. */
export async function openFetch(
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  log: Log,
  onRecord?: (record: ExchangeRecord) => void,
): Promise<SesameFetch> {
  const { createFetch, readProxyEnvironment, recordExchanges } = await import('../http/index.ts')
  const record = recordExchanges()
  onRecord?.(record)
  return createFetch({
    version,
    proxy: readProxyEnvironment(env),
    caFile: env.SESAME_CA_FILE,
    extraCaFile: env.NODE_EXTRA_CA_CERTS,
    tlsRejectUnauthorized: env.NODE_TLS_REJECT_UNAUTHORIZED,
    log,
    clock,
    onExchange: record.note,
  })
}
