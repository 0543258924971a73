export { type Bundle, makeBundle } from './bundle.ts'
export { diagnose } from './diagnose.ts'
export {
  failureRecord,
  forgetFailure,
  keepFailure,
  lastFailure,
} from './failure-record.ts'
export type { Finding } from './finding.ts'
export type { Hands, Remedy } from './remedy.ts'
export type { StoreInspection } from './store.ts'
