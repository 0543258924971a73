export type { StoreInspection } from './check-store.ts'
export { diagnose } from './diagnose.ts'
export type { Finding } from './finding.ts'
