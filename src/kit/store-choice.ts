/** What `--store` and `SESAME_STORE` accept. */
export const storeChoices = ['auto', 'keychain', 'encrypted-file', 'plaintext', 'memory'] as const
export type StoreChoice = (typeof storeChoices)[number]

/** Where secrets can be kept. `plaintext` is never chosen, only named. */
export type StoreKind = Exclude<StoreChoice, 'auto'>
