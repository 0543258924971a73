import type { Command } from './command.ts'

/** Every command and the file that declares it; a command is loaded when it is called. */
const loaders = {
  login: async () => (await import('./commands/login.ts')).loginCommand,
  credentials: async () => (await import('./commands/credentials.ts')).credentialsCommand,
  use: async () => (await import('./commands/use/use.ts')).useCommand,
  exec: async () => (await import('./commands/exec.ts')).execCommand,
  console: async () => (await import('./commands/console.ts')).consoleCommand,
  serve: async () => (await import('./commands/serve/serve.ts')).serveCommand,
  hook: async () => (await import('./commands/hook.ts')).hookCommand,
  configure: async () => (await import('./commands/configure/configure.ts')).configureCommand,
  profile: async () => (await import('./commands/profile/profile.ts')).profileCommand,
  token: async () => (await import('./commands/token/token.ts')).tokenCommand,
  whoami: async () => (await import('./commands/whoami.ts')).whoamiCommand,
  unlock: async () => (await import('./commands/unlock.ts')).unlockCommand,
  lock: async () => (await import('./commands/lock.ts')).lockCommand,
  logout: async () => (await import('./commands/logout.ts')).logoutCommand,
  oss: async () => (await import('./commands/oss/oss.ts')).ossCommand,
  sst: async () => (await import('./commands/sst/sst.ts')).sstCommand,
  doctor: async () => (await import('./commands/doctor/doctor.ts')).doctorCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  doc: async () => (await import('./commands/doc.ts')).docCommand,
  version: async () => (await import('./commands/version.ts')).versionCommand,
  help: async () => (await import('./commands/help.ts')).helpCommand,
} satisfies Record<string, () => Promise<Command>>

/** The names of all commands, in the order of the help page. */
export const commandNames = Object.keys(loaders)

/** Loads a command by name; undefined when there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(loaders, name) ? loaders[name as keyof typeof loaders]() : undefined
}

/** Loads all commands, for help and completion. */
export async function loadAllCommands(): Promise<Command[]> {
  return Promise.all(Object.values(loaders).map((load) => load()))
}
