import { expect, onTestFinished, test } from 'vitest'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRole, requestCloudCredentials } from '../../src/sts/index.ts'
import { signIn } from '../mocks/portal-client.ts'
import { oneRole, startPortal } from '../support/portal.ts'
import { account, arnOf, openSts } from './support/alice.ts'

test('credentials of the CloudSSO portal assume a role', async () => {
  const portal = await startPortal({ intervalSeconds: 0 })
  onTestFinished(() => portal.stop())
  const roleArn = arnOf('AliyunReservedSSO-admin')
  const { sts, context } = await openSts({
    otherIssuers: [{ issued: portal.issued, roleArn }],
    roles: [{ arn: arnOf('dev'), trust: [roleArn] }],
  })
  const assigned = oneRole.accounts[0]
  const { credentials } = await requestCloudCredentials({
    ...context,
    signInUrl: portal.signInUrl,
    accessToken: new Secret(await signIn(portal)),
    accountId: assigned?.AccountId ?? '',
    accessConfigurationId: assigned?.configurations[0]?.AccessConfigurationId ?? '',
  })
  const issued = await assumeRole({ roleArn: arnOf('dev'), roleSessionName: 'alice', credentials }, context)
  expect(sts.identityOf(issued.credentials.accessKeyId)).toMatchObject({
    arn: `acs:ram::${account}:assumed-role/dev/alice`,
    via: credentials.accessKeyId,
  })
  expect(sts.violations).toEqual([])
})
