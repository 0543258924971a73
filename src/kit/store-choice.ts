/** Stores that hold secrets from one run to the next. `plaintext` is never chosen, only named. */
export const storeNames = ['keychain', 'encrypted-file', 'plaintext'] as const
export type StoreName = (typeof storeNames)[number]

/** Where secrets can be kept: in one of those, or in memory until the program ends. */
export type StoreKind = StoreName | 'memory'

/** What `--store` and `SESAME_STORE` accept; `auto` takes the best one that works. */
export const storeChoices = ['auto', ...storeNames, 'memory'] as const
export type StoreChoice = (typeof storeChoices)[number]
