import { type Credentials, type CredentialValues, credentialValues, speakable } from '../kit/index.ts'
import { cmd } from './cmd.ts'
import { awsEnvironment, credentialEnvironment, type VariableOptions } from './credential-environment.ts'
import { awsForeignNames, awsVariableNames, credentialVariableNames } from './credential-variables.ts'
import { dotenvLine } from './dotenv.ts'
import { fish } from './fish.ts'
import { type Format, isShellFormat, type JsonFormat, type ShellFormat } from './formats.ts'
import { posix } from './posix.ts'
import { powershell } from './powershell.ts'
import type { ShellSyntax } from './shell-syntax.ts'

const shells: Record<ShellFormat, ShellSyntax> = { env: posix, fish, powershell, cmd, 'aws-env': posix }

/** How a shell is spoken to. */
export function shellSyntaxOf(format: ShellFormat): ShellSyntax {
  return shells[format]
}

const jsonWriters: Record<JsonFormat, (values: CredentialValues) => string> = {
  json: aliyunJson,
  aws: awsJson,
  ossutil: ossutilJson,
}

/**
 * The whole text for stdout, with its final newline: all of it or an error, never half of it.
 * Name and region of the profile are for the variables; the JSON formats and `aws-env` do not use them.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that the format cannot carry; the value is not in the message
 */
export function formatCredentials(format: Format, credentials: Credentials, of: VariableOptions): string {
  if (format === 'json' || format === 'aws' || format === 'ossutil')
    return jsonWriters[format](credentialValues(credentials))
  const writeLine = format === 'dotenv' ? dotenvLine : shells[format].assign
  const variables =
    format === 'aws-env' ? awsEnvironment(credentials, of) : credentialEnvironment(credentials, of)
  const lines = Object.entries(variables).map(([name, value]) => writeLine(name, value))
  return [...(format === 'aws-env' ? withoutForeign(of.env) : []), ...lines].join('')
}

/** Takes out of the shell what S3 tools would take before our variables: another account's key, or its token beside our key. */
function withoutForeign(env: VariableOptions['env'] = {}): string[] {
  const present = awsForeignNames.filter((name) => env[name] !== undefined)
  return present.length === 0 ? [] : [posix.unset(present)]
}

/**
 * What a shell format prints when there are no credentials: it unsets every credential variable, so that no
 * other profile's keys stay behind, and leaves a failure in the evaluating shell (status 1; PowerShell: an
 * exception; cmd: ERRORLEVEL 1). Other formats print nothing.
 */
export function formatFailure(format: Format): string {
  return isShellFormat(format) ? shells[format].fail(variablesOf(format)) : ''
}

/** Unsets every credential variable and succeeds; nothing for formats that are not evaluated. */
export function formatUnset(format: Format): string {
  return isShellFormat(format) ? shells[format].unset(variablesOf(format)) : ''
}

/**
 * What a shell evaluates to go on with a profile for which there are no credentials yet: none of another profile stay behind, and
 * commands in it work on this one. @throws SesameError ERR_UNSAFE_OUTPUT
 */
export function formatProfile(format: ShellFormat, profile: string): string {
  return formatUnset(format) + shells[format].assign('SESAME_PROFILE', speakable('profile name', profile))
}

function variablesOf(format: ShellFormat): readonly string[] {
  return format === 'aws-env' ? awsVariableNames : credentialVariableNames
}

/**
 * What the External mode of the aliyun CLI and of the Alibaba Cloud SDKs reads. Without `mode` the CLI calls its
 * command again for ever; without `expiration` the SDKs call it for every request.
 */
function aliyunJson(values: CredentialValues): string {
  return line({
    mode: 'StsToken',
    access_key_id: values.accessKeyId,
    access_key_secret: values.accessKeySecret,
    sts_token: values.securityToken,
    expiration: values.expiration,
  })
}

/** AWS `credential_process`, version 1: for S3 tools that speak to OSS. */
function awsJson(values: CredentialValues): string {
  return line({
    Version: 1,
    AccessKeyId: values.accessKeyId,
    SecretAccessKey: values.accessKeySecret,
    SessionToken: values.securityToken,
    Expiration: values.expiration,
  })
}

/** The external process of ossutil 2 and of the OSS SDKs v2. */
function ossutilJson(values: CredentialValues): string {
  return line({
    AccessKeyId: values.accessKeyId,
    AccessKeySecret: values.accessKeySecret,
    SecurityToken: values.securityToken,
    Expiration: values.expiration,
  })
}

function line(object: Record<string, string | number>): string {
  return `${JSON.stringify(object)}\n`
}
