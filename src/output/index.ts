export { type ChildCredentials, childEnvironment, isNested } from './child-environment.ts'
export type { SignalSource } from './child-signals.ts'
export {
  type CredentialVariable,
  credentialEnvironment,
  credentialVariableNames,
  credentialVariables,
} from './credential-variables.ts'
export { type CredentialsServer, startCredentialsServer } from './credentials-server.ts'
export { formatCredentials, formatFailure, formatUnset } from './format-credentials.ts'
export { type Format, formats, isShellFormat, type ShellFormat } from './formats.ts'
export { type ChildOutcome, runChild } from './run-child.ts'
export type { ObtainedCredentials, Provide, ProvidedCredentials } from './server-credentials-source.ts'
