import { optionsWithValue, type Place } from './places.ts'

/** Loaded with `source <(sesame completion zsh)` behind compinit, or as the file `_sesame` in a directory of fpath. */
export function zshCompletion(places: readonly Place[]): string {
  return `#compdef sesame
# zsh completion for sesame. Load it with: source <(sesame completion zsh)
# (after compinit), or save it as _sesame in a directory of $fpath.

${placeTable(places)}
${valueTable(places)}
${walker}`
}

/** Entries of `_describe`: the word, a colon, and the summary in which colons are escaped. */
function described(entries: readonly { name: string; summary: string }[], prefix = ''): string {
  return entries
    .map(({ name, summary }) =>
      quote(summary === '' ? prefix + name : `${prefix}${name}:${summary.replace(/[\\:]/g, '\\$&')}`),
    )
    .join(' ')
}

function placeTable(places: readonly Place[]): string {
  const lines = places.map(
    ({ path, words, argumentCompletes, options }) =>
      `    ${quote(path)}) found=(${described(words)}) origin=${quote(argumentCompletes ?? '')} switches=(${described(options, '--')}) ;;`,
  )
  return `_sesame_look_around() {
  found=() origin= switches=()
  case $place in
${lines.join('\n')}
    (*) return 1 ;;
  esac
}
`
}

function valueTable(places: readonly Place[]): string {
  const lines = optionsWithValue(places).map(
    ({ option, spellings }) =>
      `    (${spellings.map(quote).join(' | ')}) found=(${(option.values ?? []).map(quote).join(' ')}) origin=${quote(option.completes ?? '')} ;;`,
  )
  return `_sesame_value_of() {
  found=() origin= switches=()
  case "$place $1" in
${lines.join('\n')}
    (*) return 1 ;;
  esac
}
`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

// compadd quotes what it inserts; the names are never expanded.
const walker = `_sesame_offer_found() {
  local -a names expl
  local -i code=1
  (( $#found )) && _describe -t values value found && code=0
  case $origin in
    (profile)
      names=("\${(@f)$(command sesame completion --profiles 2>/dev/null </dev/null)}")
      names=("\${(@)names:#}")
      (( $#names )) && _wanted profiles expl profile compadd -a names && code=0
      ;;
    (file) _files && code=0 ;;
  esac
  return code
}

_sesame() {
  local place=sesame expects= argument= origin word
  local -a found switches given
  local -i i

  for (( i = 2; i < CURRENT; i++ )); do
    word=\${(Q)words[i]}
    if [[ -n $expects ]]; then
      expects=
      continue
    fi
    case $word in
      (--)
        # Everything behind -- belongs to another command.
        words=("\${(@)words[i+1,-1]}")
        (( CURRENT -= i ))
        _normal
        return
        ;;
      (--*=*) given+=("\${word%%\\=*}") ;;
      (-*)
        given+=("$word")
        _sesame_value_of "$word" && expects=$word
        ;;
      (*)
        place="$place $word"
        _sesame_look_around || { place=\${place% *}; argument=yes }
        ;;
    esac
  done

  if [[ -n $expects ]]; then
    _sesame_value_of "$expects"
    _sesame_offer_found
    return
  fi
  if [[ $PREFIX == --*=* ]]; then
    _sesame_value_of "\${PREFIX%%\\=*}" || return
    compset -P 1 '*='
    _sesame_offer_found
    return
  fi

  _sesame_look_around
  if [[ $PREFIX != -* && -z $argument ]] && (( $#found + $#origin )); then
    _sesame_offer_found
    return
  fi
  for word in "\${(@)given}"; do
    switches=("\${(@)switches:#\${(b)word}(|:*)}")
  done
  (( $#switches )) && _describe -o option switches
}

if [[ $funcstack[1] == _sesame ]]; then
  _sesame "$@"
else
  compdef _sesame sesame
fi
`
