export { startCredentialsServer } from './credentials-server.ts'
export type { ObtainedCredentials, Provide, ProvidedCredentials } from './credentials-source.ts'
