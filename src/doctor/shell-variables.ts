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

/** The same value for each name. */
export function allOf(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]))
}
