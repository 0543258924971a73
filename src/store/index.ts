export { busRemark } from './bus-owner.ts'
export type { CredentialStore, StoreKind } from './credential-store.ts'
export type { BusLocation } from './dbus-address.ts'
export { probeSecretService, type SecretServiceState } from './dbus-probe.ts'
export type { KeychainState } from './keychain.ts'
export {
  type EncryptedFileFacts,
  type ManagedFile,
  manageEncryptedFile,
  type NewKey,
} from './manage-encrypted.ts'
export { memoryStore } from './memory.ts'
export { type OpenedStore, type OpenStoreOptions, openStore, type StoreChoice } from './open-store.ts'
export type { PassphraseSource } from './store-keys.ts'
