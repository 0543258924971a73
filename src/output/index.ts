export { type ChildCredentials, childEnvironment, isNested } from './child-environment.ts'
export { credentialEnvironment } from './credential-environment.ts'
export {
  credentialVariableNames,
  credentialVariables,
  ignoreProfileVariables,
  type KeyFamily,
  ownFamilies,
  regionVariables,
} from './credential-variables.ts'
export { defaultShell } from './default-shell.ts'
export { foreignFamilies, foreignSwitches } from './foreign-variables.ts'
export { formatCredentials, formatFailure, formatProfile, formatUnset } from './format-credentials.ts'
export { type Format, formats, isShellFormat, type ShellFormat } from './formats.ts'
export { ignoredRegion, needsKeys } from './known-programs.ts'
export { withoutProxyForLoopback } from './loopback-proxies.ts'
export { type ChildOutcome, runChild } from './run-child.ts'
export {
  formatServer,
  formatServerEnd,
  formatServerFailure,
  formatSocketServer,
  type ServerFormat,
  serverFormats,
  serverProcessVariable,
} from './server-environment.ts'
