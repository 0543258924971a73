export {
  type CredentialVariable,
  credentialEnvironment,
  credentialVariableNames,
  credentialVariables,
} from './credential-variables.ts'
export { formatCredentials, formatFailure, formatUnset } from './format-credentials.ts'
export { type Format, formats, isShellFormat, type ShellFormat } from './formats.ts'
