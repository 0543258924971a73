import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { planBrowser } from '../../src/terminal/browser.ts'

/** What a browser needs of the session it runs in, instead of the demo's private home and bus. */
const sessionNames = [
  'HOME',
  'PATH',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
]

/**
 * The environment that makes sesame open the page in the reader's own browser, or undefined where there is none to be
 * seen. It points BROWSER at a small script in `home` that steps out of the demo's session.
 */
export function openYourBrowser(home: string): Record<string, string> | undefined {
  const { env, platform, stderr } = process
  const plan = planBrowser({ env, platform, isTerminal: () => stderr.isTTY === true })
  if (plan.kind === 'skip') return undefined
  const [program] = plan.programs
  const words = program ? [program.name, ...program.words] : ['xdg-open']
  if (!isOnPath(words[0] ?? '')) return undefined
  const script = join(home, '.local', 'bin', 'open-in-your-browser')
  const session = sessionNames.map((name) =>
    env[name] === undefined ? `unset ${name}` : `export ${name}=${quote(env[name])}`,
  )
  const command = words.filter((word) => word !== '%s').map(quote)
  writeFileSync(
    script,
    `#!/bin/sh\n${session.join('\n')}\nexec ${command.join(' ')} "$@" >/dev/null 2>&1\n`,
    {
      mode: 0o755,
    },
  )
  const display = [
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'XAUTHORITY',
    'TERM',
    'XDG_SESSION_TYPE',
    'XDG_CURRENT_DESKTOP',
  ]
  return { ...pick(display), BROWSER: script }
}

function pick(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function isOnPath(program: string): boolean {
  const places = program.includes('/')
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((at) => join(at, program))
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false
      throw error
    }
  })
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
