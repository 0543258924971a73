import type { World } from './world.ts'

/** An account with access configurations whose ids tell where they belong. */
export const account = (AccountId: string, DisplayName: string, configurations = ['admin']) => ({
  AccountId,
  DisplayName,
  configurations: configurations.map((name) => ({
    AccessConfigurationId: `ac-${AccountId}-${name}`,
    AccessConfigurationName: name,
  })),
})

/** Ids with a leading zero and of 19 digits, and two accounts of one name. */
export const several = {
  accounts: [
    account('0012345678901234', 'staging', ['admin', 'reader']),
    account('9223372036854775807', 'production'),
    account('1111111111111111', 'twin'),
    account('2222222222222222', 'twin'),
  ],
}

/** The roles that were asked for, as `account/configuration`. */
export function exchanged({ portal }: World): string[] {
  return portal.requests
    .filter(({ path }) => path === '/cloud-credentials')
    .map(({ body }) => body as { AccountId: string; AccessConfigurationId: string })
    .map(({ AccountId, AccessConfigurationId }) => `${AccountId}/${AccessConfigurationId}`)
}
