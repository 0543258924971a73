import type { Adapter, AdapterPayload } from 'oidc-provider'

export type MemoryStore = ReturnType<typeof createMemoryStore>

/** Everything oidc-provider remembers, in one map. Nothing is forgotten by age: the provider itself looks at `exp`. */
export function createMemoryStore() {
  const entries = new Map<string, AdapterPayload>()

  const all = (model: string) =>
    [...entries].filter(([key]) => key.startsWith(`${model}:`)).map(([, payload]) => payload)

  const revokeByGrantId = (grantId: string): void => {
    for (const [key, payload] of entries) {
      if (payload.grantId === grantId && !key.startsWith('Session:')) entries.delete(key)
    }
  }

  const adapter = (model: string): Adapter => ({
    upsert: async (id, payload) => void entries.set(`${model}:${id}`, payload),
    find: async (id) => entries.get(`${model}:${id}`),
    findByUserCode: async (userCode) => all(model).find((payload) => payload.userCode === userCode),
    findByUid: async (uid) => all(model).find((payload) => payload.uid === uid),
    async consume(id) {
      const payload = entries.get(`${model}:${id}`)
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => void entries.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId) => revokeByGrantId(grantId),
  })

  const removeAll = (model: string): number => {
    const keys = [...entries.keys()].filter((key) => key.startsWith(`${model}:`))
    for (const key of keys) entries.delete(key)
    return keys.length
  }

  return {
    adapter,
    /** Whether this device code waits for a person. */
    isPending(deviceCode: string): boolean {
      const payload = entries.get(`DeviceCode:${deviceCode}`)
      const expired = (payload?.exp ?? 0) * 1000 <= Date.now()
      return payload !== undefined && !payload.accountId && !payload.error && !expired
    },
    /** Every refresh token and every code handed out so far is worth nothing. Says how many grants there were. */
    revokeGrants(): number {
      for (const model of ['RefreshToken', 'AuthorizationCode', 'AccessToken']) removeAll(model)
      return removeAll('Grant')
    },
    /** Browsers have to sign in again. */
    removeSessions: () => removeAll('Session'),
  }
}
