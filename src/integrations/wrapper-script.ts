import { type FixedText, t } from '../kit/index.ts'
import type { Handover, Integration, IntegrationContext } from './integration.ts'
import { commandLine } from './process-command.ts'

/** How a tool is started under `sesame exec`. */
export interface Recipe {
  /** Options of `exec`. */
  exec: readonly string[]
  /** The words in front of the user's own. */
  command: readonly string[]
  /** What the script says about itself. */
  comments: readonly string[]
  /** What is said to the user: whether it renews, and what it leaves on disk. */
  notes(profile: string): string[]
}

/** A tool that is configured by nothing but a script of its recipe. */
export function wrapped(recipe: Recipe): Integration {
  return {
    options: [],
    configure: async (handover: Handover, { edges: { platform }, print, notify }: IntegrationContext) => {
      print(wrapperScript(recipe, handover, platform))
      for (const line of recipe.notes(handover.profile)) notify(line)
      if (platform === 'win32') notify(t(saveOnWindows))
    },
  }
}

export const saveOnWindows: FixedText =
  'Save it as a .cmd file. In Windows PowerShell: … | Set-Content -Encoding ascii FILE.cmd (what > writes there, cmd cannot read).'

/** A script that starts the tool with everything it is given behind it. */
export function wrapperScript(
  { exec, command, comments }: Recipe,
  { profile, sesame }: Pick<Handover, 'profile' | 'sesame'>,
  platform: NodeJS.Platform,
): string {
  const line = commandLine([...sesame, 'exec', '--profile', profile, ...exec, '--', ...command], platform)
  if (platform === 'win32') {
    // cmd reads the file in the code page of the console.
    const remarks = comments.map((each) => each.replaceAll('.sh', '.cmd').replaceAll('…', '...'))
    return `@rem ${remarks.join('\r\n@rem ')}\r\n@${line} %*\r\n`
  }
  return `#!/bin/sh\n# ${comments.join('\n# ')}\nexec ${line} "$@"\n`
}
