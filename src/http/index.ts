export { isRefused, readServerError, sameCode } from './error-members.ts'
export { createFetch, type FetchOptions, type SesameFetch } from './fetch.ts'
export { refuseUncheckedTls } from './outgoing-request.ts'
export { readProxyEnvironment, wayTo } from './proxy/proxy.ts'
export { type ExchangeRecord, type ExchangeStep, recordExchanges } from './record/exchange-record.ts'
export { requestIdWord, serverWord } from './record/outline.ts'
export { openDebugLog } from './redaction/debug-sink.ts'
export { foreignText, scrub } from './redaction/scrub.ts'
export { type JsonAnswer, requestJson } from './request-json.ts'
export { isRetryable, isTransient, isTransientStatus, retryTransient } from './retry.ts'
export {
  bearerError,
  isTransientAnswer,
  serverError,
  unusableAnswer,
} from './server-error.ts'
export {
  defaultRoots,
  pemBlocks,
  readExtraCertificates,
  readOwnCertificates,
} from './trust.ts'
