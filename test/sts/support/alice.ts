import { onTestFinished } from 'vitest'
import type { StsOptions, StsRole, StsUser } from '../../../mocks/sts.ts'
import { createFetch } from '../../../src/http/index.ts'
import type { Clock } from '../../../src/kit/clock.ts'
import type { Credentials } from '../../../src/kit/credentials.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { Secret } from '../../../src/kit/secret.ts'
import type { StsContext } from '../../../src/sts/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { startTestSts, type TestSts } from '../../support/sts.ts'

export const account = '1234567890123456'
export const arnOf = (name: string) => `acs:ram::${account}:role/${name}`

/** A RAM user with a long-lived key. */
export const alice: StsUser = {
  arn: `acs:ram::${account}:user/alice`,
  accessKeyId: 'LTAI5tAliceAliceAliceAl1',
  accessKeySecret: 'A1iceSecretA1iceSecretA1iceSe',
}

/** One role after the other: alice may assume dev, dev may assume test, test may assume prod. */
export const chain: StsRole[] = [
  { arn: arnOf('dev'), trust: [alice.arn], maxSessionSeconds: 7200 },
  { arn: arnOf('test'), trust: [arnOf('dev')] },
  { arn: arnOf('prod'), trust: [arnOf('test')], externalId: 'abcd1234' },
]

export interface World {
  sts: TestSts
  clock: Clock
  context: StsContext
}

/** A mock STS that knows alice and her roles, and the context to call it. It ends with the test. */
export async function openSts(
  options: StsOptions = {},
  clock: Clock = fakeClock(new Date()),
): Promise<World> {
  const sts = await startTestSts({ users: [alice], roles: chain, ...options })
  const fetch = createFetch({
    version: '1.2.3',
    proxy: {},
    log: silentLog,
    clock,
    requestTimeoutMs: 5_000,
  })
  onTestFinished(async () => {
    await fetch.close()
    await sts.stop()
  })
  const context = { endpoint: sts.url, fetch, clock, random: () => 0, signal: new AbortController().signal }
  return { sts, clock, context }
}

/** Credentials of a session of a role, to begin with. */
export function sessionOf(sts: TestSts, role: string, seconds?: number): Credentials {
  const key = sts.issueSession(arnOf(role), 'alice', seconds)
  return {
    accessKeyId: key.identity.accessKeyId,
    accessKeySecret: new Secret(key.accessKeySecret),
    securityToken: new Secret(key.securityToken),
    expiresAt: key.identity.expiresAt,
  }
}
