import { startConsole } from '../console.ts'
import type { ConsoleOptions } from './options.ts'

/** What can be wrong with it, for trying. */
export const consolePresets = {
  good: {},
  /** Takes the documented GET only: needs --allow-query. */
  'get-only': { method: 'get' },
  /** Takes no credentials. */
  refusing: { accepts: () => false },
  /** Every sign-in token has expired when it is handed out. */
  expired: { tokenSeconds: 0 },
} as const satisfies Record<string, ConsoleOptions>

export type ConsolePreset = keyof typeof consolePresets

/** Starts the federation service for a person, says how to use it, and ends it with Ctrl-C. */
export async function serveConsole({ port, preset }: { port: number; preset: ConsolePreset }): Promise<void> {
  const server = await startConsole(
    { ...consolePresets[preset], port },
    {
      // Method, path and status only: queries and bodies hold secrets.
      onAnswered: ({ method, path, status }) =>
        process.stderr.write(`${method} ${path} ${status ?? 'no answer'}\n`),
    },
  )
  const stop = () => server.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Last: who has read it may end the server.
  process.stdout.write(`Mock federation service of the console (${preset})
  endpoint      ${server.endpoint}
  credentials   any that look short-lived

It leads to the real console, which knows nothing of its sessions. Try, with a profile that is signed in:
  sesame console --profile mock --console-endpoint ${server.endpoint} --print

Ctrl-C ends it.
`)
}
