import { cannotCarry, safeName, t } from '../kit/index.ts'
import type { ShellSyntax } from './shell-syntax.ts'

/**
 * What survives between the quotes of `set "NAME=value"` in every way of running it. `%` must be doubled in a
 * batch file and must not be in `for /f`, `!` depends on delayed expansion, `"` ends the quotes, and letters
 * beyond ASCII are read in the code page of the console. Alibaba Cloud's values hold none of these.
 */
const plain = /^[\u0020-\u007e]+$/
const special = /["%!]/

/**
 * cmd.exe: for `for /f "delims=" %i in ('sesame login --format cmd') do @%i` (`%%i` in a batch file).
 * `do` takes each line as one command and does not see `&`, so every line is one `set`.
 */
export const cmd: ShellSyntax = {
  assign: (name, value) => {
    if (!plain.test(value) || special.test(value))
      throw cannotCarry('cmd', name, t('Use PowerShell with --format powershell, or sesame exec.'))
    return `set "${safeName(name)}=${value}"\n`
  },
  unset: (names) => names.map((name) => `set "${safeName(name)}="\n`).join(''),
  // Showing a variable that is not there is the one built-in command that fails and does nothing else (`set /?`);
  // `exit /b` would close an interactive window, and a program of the name cmd could lie in the directory.
  fail: (names) => `${cmd.unset(names)}set ${safeName(names.at(-1) ?? '')}\n`,
}
