import type { Clock } from '../../../src/kit/clock.ts'

/** Credentials as the portal and STS hand them out. */
interface CloudKey {
  arn: string
  accessKeySecret: string
  securityToken: string
  expiresAt: Date
}

/** What STS knows of the cloud's keys, of every issuer. */
export interface CloudKeys {
  /** New credentials of a role session, as they stand in an answer. */
  issue(arn: string, seconds: number): Record<string, string>
  /** The key behind an access key id. */
  find(accessKeyId: string): CloudKey | undefined
  revoke(): void
}

export function cloudKeys(clock: Clock): CloudKeys {
  const keys = new Map<string, CloudKey>()
  let last = 0
  return {
    issue(arn, seconds) {
      const number = ++last
      const expiresAt = new Date(Math.floor(clock.now().getTime() / 1000 + seconds) * 1000)
      const accessKeyId = `STS.key-${number}`
      const key = { arn, accessKeySecret: `secret-${number}`, securityToken: `token-${number}`, expiresAt }
      keys.set(accessKeyId, key)
      return {
        AccessKeyId: accessKeyId,
        AccessKeySecret: key.accessKeySecret,
        SecurityToken: key.securityToken,
        Expiration: `${expiresAt.toISOString().slice(0, 19)}Z`,
      }
    },
    find: (accessKeyId) => keys.get(accessKeyId),
    revoke: () => keys.clear(),
  }
}
