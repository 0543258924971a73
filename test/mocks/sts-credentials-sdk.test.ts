import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { makeServerTls } from '../../mocks/index.ts'
import { Secret } from '../../src/kit/secret.ts'
import { assumeRoleWithOidc } from '../../src/sts/index.ts'
import { openFetch } from '../http/support/open-fetch.ts'
import { arnOf, openSts } from '../sts/support/alice.ts'
import { makeProvider, providerArn } from '../sts/support/provider.ts'

const root = join(import.meta.dirname, '..', '..')

/** `@alicloud/credentials` with an OIDC role: it speaks https only, so its CA comes from the environment. */
const program = `
  const { default: Credential, Config } = require('@alicloud/credentials')
  const [roleArn, oidcProviderArn, oidcTokenFilePath, stsEndpoint] = process.argv.slice(1)
  const options = { roleArn, oidcProviderArn, oidcTokenFilePath, stsEndpoint, roleSessionName: 'alice' }
  const credential = new Credential(new Config({ type: 'oidc_role_arn', durationSeconds: 3600, ...options }))
  credential.getCredential().then(({ accessKeyId }) => console.log(accessKeyId))
`

test('@alicloud/credentials and we send the same AssumeRoleWithOIDC', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sesame-sts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const tls = makeServerTls()
  const provider = await makeProvider()
  const { sts, context } = await openSts({
    tls,
    oidcProviders: [provider.registration],
    roles: [{ arn: arnOf('dev'), trust: [providerArn] }],
  })
  const token = await provider.token()
  const [caFile, tokenFile] = [join(folder, 'ca.pem'), join(folder, 'token')]
  await Promise.all([writeFile(caFile, tls.ca), writeFile(tokenFile, token)])

  const words = ['-e', program, arnOf('dev'), providerArn, tokenFile, sts.host]
  const env = { PATH: process.env.PATH, HOME: folder, NODE_EXTRA_CA_CERTS: caFile }
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root, env })
  expect(sts.identityOf(stdout.trim())).toMatchObject({ via: 'oidc:alice' })

  const fetch = openFetch({ caFile })
  await assumeRoleWithOidc(
    {
      roleArn: arnOf('dev'),
      roleSessionName: 'alice',
      durationSeconds: 3600,
      oidcProviderArn: providerArn,
      idToken: new Secret(token),
    },
    { ...context, fetch },
  )
  const [theirs, ours] = sts.requests
  expect(ours?.method).toBe(theirs?.method)
  expect(ours?.body).toEqual(theirs?.body)
  expect(Object.keys(ours?.query ?? {}).sort()).toEqual(Object.keys(theirs?.query ?? {}).sort())
  expect(ours?.query.Timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(sts.violations).toEqual([])
})
