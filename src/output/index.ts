export { type ChildCredentials, childEnvironment, isNested } from './child-environment.ts'
export {
  credentialEnvironment,
  credentialVariableNames,
  credentialVariables,
} from './credential-variables.ts'
export { defaultShell } from './default-shell.ts'
export { formatCredentials, formatFailure, formatUnset } from './format-credentials.ts'
export { type Format, formats, isShellFormat, type ShellFormat } from './formats.ts'
export { type ChildOutcome, runChild } from './run-child.ts'
