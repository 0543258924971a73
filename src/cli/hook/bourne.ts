import { formatUnset } from '../../output/index.ts'
import { backOffSeconds, marginSeconds } from './timing.ts'

/**
 * What bash (3.2 and later) and zsh have in common. `_sesame_hook_look` is called before a prompt in which
 * SESAME_EXPIRATION is set; `_sesame_hook_clock`, which differs, puts the seconds since 1970 into `now`.
 *
 * The instant is read once for each expiry. Its digits are checked before they meet arithmetic, which would run a
 * command that stands in a subscript; so is every variable set before it does. Nothing here may fail under `set -eu`, nor depend on
 * IFS: words are never joined or split. Only what is nothing but assignments is evaluated: help, JSON, or whatever another program
 * of that name prints, is not.
 */
export const bourneFunctions = `# Signs in, with the credentials set in this shell. Takes the options of sesame login.
function sesame-login {
  local word='' output='' code=0
  for word in "$@"; do
    case $word in --help | -h) command sesame login --help || return $?; return 0 ;; esac
  done
  output=$(command sesame login --env "$@") || code=$?
  if _sesame_hook_assigns "$output"; then
    eval "$output"
  else
    if [[ -n $output ]]; then builtin printf '%s\\n' "$output"; fi
    return "$code"
  fi
}

# sesame itself; but "use", and a login whose outcome would be shown on the terminal, are for this shell alone.
function sesame {
  local word='' at=0
  if ! _sesame_hook_takes "$@"; then
    command sesame "$@"
    return
  fi
  _sesame_hook_run "$@"
}

# Finds the command, and the number of words up to it. What asks for help or for a format, or is read by another program, is left to
# sesame as it is.
_sesame_hook_takes() {
  local each='' skip=''
  for each in "$@"; do
    if [[ -z $word ]]; then at=$((at + 1)); fi
    if [[ -n $skip ]]; then
      skip=''
      continue
    fi
    case $each in
      --help | -h | --env | --format | --format=* | --this-shell) return 1 ;;
      --profile) if [[ -z $word ]]; then skip=1; fi ;;
      -*) ;;
      *) word=\${word:-$each} ;;
    esac
  done
  [[ $word == use || ($word == login && -t 1) ]]
}

_sesame_hook_run() {
  local output='' code=0 traced=+x profile=\${SESAME_PROFILE-}
  # The traces of set -x would show secrets.
  { if [[ $- == *x* ]]; then traced=-x; fi; set +x; } 2>/dev/null
  if [[ $word == use ]]; then
    output=$(command sesame "\${@:1:$at}" --env "\${@:$((at + 1))}") || code=$?
  else
    output=$(command sesame "\${@:1:$at}" --env --this-shell "\${@:$((at + 1))}") || code=$?
  fi
  if ((code != 0)) && [[ $word == use ]]; then
    # Nothing was chosen, and nothing changes.
    :
  elif _sesame_hook_assigns "$output"; then
    eval "$output" || :
    # A login that fails takes the keys out, not the choice of the profile.
    if ((code != 0)) && [[ -n $profile ]]; then export SESAME_PROFILE="$profile"; fi
  elif [[ -n $output ]]; then
    builtin printf '%s\\n' "$output"
  fi
  set "$traced"
  return "$code"
}

# Whether a text is nothing but lines that set and unset variables.
_sesame_hook_assigns() {
  local line='' rest=$1
  if [[ -z $rest ]]; then return 1; fi
  while [[ -n $rest ]]; do
    line=\${rest%%$'\\n'*}
    if [[ $line != 'export '[A-Z]*=* && $line != 'unset -v '[A-Z]* ]]; then return 1; fi
    if [[ $rest != *$'\\n'* ]]; then return 0; fi
    rest=\${rest#*$'\\n'}
  done
}

# The parent process chooses this shell's environment, and arithmetic evaluates subscripts.
unset -v _sesame_hook_seen _sesame_hook_told _sesame_hook_next _sesame_hook_expires _sesame_hook_start _sesame_hook_ticks
_sesame_hook_next=0 _sesame_hook_expires=0

_sesame_hook_look() {
  local now
  _sesame_hook_clock
  if [[ $SESAME_EXPIRATION != "\${_sesame_hook_seen-}" ]]; then
    _sesame_hook_read_expiration
    _sesame_hook_next=$((_sesame_hook_expires - ${marginSeconds}))
  fi
  if ((now >= _sesame_hook_next)); then _sesame_hook_renew; fi
}

# SESAME_EXPIRATION in seconds since 1970; anything but 2026-11-21T08:00:00Z is left alone.
_sesame_hook_read_expiration() {
  local digits=\${SESAME_EXPIRATION//[!0123456789]/} year month day
  _sesame_hook_seen=$SESAME_EXPIRATION
  _sesame_hook_expires=99999999999
  if [[ $SESAME_EXPIRATION != ????-??-??T??:??:??Z || \${#digits} != 14 ]]; then return 0; fi
  year=$((10#\${digits:0:4})) month=$((10#\${digits:4:2})) day=$((10#\${digits:6:2}))
  # Years that begin in March have their odd day at the end.
  if ((month < 3)); then year=$((year - 1)) month=$((month + 12)); fi
  day=$((day + 365 * year + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5 - 719469))
  _sesame_hook_expires=$(((day * 24 + 10#\${digits:8:2}) * 3600 + 10#\${digits:10:2} * 60 + 10#\${digits:12:2}))
}

_sesame_hook_renew() {
  local code=0 before=$SESAME_EXPIRATION left=$((_sesame_hook_expires - now)) wait=${backOffSeconds}
  # Set before the attempt, so that one ended by Ctrl-C counts too.
  _sesame_hook_next=$((now + wait))
  if [[ -z \${SESAME_PROFILE-} ]]; then
    code=3
  else
    # What fails would unset credentials that are still good: only a success is evaluated.
    eval "$(
      if output=$(command sesame credentials --env --profile "$SESAME_PROFILE" \\
        --min-ttl "$((left > 0 ? left + 1 : 0))" </dev/null 2>/dev/null); then
        if _sesame_hook_assigns "$output"; then builtin printf '%s\\n' "$output"; else builtin printf 'code=126\\n'; fi
      else
        builtin printf 'code=%d\\n' "$?"
      fi
    )"
  fi
  _sesame_hook_clock
  if [[ -n \${SESAME_EXPIRATION-} && $SESAME_EXPIRATION != "$before" ]]; then
    _sesame_hook_read_expiration
    left=$((_sesame_hook_expires - now))
    if ((left > 0)); then
      _sesame_hook_next=$((left < ${2 * marginSeconds} ? _sesame_hook_expires - left / 2 : _sesame_hook_expires - ${marginSeconds}))
    fi
    return 0
  fi
  left=$((_sesame_hook_expires - now))
  if ((code != 0 && left <= 0)); then
    if _sesame_hook_cannot_run; then
      _sesame_hook_say "are unset, since sesame cannot renew them (exit code $code)" 'see why with: sesame doctor'
    else
      _sesame_hook_say 'have expired and are unset'
    fi
    ${formatUnset('env').trim()}
    return 0
  fi
  if ((left > 0 && left < ${2 * backOffSeconds})); then wait=$(((left + 1) / 2)); fi
  _sesame_hook_next=$((now + wait))
  if [[ \${_sesame_hook_told-} == "$before" ]]; then return 0; fi
  if ((code == 3)); then
    _sesame_hook_told=$before
    _sesame_hook_say "expire at $before"
  elif ((code != 127)) && _sesame_hook_cannot_run; then
    _sesame_hook_told=$before
    _sesame_hook_say "are not renewed, since sesame fails (exit code $code)" 'see why with: sesame doctor'
  fi
}

# The program is not there, is another one, cannot be started or used: a sign-in would not help. An old Node.js is exit code 2,
# which also has other reasons, such as credentials that never last so long.
_sesame_hook_cannot_run() {
  ((code == 126 || code == 127)) || { ((code == 2)) && ! command sesame version >/dev/null 2>&1; }
}

_sesame_hook_say() {
  if [[ -n \${SESAME_PROFILE-} ]]; then
    printf 'sesame: credentials of %q %s; %s --profile %q\\n' \\
      "$SESAME_PROFILE" "$1" "\${2-sign in with: sesame-login}" "$SESAME_PROFILE" >&2
  else
    printf 'sesame: credentials %s; %s\\n' "$1" "\${2-sign in with: sesame-login}" >&2
  fi
}
`
