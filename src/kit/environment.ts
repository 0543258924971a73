/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A copy of an environment. Names of variables have no case on Windows: `PATH` is also `Path`. */
export function copyEnvironment(env: Environment, platform: NodeJS.Platform): Environment {
  const copy = { ...env }
  if (platform !== 'win32') return copy
  const spellings = new Map(Object.keys(copy).map((name) => [name.toUpperCase(), name]))
  return new Proxy(copy, {
    get: (values, name) =>
      typeof name === 'string' ? values[spellings.get(name.toUpperCase()) ?? name] : undefined,
  })
}
