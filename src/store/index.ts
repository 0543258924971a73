export type { CredentialStore } from './credential-store.ts'
export { memoryStore, withPrefix } from './credential-store.ts'
export {
  type EncryptedFileFacts,
  type ManagedFile,
  manageEncryptedFile,
} from './encrypted-file/manage-encrypted.ts'
export type { PassphraseSource } from './encrypted-file/store-keys.ts'
export type { KeychainState } from './keychain.ts'
export { type OpenStoreOptions, openStore } from './open-store.ts'
export { busRemark } from './secret-service/bus-owner.ts'
export type { Proof } from './self-test.ts'
export { fileStores, settleFiles } from './settle-files.ts'
