/*
 * The scripts find the words before the cursor, hand them to `sesame __complete` and offer what it prints, quoted as their shell
 * wants it. What is printed is text and never run.
 */

/** For `eval "$(sesame completion bash)"`; bash 3.2 (macOS), which cannot source a pipe, will do. */
const bash = `# bash completion for sesame. Load it with: eval "$(sesame completion bash)"

# Offers the arguments that begin with the current word, quoted the way that word is.
_sesame_offer() {
  local quote='' skip='' lead='' typed=$cur name
  # What stands before the value of an option is no part of what may be in quotes.
  [[ $cur == --*=* ]] && lead=\${cur%%=*}= typed=\${cur#*=}
  case $typed in [\\'\\"]*) quote=\${typed:0:1} ;; esac
  typed=$lead\${typed//[\\\\\\'\\"]/}
  # readline replaces only what follows the last of its word breaks (and an @ itself), unless the word is in quotes.
  if [[ -n $quote ]]; then
    [[ $breaks == *=* ]] && skip=$lead
  elif [[ -n $breaks && $typed == *["$breaks"]* ]]; then
    skip=\${typed%"\${typed##*["$breaks"]}"}
    skip=\${skip%@}
  fi
  for name in "$@"; do
    [[ $name == "$typed"* ]] || continue
    name=\${name#"$skip"}
    [[ -n $name ]] || continue
    lead=''
    [[ -z $skip && $name == --*=* ]] && lead=\${name%%=*}= name=\${name#*=}
    case $quote in
      \\') name=\${name//\\'/\\'\\\\\\'\\'} ;;
      \\") name=\${name//\\\\/\\\\\\\\} name=\${name//\\"/\\\\\\"} name=\${name//\\$/\\\\\\$} name=\${name//\\\`/\\\\\\\`} ;;
      *) printf -v name %q "$name" ;;
    esac
    COMPREPLY+=("$lead$name")
  done
}

_sesame_files() {
  local lead='' name names=()
  compopt -o default 2>/dev/null && return
  [[ $cur == --*=* ]] && lead=\${cur%%=*}=
  while IFS= read -r name; do names+=("$lead$name"); done <<<"$(compgen -f -- "\${cur#"$lead"}")"
  _sesame_offer "\${names[@]}"
}

_sesame() {
  local line=\${COMP_LINE:0:COMP_POINT} joined=() names=() IFS=$' \\t\\n' breaks='' kind='' blanks word cur name i
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
    if ((i > 0)) && [[ -z $blanks ]]; then joined[\${#joined[@]}-1]+=$word; else joined+=("$word"); fi
  done
  cur=\${joined[\${#joined[@]}-1]}
  while IFS= read -r name; do
    name=\${name%%$'\\t'*}
    if [[ -z $kind ]]; then kind=$name; elif [[ -n $name ]]; then names+=("$name"); fi
  done <<<"$(command sesame __complete "$((\${#joined[@]} - 1))" "\${joined[@]:1}" 2>/dev/null </dev/null)"
  case $kind in
    words) ((\${#names[@]} == 0)) || _sesame_offer "\${names[@]}" ;;
    files) _sesame_files ;;
    'command '*)
      # The words of another program's command line.
      if ((\${kind#command } == \${#joined[@]} - 2)) && [[ -n $cur && $cur != */* ]]; then
        while IFS= read -r name; do names+=("$name"); done <<<"$(compgen -c -- "$cur")"
        _sesame_offer "\${names[@]}"
      else
        _sesame_files
      fi
      ;;
  esac
}

complete -F _sesame sesame
`

/** Loaded with `source <(sesame completion zsh)` behind compinit, or as the file `_sesame` in a directory of fpath. */
const zsh = `#compdef sesame
# zsh completion for sesame. Load it with: source <(sesame completion zsh)
# (after compinit), or save it as _sesame in a directory of $fpath.

_sesame() {
  local -a lines names shown
  local kind
  lines=("\${(@Q)words[2,CURRENT-1]}" "$PREFIX")
  lines=("\${(@f)$(command sesame __complete $#lines "\${(@)lines}" 2>/dev/null </dev/null)}")
  kind=$lines[1]
  shift lines
  case $kind in
    (command *)
      # Everything behind -- belongs to another command.
      words=("\${(@)words[\${kind#command }+2,-1]}")
      (( CURRENT -= \${kind#command } + 1 ))
      _normal
      return
      ;;
    (files)
      compset -P 1 '--*='
      _files
      return
      ;;
  esac
  (( $#lines )) || return
  names=("\${(@)lines%%$'\\t'*}")
  shown=("\${(@)lines/$'\\t'/  -- }")
  # compadd quotes what it inserts; the names are never expanded.
  if compset -P 1 '--*='; then
    names=("\${(@)names#--*=}")
    compadd -a names
  elif [[ $lines[1] == *$'\\t'* ]]; then
    compadd -l -d shown -a names
  else
    compadd -a names
  fi
}

if [[ $funcstack[1] == _sesame ]]; then
  _sesame "$@"
else
  compdef _sesame sesame
fi
`

/** Loaded with `sesame completion fish | source`, or as `sesame.fish` in a completions directory. */
const fish = `# fish completion for sesame. Load it with: sesame completion fish | source

function __sesame_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l typed (commandline -ct)
  set -l found (command sesame __complete (math (count $words) + 1) $words "$typed" 2>/dev/null </dev/null)
  switch "$found[1]"
    case words
      set -e found[1]
      test (count $found) -eq 0; or printf '%s\\n' $found
    case files 'command *'
      set -l lead (string match -r -- '^--[^=]*=' "$typed")
      __fish_complete_path (string replace -- "$lead" '' "$typed") | string replace -r -- '^' "$lead"
  end
end

complete -c sesame -e
complete -c sesame -f -a '(__sesame_complete)'
`

/**
 * Loaded with `sesame completion powershell | Out-String | Invoke-Expression`. The script block gets the current word, the parsed
 * command and the position of the cursor; when it returns nothing, PowerShell offers files.
 */
const powershell = `# PowerShell completion for sesame. Load it with: sesame completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'sesame' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  $program = Get-Command -Name sesame -CommandType Application, ExternalScript -ErrorAction SilentlyContinue | Select-Object -First 1
  if (-not $program) { return }
  $words = @(foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { $element.Extent.Text }
  })
  $quotes = [char[]]@(39, 34)
  $typed = $wordToComplete.Trim($quotes) -replace '^(--[^=]*=)[\\x27\\x22]', '$1'
  $encoding = [Console]::OutputEncoding
  try {
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    $kind, $lines = @(& $program __complete ($words.Count + 1) @words $typed 2>$null)
  } finally {
    [Console]::OutputEncoding = $encoding
  }
  if ($kind -ne 'words') { return }
  foreach ($line in $lines) {
    $name, $summary = $line -split '\\t', 2
    if (-not $name -or -not $name.StartsWith($typed, 'OrdinalIgnoreCase')) { continue }
    $lead = if ($name -match '^--[^=]*=') { $Matches[0] } else { '' }
    $value = $name.Substring($lead.Length)
    # A name goes onto the command line as a verbatim string, unless it is a plain word.
    if ($value -notmatch '^[A-Za-z0-9_-][A-Za-z0-9_.+-]*$') {
      $value = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
    }
    if (-not $summary) { $summary = $name }
    [System.Management.Automation.CompletionResult]::new($lead + $value, $name, 'ParameterValue', $summary)
  }
}
`

/** The completion script of each shell. */
export const completionScripts = { bash, zsh, fish, powershell }
