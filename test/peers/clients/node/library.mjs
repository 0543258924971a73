/** The SDK for STS with the credentials of this package's library. */
import { createRequire } from 'node:module'
import { alibabaCloudCredential, createCredentialsProvider } from 'sesame-sso'
import { run } from './program.mjs'

const require = createRequire(import.meta.url)
const { $OpenApiUtil } = require('@alicloud/openapi-core')
const { default: Sts } = require('@alicloud/sts20150401')

await run((endpoint) => {
  const credential = alibabaCloudCredential(createCredentialsProvider({ profile: 'dev' }))
  const client = new Sts(new $OpenApiUtil.Config({ credential, endpoint, protocol: 'http' }))
  return async () => (await client.getCallerIdentity()).body.accountId
})
