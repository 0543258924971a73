/** The variables of this shell. */
export type Environment = Readonly<Record<string, string | undefined>>

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

/** The command that sets variables in this shell, all to one value. */
export function setCommand(names: readonly string[], value: string, platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? names.map((name) => `$Env:${name} = '${value}'`).join('; ')
    : `export ${names.map((name) => `${name}=${value}`).join(' ')}`
}
