import { bourneFunctions } from './bourne.ts'

/**
 * bash 3.2 (macOS) and later. The look comes last in PROMPT_COMMAND, so that what is there already finds `$?` and
 * PIPESTATUS untouched; bash gives both back to the user afterwards.
 */
export function bashHook(): string {
  return `# Keeps the credentials of this shell fresh. In ~/.bashrc: eval "$(sesame hook bash)"

${bourneFunctions}
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
  _sesame_hook_clock() { printf -v now '%(%s)T' -1; }
else
  _sesame_hook_ticks=0
  # SECONDS is the only clock of older ones: set by date once, and again when it was set back.
  _sesame_hook_clock() {
    if [[ -z \${_sesame_hook_start-} ]] || ((\${SECONDS:-0} < _sesame_hook_ticks)); then
      _sesame_hook_start=$(($(command date +%s) - \${SECONDS:-0}))
    fi
    _sesame_hook_ticks=\${SECONDS:-0}
    now=$((_sesame_hook_start + _sesame_hook_ticks))
  }
fi

_sesame_hook() {
  local status=$? traced=+x
  if [[ -n \${SESAME_EXPIRATION-} ]]; then
    # The traces of set -x would show secrets.
    { if [[ $- == *x* ]]; then traced=-x; fi; set +x; } 2>/dev/null
    _sesame_hook_look || :
    set "$traced"
  fi
  # With set -e, a prompt command that fails would end the shell.
  if [[ $- == *e* ]]; then return 0; fi
  return "$status"
}

PROMPT_COMMAND=\${PROMPT_COMMAND-}
if [[ \${PROMPT_COMMAND[*]} != *_sesame_hook* ]]; then
  if [[ -n \${PROMPT_COMMAND[1]+array} ]] && ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND+=(_sesame_hook)
  else
    PROMPT_COMMAND=\${PROMPT_COMMAND:+$PROMPT_COMMAND$'\\n'}_sesame_hook
  fi
fi
`
}
