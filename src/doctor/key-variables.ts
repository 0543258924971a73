export type Environment = Readonly<Record<string, string | undefined>>

/** One set of names under which tools look for keys. */
export interface KeyFamily {
  id: string
  secret: string
  token: string
}

/** The families that the Alibaba SDKs and CLIs, Terraform and ossutil read. */
export const keyFamilies: readonly KeyFamily[] = [
  {
    id: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    secret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    token: 'ALIBABA_CLOUD_SECURITY_TOKEN',
  },
  { id: 'ALIBABACLOUD_ACCESS_KEY_ID', secret: 'ALIBABACLOUD_ACCESS_KEY_SECRET', token: 'SECURITY_TOKEN' },
  { id: 'ALICLOUD_ACCESS_KEY', secret: 'ALICLOUD_SECRET_KEY', token: 'ALICLOUD_SECURITY_TOKEN' },
  { id: 'ALICLOUD_ACCESS_KEY_ID', secret: 'ALICLOUD_ACCESS_KEY_SECRET', token: 'ALICLOUD_SECURITY_TOKEN' },
  { id: 'OSS_ACCESS_KEY_ID', secret: 'OSS_ACCESS_KEY_SECRET', token: 'OSS_SESSION_TOKEN' },
]

/** The family that the SDKs' default chain reads. */
export const sdkFamily = keyFamilies[0] as KeyFamily

/** A variable's value; empty counts as unset, as it does for the tools. */
export function variable(env: Environment, name: string): string | undefined {
  return env[name] || undefined
}

/** True for a switch that the SDKs take as on. */
export function isOn(env: Environment, name: string): boolean {
  return variable(env, name)?.toLowerCase() === 'true'
}

/** Those of the names that are set. */
export function namesSet(env: Environment, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => variable(env, name) !== undefined)
}

/** The command that takes variables out of this shell. */
export function unsetCommand(names: readonly string[], platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? `Remove-Item ${names.map((name) => `Env:${name}`).join(', ')}`
    : `unset ${names.join(' ')}`
}

/** The command that sets a variable in this shell. */
export function setCommand(name: string, value: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `$Env:${name} = '${value}'` : `export ${name}=${value}`
}
