/** The other side of the wire, for tests and for trying things by hand. Loopback only. */

export {
  type AccessConfiguration,
  type Account,
  type Directory,
  makeDirectory,
} from './cloudsso/directory.ts'
export { type Approval, type CloudSsoOptions, defaultClientId } from './cloudsso/options.ts'
export type { IssuedKind, IssuedSecret } from './cloudsso/secrets.ts'
export type { Violation } from './cloudsso/violations.ts'
export { type CloudSso, type CloudSsoHooks, type CloudSsoRoute, startCloudSso } from './cloudsso.ts'
export { type ConsoleOptions, handedOutBy } from './console/options.ts'
export { type Console, startConsole } from './console.ts'
export { type Fault, faults, unavailable } from './http/faults.ts'
export type { Interceptions, Times, Transform } from './http/interceptions.ts'
export type { RecordedRequest } from './http/recorded-request.ts'
export type { Reply, ReplyHeaders } from './http/reply.ts'
export { type Handler, type HttpServer, type HttpServerOptions, startHttpServer } from './http-server.ts'
export type { PublicKeyTexts } from './idaas/key-pair.ts'
export type { IdaasOptions, IdaasSettings } from './idaas/options.ts'
export type { IdaasViolation } from './idaas/violations.ts'
export { type Idaas, type IdaasCall, type IdaasHooks, type IdaasSecret, startIdaas } from './idaas.ts'
export {
  type Bend,
  type PresetName,
  type QuirkyOptions,
  type QuirkyProvider,
  startQuirkyProvider,
} from './oidc/quirky.ts'
export {
  type OidcEvent,
  type OidcProvider,
  type OidcProviderOptions,
  type OidcSecret,
  type OidcViolation,
  startOidcProvider,
} from './oidc.ts'
export type { OssAccessKey, OssKeyLookup } from './oss/access-keys.ts'
export type { StoredObject } from './oss/objects.ts'
export { type Oss, type OssOptions, type SentRefusal, startOss } from './oss.ts'
export {
  type HttpProxyOptions,
  type MockProxy,
  type ProxyFault,
  type ProxyOptions,
  startHttpProxy,
  startSocksProxy,
  type Tunnel,
} from './proxy.ts'
export { type Replay, type ReplayOptions, startReplay } from './replay.ts'
export { type ResourceRoute, type ResourceServerOptions, startResourceServer } from './resource-server.ts'
export { readAcs3, type SignedRequest } from './signature/acs3.ts'
export { type OssSignature, readOssSignature } from './signature/oss.ts'
export {
  type DocumentedCode,
  type OtherIssuer,
  type Sts,
  type StsIdentity,
  type StsOidcProvider,
  type StsOptions,
  type StsRole,
  type StsUser,
  type StsViolation,
  startSts,
} from './sts.ts'
export {
  createTestCa,
  type IssueOptions,
  makeServerTls,
  type ServerCertificate,
  type TestCa,
  type TlsVariant,
} from './tls.ts'
