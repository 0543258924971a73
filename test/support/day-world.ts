import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestIdaas, type TestIdaas } from './idaas.ts'
import { type Keyring, startKeyring } from './keyring.ts'
import { startTestOidc, type TestOidc } from './oidc.ts'
import { providerArn, roleArn } from './oidc-world.ts'
import { startPortal, type TestPortal } from './portal.ts'
import { makeRuntimeDirectory } from './runtime-directory.ts'
import { secretItems } from './secret-items.ts'
import { type Finished, type Running, runSesame, startSesame } from './sesame.ts'
import { account } from './several-accounts.ts'
import { startTestSts, type TestSts } from './sts.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

type Where = { env?: Record<string, string>; input?: string }

/** A user's machine with a real keyring and a session, and every server that this user signs in to. */
export interface DayWorld {
  portal: TestPortal
  oidc: TestOidc
  sts: TestSts
  idaas: readonly [TestIdaas, TestIdaas]
  keyring: Keyring
  home: TestHome
  /** What every process of the session has in its environment. */
  session: Record<string, string>
  run(words: readonly string[], where?: Where): Promise<Finished>
  start(words: readonly string[], where?: Where): Running
  /** How often a user had to approve a sign-in so far, at the portal and at the OIDC provider. */
  approvals(): { portal: number; oidc: number }
  /** Every secret that a server gave out so far. */
  given(): string[]
  /** Where those secrets are: paths of files, and the names of items in the keyring. */
  holders(secrets?: readonly string[]): string[]
  end(): Promise<void>
}

export const day = {
  accounts: [account('1432949406168187', 'development'), account('1432949406176106', 'operations')] as const,
  roles: ['sso', 'developer', 'deployer', 'auditor'].map(roleArn),
}

export async function beginDay(): Promise<DayWorld> {
  const [portal, oidc, ...idaas] = await Promise.all([
    startPortal({ directory: { accounts: day.accounts.map((each) => withDescriptions(each)) } }),
    startTestOidc(),
    startTestIdaas(),
    startTestIdaas(),
  ])
  const clientIds = Object.values(oidc.clients).map(({ clientId }) => clientId)
  const sts = await startTestSts({
    roles: [
      { arn: roleArn('developer'), trust: [providerArn] },
      { arn: roleArn('deployer'), trust: [roleArn('developer')] },
      { arn: roleArn('auditor'), trust: [roleArn('sso')] },
    ],
    oidcProviders: [{ arn: providerArn, issuer: oidc.issuer, clientIds, keys: `${oidc.url}/jwks` }],
    otherIssuers: [{ issued: portal.issued, roleArn: roleArn('sso') }],
  })
  const keyring = await startKeyring({ mode: 'unlocked' })
  const runtime = makeRuntimeDirectory()
  const home = makeTestHome({}, {})
  const session = {
    DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '',
    XDG_RUNTIME_DIR: runtime.path,
  }
  const options = ({ env, ...rest }: Where = {}) => ({
    home: home.home,
    env: { ...session, ...env },
    ...rest,
  })
  const given = () => [
    ...new Set(
      [portal, oidc, sts, ...idaas].flatMap(({ issued }) =>
        // What the user has typed in is not given out.
        issued.flatMap(({ kind, value }) => (/app-secret|client-secret/.test(kind) ? [] : [value])),
      ),
    ),
  ]
  const filesOf = (directory: string) =>
    readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    )
  const holders = (secrets = given()) => {
    const found = [home.home, runtime.path].flatMap(filesOf).filter((path) => {
      const text = readFileSync(path, 'latin1')
      return isEncryptedItem(path) || secrets.some((secret) => text.includes(secret))
    })
    const items = secretItems(keyring)
    return secrets.some((secret) => items.secrets.includes(secret)) ? [...found, ...items.names] : found
  }
  const count = (calls: string[], call: string) => calls.filter((each) => each === call).length
  return {
    portal,
    oidc,
    sts,
    idaas,
    keyring,
    home,
    session,
    run: (words, where) => runSesame(words, options(where)),
    start: (words, where) => startSesame(words, options(where)),
    approvals: () => ({
      portal: count(portal.calls(), 'POST /device-authorization'),
      oidc: count(oidc.calls(), 'POST /device/auth'),
    }),
    given,
    holders,
    end: async () => {
      await Promise.all([portal, oidc, sts, ...idaas, keyring].map((each) => each.stop()))
      runtime.remove()
      home.remove()
    },
  }
}

/** What is inside cannot be searched: each one counts, whatever it holds. */
function isEncryptedItem(path: string): boolean {
  return /\/secrets\/[^./][^/]*\.json$/.test(path)
}

function withDescriptions({ configurations, ...rest }: (typeof day.accounts)[number]) {
  return {
    ...rest,
    configurations: configurations.map((each) => ({ ...each, AccessConfigurationDescription: '' })),
  }
}
