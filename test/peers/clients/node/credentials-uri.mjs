/** The SDK for STS with the type `credentials_uri` of `@alicloud/credentials`, without its default chain. */
import { createRequire } from 'node:module'
import { run } from './program.mjs'

const require = createRequire(import.meta.url)
const { default: Credential, Config } = require('@alicloud/credentials')
const { $OpenApiUtil } = require('@alicloud/openapi-core')
const { default: Sts } = require('@alicloud/sts20150401')

await run((endpoint) => {
  const credentialsURI = process.env.ALIBABA_CLOUD_CREDENTIALS_URI
  const credential = new Credential(new Config({ type: 'credentials_uri', credentialsURI }))
  const client = new Sts(new $OpenApiUtil.Config({ credential, endpoint, protocol: 'http' }))
  return async () => (await client.getCallerIdentity()).body.accountId
})
