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

/** Programs whose files in the home directory we read or write; `sdk`: those of Alibaba Cloud for Go, Node.js and Python. */
export type ForeignTool = 'aliyun' | 'acs-sso' | 'sdk' | 'kubectl'

/** What a tool takes its home directory from. */
export interface UserHome {
  env: Environment
  platform: NodeJS.Platform
  /** That of this process: HOME, else what the system says. */
  homeDirectory: string
}

/**
 * The home directory of another tool. They differ on Windows, where HOME may be set as well (Git Bash), and HOMEDRIVE with HOMEPATH
 * may be a network drive: the aliyun CLI takes that drive and path (GetHomePath in its config/configuration.go), the SDKs and
 * acs-sso (`os.homedir()`) take USERPROFILE; none of them takes HOME. kubectl does (homedir.go of client-go).
 */
export function homeOfTool(tool: ForeignTool, { env, platform, homeDirectory }: UserHome): string {
  if (platform !== 'win32') return homeDirectory
  const drivePath = `${env.HOMEDRIVE ?? ''}${env.HOMEPATH ?? ''}`
  const profile = env.USERPROFILE || homeDirectory
  if (tool === 'kubectl') return env.HOME || profile
  return tool === 'aliyun' && drivePath !== '' ? drivePath : profile
}
