import { type CloudSso, type CloudSsoOptions, type Directory, startCloudSso } from '../../mocks/index.ts'
import { recordSecrets } from './record.ts'

/** A directory with one account and one access configuration: a login that needs no choice. */
export const oneRole: Directory = {
  accounts: [
    {
      AccountId: '1432949406168187',
      DisplayName: 'development',
      configurations: [
        {
          AccessConfigurationId: 'ac-01jpbjjez9lspbg18c61',
          AccessConfigurationName: 'admin',
          AccessConfigurationDescription: '',
        },
      ],
    },
  ],
}

export interface TestPortal extends CloudSso {
  /** Requests so far, as `POST /token`. */
  calls(): string[]
  /** Ends it and puts its secrets on the list of what no output may hold. */
  stop(): Promise<void>
}

/** A portal with one role, quick polls and an approving person, unless the options say otherwise. */
export async function startPortal(options: CloudSsoOptions = {}): Promise<TestPortal> {
  const portal = await startCloudSso({
    intervalSeconds: 0.2,
    approve: 'auto',
    // A copy: tests change what a portal has, and others run beside them.
    directory: structuredClone(oneRole),
    ...options,
  })
  const calls = () => portal.requests.map(({ method, path }) => `${method} ${path}`)
  const stop = async () => {
    recordSecrets(portal.issued)
    recordSecrets(portal.receivedVerifiers.map((value) => ({ kind: 'code-verifier', value })))
    await portal.close()
  }
  // `portal` has live getters: it is extended, not copied.
  return Object.assign(portal, { calls, stop })
}
