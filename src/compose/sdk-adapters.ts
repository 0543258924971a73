import { misuse, readFunction, readOptions, readText, t } from '../kit/index.ts'
import type { CredentialsProvider, SesameCredentials } from './credentials-provider.ts'

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
 * The `credential` of an official SDK's client, always fresh. @throws SesameError `ERR_USAGE` for what is no provider
 *
 * @example
 * const credential = alibabaCloudCredential(createCredentialsProvider({ profile: 'dev' }))
 * const client = new Sts(new Config({ credential, endpoint: 'sts.aliyuncs.com' }))
 */
export function alibabaCloudCredential(provider: CredentialsProvider): AlibabaCloudCredential {
  const type = 'sts'
  const keys = keysOf(provider)
  const { getProviderName } = provider
  if (readFunction(getProviderName, 'provider.getProviderName') === undefined)
    throw misuse('provider', t('what createCredentialsProvider() gives'))
  const getCredential = async () => {
    const providerName = readText(getProviderName.call(provider), 'provider.getProviderName()') ?? ''
    return { ...(await keys()), type, providerName }
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
 * The credential options of an `ali-oss` client: the first set, and where it gets the next one. Rejects with SesameError
 * `ERR_USAGE` for what is no provider.
 *
 * @example
 * const provider = createCredentialsProvider({ profile: 'dev' })
 * const client = new OSS({ ...(await aliOssOptions(provider)), region: 'oss-cn-hangzhou', bucket: 'reports' })
 */
export async function aliOssOptions(provider: CredentialsProvider): Promise<AliOssOptions> {
  const keys = keysOf(provider)
  const refreshSTSToken = async () => {
    const { securityToken: stsToken, ...others } = await keys()
    return { ...others, stsToken }
  }
  // Before each request: the provider knows better than any interval when it is time, and answers from memory.
  return { ...(await refreshSTSToken()), refreshSTSToken, refreshSTSTokenInterval: 0 }
}

type Keys = Pick<SesameCredentials, 'accessKeyId' | 'accessKeySecret' | 'securityToken'>

/** What a provider gives, which may be the program's own: with an empty key an SDK would send requests without a signature. */
function keysOf(provider: CredentialsProvider): () => Promise<Keys> {
  const { getCredentials } = readOptions(provider, 'provider')
  if (readFunction(getCredentials, 'provider.getCredentials') === undefined)
    throw misuse('provider', t('what createCredentialsProvider() gives'))
  return async () => {
    const name = 'provider.getCredentials()'
    const { accessKeyId, accessKeySecret, securityToken } = readOptions(
      await getCredentials.call(provider),
      name,
    )
    return {
      accessKeyId: readKey(accessKeyId, `${name}.accessKeyId`),
      accessKeySecret: readKey(accessKeySecret, `${name}.accessKeySecret`),
      securityToken: readKey(securityToken, `${name}.securityToken`),
    }
  }
}

function readKey(value: unknown, name: string): string {
  const text = readText(value, name)
  if (text === undefined) throw misuse(name, t('a non-empty string'))
  return text
}
