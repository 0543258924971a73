export { Claim, type Handover, sayOnce } from './handover.ts'
export { loadRest, ownProgram, sameProgram } from './own-program.ts'
export {
  composeReader,
  filesOf,
  type HostContext,
  passphraseSource,
  type Reader,
  storeContext,
} from './reader.ts'
