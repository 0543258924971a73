export { diagnose } from './diagnose.ts'
export {
  type Bundle,
  failureRecord,
  forgetFailure,
  keepFailure,
  lastFailure,
  makeBundle,
} from './failure-record.ts'
export type { Finding } from './finding.ts'
export type { Hands, Remedy } from './remedy.ts'
export type { StoreInspection } from './store.ts'
