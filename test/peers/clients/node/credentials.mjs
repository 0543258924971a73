/** The SDK for STS with the default chain of `@alicloud/credentials`. */
import { createRequire } from 'node:module'
import { run } from './program.mjs'

const require = createRequire(import.meta.url)
const { default: Credential } = require('@alicloud/credentials')
const { $OpenApiUtil } = require('@alicloud/openapi-core')
const { default: Sts } = require('@alicloud/sts20150401')

await run((endpoint) => {
  const credential = new Credential()
  const client = new Sts(new $OpenApiUtil.Config({ credential, endpoint, protocol: 'http' }))
  return async () => (await client.getCallerIdentity()).body.accountId
})
