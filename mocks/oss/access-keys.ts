/** A key that the mock knows. */
export interface OssAccessKey {
  accessKeyId: string
  accessKeySecret: string
  /** Of temporary keys: without it, or with another one, the key is refused. */
  securityToken?: string | undefined
  expiresAt?: Date | undefined
}

/** Finds a key by its id. */
export type OssKeyLookup = (accessKeyId: string) => OssAccessKey | undefined

export function keyLookup(keys: readonly OssAccessKey[] | OssKeyLookup): OssKeyLookup {
  if (typeof keys === 'function') return keys
  return (accessKeyId) => keys.find((key) => key.accessKeyId === accessKeyId)
}
