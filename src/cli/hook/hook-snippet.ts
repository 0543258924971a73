import { bashHook } from './bash.ts'
import { fishHook } from './fish.ts'
import { powershellHook } from './powershell.ts'
import { zshHook } from './zsh.ts'

export type HookShell = 'bash' | 'zsh' | 'fish' | 'powershell'

export const hookShells: readonly HookShell[] = ['bash', 'zsh', 'fish', 'powershell']

const snippets = { bash: bashHook, zsh: zshHook, fish: fishHook, powershell: powershellHook }

/**
 * What a start-up file of a shell evaluates, so that the shell looks at `SESAME_EXPIRATION` before each prompt. While
 * the credentials are good no process is started. In their last five minutes `sesame credentials` renews them in place,
 * at most once in 30 s; once they have expired and cannot be renewed, they are taken out. A login that is due is said
 * in one line on stderr, once for each expiry. The status of the user's last command stays as it was.
 *
 * A function `sesame` stands before the program: `use`, and a `login` on a terminal, print what the shell then evaluates; all else is
 * passed on.
 */
export function hookSnippet(shell: HookShell): string {
  return snippets[shell]()
}
