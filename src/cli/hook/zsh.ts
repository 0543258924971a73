import { bourneFunctions } from './bourne.ts'

/** zsh gives `$?` and pipestatus back after each function of precmd_functions, and \`%D{%s}\` needs no module. */
export function zshHook(): string {
  return `# Keeps the credentials of this shell fresh. In ~/.zshrc: eval "$(sesame hook zsh)"

${bourneFunctions}
_sesame_hook_clock() {
  local seconds='%D{%s}'
  now=\${(%)seconds}
}

_sesame_hook() {
  [[ -n \${SESAME_EXPIRATION-} ]] || return 0
  emulate -L zsh
  # The traces of set -x would show secrets, and an alias could change what is evaluated.
  setopt no_xtrace no_aliases
  _sesame_hook_look
}

() {
  emulate -L zsh
  typeset -ga precmd_functions
  if ((! \${precmd_functions[(I)_sesame_hook]})); then precmd_functions+=(_sesame_hook); fi
}
`
}
