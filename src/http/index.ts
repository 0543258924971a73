export { bearerError } from './bearer-error.ts'
export { createFetch, type FetchOptions, type SesameFetch } from './fetch.ts'
export { readProxyEnvironment } from './proxy/proxy.ts'
export { wayTo } from './proxy/proxy-for-url.ts'
export { requestIdWord, serverWord } from './record/body-outline.ts'
export { type ExchangeRecord, type ExchangeStep, recordExchanges } from './record/exchange-record.ts'
export { openDebugLog } from './redaction/debug-sink.ts'
export { foreignText, scrub } from './redaction/scrub.ts'
export { type JsonAnswer, requestJson } from './request-json.ts'
export { retryTransient } from './retry.ts'
export {
  isRefused,
  isTransientAnswer,
  readServerError,
  sameCode,
  serverError,
  unusableAnswer,
} from './server-error.ts'
export {
  defaultRoots,
  pemBlocks,
  readExtraCertificates,
  readOwnCertificates,
  refuseUncheckedTls,
} from './tls/trust.ts'
export { isRetryable, isTransient, isTransientStatus } from './transient.ts'
