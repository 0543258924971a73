import { type OidcProvider, type OidcProviderOptions, startOidcProvider } from '../../mocks/oidc.ts'
import { recordSecrets } from './record.ts'

export interface TestOidc extends OidcProvider {
  /** What programs asked so far, as `POST /token`; what browsers did on the pages is left out. */
  calls(): string[]
  /** Ends it and puts its secrets on the list of what no output may hold. */
  stop(): Promise<void>
}

const ofPrograms = [
  '/.well-known/openid-configuration',
  '/jwks',
  '/device/auth',
  '/token',
  '/token/revocation',
  '/me',
]

/** The real oidc-provider with quick polls and an approving person, unless the options say otherwise. */
export async function startTestOidc(options: OidcProviderOptions = {}): Promise<TestOidc> {
  const provider = await startOidcProvider({ intervalSeconds: 0.2, approve: 'auto', ...options })
  const calls = () =>
    provider.requests
      .filter(({ path }) => ofPrograms.includes(path))
      .map(({ method, path }) => `${method} ${path}`)
  const stop = async () => {
    recordSecrets(provider.issued)
    await provider.close()
  }
  // `provider` has live getters: it is extended, not copied.
  return Object.assign(provider, { calls, stop })
}
