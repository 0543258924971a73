import { optionsWithValue, type Place } from './places.ts'

/** Loaded with `eval "$(sesame completion bash)"`; bash 3.2 (macOS), which cannot source a pipe, will do. */
export function bashCompletion(places: readonly Place[]): string {
  return `# bash completion for sesame. Load it with: eval "$(sesame completion bash)"

${placeTable(places)}
${valueTable(places)}
${walker}`
}

/** `_sesame_enter`: does a word lead to a deeper place? `_sesame_look_around`: what may stand at a place. */
function placeTable(places: readonly Place[]): string {
  const lines = places.map(({ path, words, argumentCompletes, options }) => {
    const listed = options.map((option) => `--${option.name}`).join(' ')
    return `    '${path}') words='${words.map((word) => word.name).join(' ')}' source='${argumentCompletes ?? ''}' options='${listed}' ;;`
  })
  return `_sesame_look_around() {
  words='' source='' options=''
  case $place in
${lines.join('\n')}
    *) return 1 ;;
  esac
}
`
}

/** `_sesame_value_of`: what the value of an option may be; false when it takes none. */
function valueTable(places: readonly Place[]): string {
  const lines = optionsWithValue(places).map(
    ({ option, spellings }) =>
      `    ${spellings.map((spelling) => `'${spelling}'`).join(' | ')}) words='${(option.values ?? []).join(' ')}' source='${option.completes ?? ''}' ;;`,
  )
  return `_sesame_value_of() {
  words='' source='' options=''
  case "$place $1" in
${lines.join('\n')}
    *) return 1 ;;
  esac
}
`
}

const walker = `# Offers the arguments that begin with the current word, quoted the way that word is.
_sesame_offer() {
  local quote='' skip='' typed=$cur name
  case $typed in [\\'\\"]*) quote=\${typed:0:1} ;; esac
  typed=\${typed//[\\\\\\'\\"]/}
  # readline replaces only what follows the last of its word breaks (and an @ itself), unless the word is in quotes.
  if [[ -z $quote && -n $breaks && $typed == *["$breaks"]* ]]; then
    skip=\${typed%"\${typed##*["$breaks"]}"}
    skip=\${skip%@}
  fi
  for name in "$@"; do
    [[ $name == "$typed"* ]] || continue
    name=\${name#"$skip"}
    [[ -n $name ]] || continue
    case $quote in
      \\') name=\${name//\\'/\\'\\\\\\'\\'} ;;
      \\") name=\${name//\\\\/\\\\\\\\} name=\${name//\\"/\\\\\\"} name=\${name//\\$/\\\\\\$} name=\${name//\\\`/\\\\\\\`} ;;
      *) printf -v name %q "$name" ;;
    esac
    COMPREPLY+=("$lead$name")
  done
}

# Offers each line that a command prints.
_sesame_offer_lines() {
  local name names=()
  while IFS= read -r name; do
    [[ -n $name ]] && names+=("$name")
  done <<<"$("$@" 2>/dev/null </dev/null)"
  ((\${#names[@]} == 0)) || _sesame_offer "\${names[@]}"
}

_sesame_offer_files() {
  compopt -o default 2>/dev/null || _sesame_offer_lines compgen -f -- "$cur"
}

_sesame_offer_found() {
  # The words are plain, so splitting them is safe.
  [[ -n $words ]] && _sesame_offer $words
  case $source in
    profile) _sesame_offer_lines command sesame completion --profiles ;;
    file) _sesame_offer_files ;;
  esac
}

_sesame() {
  local line=\${COMP_LINE:0:COMP_POINT} joined=() given=' ' place=sesame expects='' lead='' argument='' breaks=''
  local IFS=$' \\t\\n' blanks word cur i words source options
  COMPREPLY=()
  for word in '=' ':' '@'; do
    [[ $COMP_WORDBREAKS == *"$word"* ]] && breaks+=$word
  done

  # bash has split the words at = : and @; what no blank separates belongs together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blanks=\${line%%[![:blank:]]*}
    line=\${line#"$blanks"}
    word=\${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && word=$line
    line=\${line#"$word"}
    if ((i > 0)) && [[ -z $blanks ]]; then
      joined[\${#joined[@]}-1]+=$word
    else
      joined+=("$word")
    fi
  done

  for ((i = 1; i < \${#joined[@]} - 1; i++)); do
    word=\${joined[i]}
    if [[ -n $expects ]]; then
      expects=''
      continue
    fi
    case $word in
      --)
        _sesame_after_dashes "$((i + 1))"
        return
        ;;
      --*=*) given+="\${word%%=*} " ;;
      -*)
        given+="$word "
        _sesame_value_of "$word" && expects=$word
        ;;
      *)
        place="$place $word"
        _sesame_look_around || { place=\${place% "$word"} argument=yes; }
        ;;
    esac
  done

  cur=\${joined[\${#joined[@]}-1]}
  if [[ -n $expects ]]; then
    _sesame_value_of "$expects"
    _sesame_offer_found
  elif [[ $cur == --*=* ]]; then
    [[ $breaks == *=* ]] || lead=\${cur%%=*}=
    _sesame_value_of "\${cur%%=*}"
    cur=\${cur#*=}
    _sesame_offer_found
  else
    _sesame_look_around
    [[ -z $argument && $cur != -* ]] && _sesame_offer_found
    [[ $cur == -* || (-z $cur && (-n $argument || -z $words$source)) ]] || return 0
    for word in $options; do
      [[ $given == *" $word "* ]] || _sesame_offer "$word"
    done
  fi
}

# Everything behind -- belongs to another command.
_sesame_after_dashes() {
  cur=\${joined[\${#joined[@]}-1]}
  if (($1 == \${#joined[@]} - 1)) && [[ -n $cur && $cur != */* ]]; then
    _sesame_offer_lines compgen -c -- "$cur"
  else
    _sesame_offer_files
  fi
}

complete -F _sesame sesame
`
