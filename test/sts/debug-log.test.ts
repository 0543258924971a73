import { expect, test } from 'vitest'
import { createFetch } from '../../src/http/index.ts'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRole, assumeRoleWithOidc, getCallerIdentity } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { arnOf, chain, openSts, sessionOf } from './support/alice.ts'
import { makeProvider, providerArn } from './support/provider.ts'

test('no secret of a call is in the debug log; parameters, codes and RequestIds are', async () => {
  const provider = await makeProvider()
  const corp = { arn: arnOf('corp'), trust: [providerArn] }
  const { sts, context } = await openSts({
    oidcProviders: [provider.registration],
    roles: [...chain, corp],
  })
  const lines: string[] = []
  const log = (_: string, line: string) => void lines.push(line)
  const fetch = createFetch({ version: '1.2.3', proxy: {}, log, clock: context.clock })
  const logged = { ...context, fetch }
  const token = await provider.token()
  const credentials = sessionOf(sts, 'dev')

  const idToken = new Secret(token)
  const person = { roleArn: corp.arn, roleSessionName: 'alice', oidcProviderArn: providerArn, idToken }
  await assumeRoleWithOidc(person, logged)
  const policy = '{"Version":"1","Statement":[]}'
  await assumeRole({ roleArn: arnOf('test'), roleSessionName: 'alice', policy, credentials }, logged)
  await getCallerIdentity(credentials, logged)
  const absent = { roleArn: arnOf('absent'), roleSessionName: 'alice', credentials }
  const error = await failureOf(assumeRole(absent, logged))
  await fetch.close()

  const text = lines.join('\n')
  for (const secret of [token, ...sts.issued.map(({ value }) => value)]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
  }
  const signatures = sts.requests.map(({ headers }) => headers.authorization?.split('Signature=')[1])
  for (const signature of signatures) expect(text).not.toContain(signature ?? 'never there')
  expect(text).toContain('EntityNotExist.Role')
  expect(text).toContain((error as { requestId?: string }).requestId)
  expect(text).toContain(encodeURIComponent(arnOf('test')))
  expect(text).toMatch(/x-acs-action: AssumeRole/)
  expect(text).toMatch(/OIDCToken=\[redacted \d+ #/)
})
