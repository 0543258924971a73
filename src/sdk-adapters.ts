import type { CredentialsProvider } from './create-credentials-provider.ts'

/** What the official SDKs take as `credential`: the methods of `Credential` in `@alicloud/credentials` 2. */
export interface AlibabaCloudCredential {
  getCredential(): Promise<AlibabaCloudCredentialModel>
  getAccessKeyId(): Promise<string>
  getAccessKeySecret(): Promise<string>
  getSecurityToken(): Promise<string>
  /** Always undefined: these are STS credentials. */
  getBearerToken(): undefined
  getType(): string
}

/** One set of credentials, as the SDKs sign with it. */
export interface AlibabaCloudCredentialModel {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  type: string
  providerName: string
}

/**
 * The `credential` of an official SDK's client, always fresh.
 *
 * @example
 * const credential = alibabaCloudCredential(createCredentialsProvider({ profile: 'dev' }))
 * const client = new Sts(new Config({ credential, endpoint: 'sts.aliyuncs.com' }))
 */
export function alibabaCloudCredential(provider: CredentialsProvider): AlibabaCloudCredential {
  const type = 'sts'
  const getCredential = async () => {
    const { accessKeyId, accessKeySecret, securityToken } = await provider.getCredentials()
    return { accessKeyId, accessKeySecret, securityToken, type, providerName: provider.getProviderName() }
  }
  return {
    getCredential,
    getAccessKeyId: async () => (await getCredential()).accessKeyId,
    getAccessKeySecret: async () => (await getCredential()).accessKeySecret,
    getSecurityToken: async () => (await getCredential()).securityToken,
    getBearerToken: () => undefined,
    getType: () => type,
  }
}

/** Credentials under the names of `ali-oss`. */
export interface AliOssCredentials {
  accessKeyId: string
  accessKeySecret: string
  stsToken: string
}

/** The options of `new OSS(…)` that have to do with credentials. */
export interface AliOssOptions extends AliOssCredentials {
  refreshSTSToken: () => Promise<AliOssCredentials>
  refreshSTSTokenInterval: number
}

/**
 * The credential options of an `ali-oss` client: the first set, and where it gets the next one.
 *
 * @example
 * const provider = createCredentialsProvider({ profile: 'dev' })
 * const client = new OSS({ ...(await aliOssOptions(provider)), region: 'oss-cn-hangzhou', bucket: 'reports' })
 */
export async function aliOssOptions(provider: CredentialsProvider): Promise<AliOssOptions> {
  const refreshSTSToken = async () => {
    const { accessKeyId, accessKeySecret, securityToken } = await provider.getCredentials()
    return { accessKeyId, accessKeySecret, stsToken: securityToken }
  }
  // Before each request: the provider knows better than any interval when it is time, and answers from memory.
  return { ...(await refreshSTSToken()), refreshSTSToken, refreshSTSTokenInterval: 0 }
}
