/** `ali-oss`, which has no chain, with the credentials of this package's library; signature V4 and V1 in turn. */
import OSS from 'ali-oss'
import { aliOssOptions, createCredentialsProvider } from 'sesame-sso'
import { run } from './program.mjs'

await run(async (address) => {
  const options = await aliOssOptions(createCredentialsProvider({ profile: 'dev' }))
  const place = { endpoint: `http://${address}`, region: 'oss-cn-hangzhou' }
  const connect = (authorizationV4) => new OSS({ ...options, ...place, authorizationV4 })
  const clients = [connect(true), connect(false)]
  let calls = 0
  return async () => (await clients[calls++ % 2].listBuckets()).buckets
})
