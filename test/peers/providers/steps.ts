import type { Steps } from '../peer.ts'
import { codeLogin, denied, deviceLogin, otherClient, unknownClient, wrongSecret } from './login-steps.ts'
import { deadAfterLogout, deadRefreshToken, logout } from './logout-steps.ts'
import type { Provider } from './provider.ts'
import { lostAnswer, silentRefresh, tenAtExpiry } from './refresh-steps.ts'
import { assumeRole, discovery, doctor, tokenGet, verifyIdToken } from './token-steps.ts'
import { configure, inProviderWorld, type ProviderWorld } from './world.ts'

interface Step {
  /** As `known` and `lacks` name it. */
  name: string
  /** What is tried, for a reader of the table. */
  what: string
  run(world: ProviderWorld): Promise<void>
}

/** The steps in order. */
export const providerSteps: readonly Step[] = [
  {
    name: 'configure',
    what: '`sesame configure` with issuer, client and secret',
    run: (world) => configure(world, 'main', world.provider.clients.main),
  },
  { name: 'discovery', what: 'its discovery document is read and believed', run: discovery },
  { name: 'device login', what: 'sign-in by device code', run: deviceLogin },
  { name: 'token get', what: 'an access token for programs', run: tokenGet },
  { name: 'verify', what: 'the ID token is verified by its key set', run: verifyIdToken },
  {
    name: 'AssumeRoleWithOIDC',
    what: 'a RAM role by ID token, at a mock of STS that checks the token; again at expiry',
    run: assumeRole,
  },
  { name: 'silent refresh', what: 'at expiry a new token, by one request', run: silentRefresh },
  { name: 'ten processes at expiry', what: 'one of them renews for all', run: tenAtExpiry },
  {
    name: 'lost answer',
    what: 'it renewed and the answer was lost: a token, or the command that signs in',
    run: lostAnswer,
  },
  { name: 'doctor', what: '`sesame doctor` finds issuer, profile and clock in order', run: doctor },
  {
    name: 'dead refresh token',
    what: 'its sessions were ended: exit code 3 and the command that signs in',
    run: deadRefreshToken,
  },
  { name: 'logout', what: 'nothing stays here, and it is asked to revoke', run: logout },
  { name: 'tokens dead after logout', what: 'a copy of the tokens is worth nothing', run: deadAfterLogout },
  { name: 'denied', what: 'the user refuses: exit code 4', run: denied },
  { name: 'unknown client', what: 'the error names the client id', run: unknownClient },
  { name: 'wrong secret', what: 'the error names client id and secret', run: wrongSecret },
  {
    name: 'secret with special characters',
    what: 'a client whose secret needs encoding',
    run: (world) => otherClient(world, 'special'),
  },
  {
    name: 'post-bound client',
    what: 'a client that is held to `client_secret_post`',
    run: (world) => otherClient(world, 'post'),
  },
  { name: 'code login', what: 'sign-in by authorization code, in Chromium', run: codeLogin },
]

/** Runs every step with one provider, the same for all. */
export async function runProvider(provider: Provider, steps: Steps): Promise<void> {
  const { lacks = {} } = provider
  const stray = Object.keys(lacks).find((name) => !providerSteps.some((step) => step.name === name))
  if (stray !== undefined) throw new Error(`there is no step "${stray}" that it could lack`)
  return inProviderWorld(provider, async (world) => {
    for (const { name, run } of providerSteps) {
      const why = lacks[name]
      if (why !== undefined) steps.skip(name, why)
      else await steps.step(name, () => run(world))
    }
  })
}
