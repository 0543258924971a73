import type { CloudSsoOptions, StsOptions, StsRole } from '../../mocks/index.ts'
import { must } from './oidc-world.ts'
import { startPortal } from './portal.ts'
import { startTestSts, type TestSts } from './sts.ts'
import { makeTestHome } from './test-home.ts'
import type { World } from './world.ts'

/** A portal, and an STS that knows the credentials it hands out. */
export interface RoleWorld extends World {
  sts: TestSts
}

const cloudRole = (name: string) => `acs:ram::1432949406168187:role/${name}`

/** The credentials of the portal open the first, each role the next. */
const roles: StsRole[] = [
  { arn: cloudRole('deployer'), trust: [cloudRole('sso')], maxSessionSeconds: 43_200 },
  { arn: cloudRole('auditor'), trust: [cloudRole('deployer')] },
]

/** A test in which `dev` is a profile of the portal, `deployer` a role of it, and `auditor` one of `deployer`. */
export function inRoleWorld(
  options: { portal?: CloudSsoOptions; sts?: StsOptions; env?: Record<string, string> },
  run: (world: RoleWorld) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const portal = await startPortal(options.portal)
    const otherIssuers = [{ issued: portal.issued, roleArn: cloudRole('sso') }]
    const sts = await startTestSts({ roles, otherIssuers, ...options.sts })
    const home = makeTestHome({}, options.env)
    const world = { portal, sts, home }
    try {
      await must(home.prepare(['configure', '--profile', 'dev', '--signin-url', portal.signInUrl]))
      await chainRole(world, 'deployer', 'dev')
      await chainRole(world, 'auditor', 'deployer')
      await run(world)
    } finally {
      await portal.stop()
      await sts.stop()
      home.remove()
    }
  }
}

/** Configures a role of the account on top of another profile. */
async function chainRole(
  { home, sts }: Pick<RoleWorld, 'home' | 'sts'>,
  name: string,
  source: string,
  words: readonly string[] = [],
): Promise<void> {
  const role = ['--source-profile', source, '--role-arn', cloudRole(name), '--sts-endpoint', sts.url]
  await must(home.prepare(['configure', '--profile', name, ...role, ...words]))
}

/** Credentials of a run's JSON, and whose they are to STS. */
export function identity({ sts }: Pick<RoleWorld, 'sts'>, json: string): string | undefined {
  return sts.identityOf(JSON.parse(json).access_key_id)?.arn
}
