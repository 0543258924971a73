import { bashCompletion } from './bash.ts'
import type { CompletionCommand } from './completion-command.ts'
import { fishCompletion } from './fish.ts'
import { placesOf } from './places.ts'
import { powershellCompletion } from './powershell.ts'
import { zshCompletion } from './zsh.ts'

export type CompletionShell = 'bash' | 'zsh' | 'fish' | 'powershell'

export const completionShells: readonly CompletionShell[] = ['bash', 'zsh', 'fish', 'powershell']

const generators = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
}

/**
 * The completion script of a shell, for the given commands. It asks for profile names with
 * `sesame completion --profiles`, one on each line, and takes whatever that prints as text, never as code.
 * @throws TypeError for a command, option or fixed value that is not a plain word
 */
export function completionScript(shell: CompletionShell, commands: readonly CompletionCommand[]): string {
  return generators[shell](placesOf(commands))
}
