import { beforeEach, describe, expect, test } from 'vitest'
import { type Config, emptyState, type Profile, withProfile } from '../../src/profiles/index.ts'
import { forgetUnreachable } from '../../src/session/change-config.ts'
import { credentialsKey } from '../../src/session/kinds/item-names.ts'
import { resolveProfile } from '../../src/session/kinds/resolve-profile.ts'

const signInUrl = 'https://portal.example/acme/login'
const rules = { cloudSsoClientId: 'client', storeOverride: () => undefined }
const keyOf = (accountId: string) =>
  credentialsKey({ signInUrl, clientId: 'client', accountId, accessConfigurationId: 'ac-1' })
const at = (accountId: string) => ({
  kind: 'cloudsso' as const,
  accountId,
  accessConfigurationId: 'ac-1',
  store: 'plaintext' as const,
})

/** What is removed when `dev`, which used account 1, goes to account 2. */
async function move(before: Config, to = '2'): Promise<string[]> {
  const removed: string[] = []
  const store = {
    kind: 'memory' as const,
    read: async () => undefined,
    write: async () => {},
    remove: async (key: string) => removed.push(key) > 0,
  }
  const after = withProfile(before, 'dev', at(to))
  await forgetUnreachable(before, after, {
    ...rules,
    openStore: async () => store,
    state: { read: () => ({ ...emptyState, movedIn: true }), change: async (change) => change(emptyState) },
    warn: () => {},
    log: () => {},
  })
  return removed
}

describe('[case 41] the account that a profile leaves', () => {
  let profiles: Map<string, ReturnType<typeof at>>
  beforeEach(() => {
    profiles = new Map([['dev', at('1')]])
  })

  test('leaves no credentials behind', async () => {
    expect(await move({ signInUrl, profiles })).toEqual([keyOf('1')])
  })

  test('stays when nothing changes, or when another profile uses it', async () => {
    expect(await move({ signInUrl, profiles }, '1')).toEqual([])
    expect(await move({ signInUrl, profiles: profiles.set('ops', at('1')) })).toEqual([])
  })

  test('goes when the other profile is of another directory', async () => {
    const other = { ...at('1'), signInUrl: 'https://other.example/acme/login' }
    expect(await move({ signInUrl, profiles: profiles.set('ops', other) })).toEqual([keyOf('1')])
  })

  test('takes the roles built upon it along, but not those that another profile finds, too', async () => {
    const role = (roleArn: string, sourceProfile: string) =>
      ({ kind: 'role', roleArn, sourceProfile, store: 'plaintext' }) as const
    const config: Config = {
      signInUrl,
      profiles: new Map<string, Profile>([
        ['dev', at('1')],
        ['deployer', role('acs:ram::1:role/deployer', 'dev')],
        ['auditor', role('acs:ram::1:role/auditor', 'deployer')],
        ['ops', at('1')],
        ['ops-deployer', role('acs:ram::1:role/deployer', 'ops')],
      ]),
    }
    const chained = resolveProfile('auditor', config, rules).items.credentials
    expect(await move(config)).toEqual([chained])
  })
})
