import { optionsWithValue, type Place } from './places.ts'

/**
 * Loaded with `sesame completion powershell | Out-String | Invoke-Expression`: Register-ArgumentCompleter with
 * `-Native`, whose script block gets the current word, the parsed command and the position of the cursor.
 * Returning nothing lets PowerShell offer files, which is what options with a file want.
 */
export function powershellCompletion(places: readonly Place[]): string {
  return `# PowerShell completion for sesame. Load it with: sesame completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'sesame' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  $places = @{
${places.map(placeEntry).join('\n')}
  }
  $valueOf = @{
${optionsWithValue(places).flatMap(valueEntries).join('\n')}
  }
${walker}}
`
}

function placeEntry({ path, words, argumentCompletes, options }: Place): string {
  const listed = options.map(({ name, summary }) => pair(`--${name}`, summary))
  const next = words.map(({ name, summary }) => pair(name, summary))
  return `    ${quote(path)} = @{ Words = @(${next.join(', ')}); Source = ${quote(argumentCompletes ?? '')}; Options = @(${listed.join(', ')}) }`
}

function valueEntries({ option, spellings }: ReturnType<typeof optionsWithValue>[number]): string[] {
  const values = (option.values ?? []).map((value) => pair(value, ''))
  return spellings.map(
    (spelling) =>
      `    ${quote(spelling)} = @{ Words = @(${values.join(', ')}); Source = ${quote(option.completes ?? '')}; Options = @() }`,
  )
}

function pair(name: string, summary: string): string {
  return `@{ Name = ${quote(name)}; Summary = ${quote(summary === '' ? name : summary)} }`
}

/** A verbatim string; all of PowerShell's single quotes end one, so all are doubled. */
function quote(text: string): string {
  return `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`
}

const walker = `
  function offer($text, $list, $summary) {
    [System.Management.Automation.CompletionResult]::new($text, $list, 'ParameterValue', $summary)
  }
  # A name goes onto the command line as a verbatim string, unless it is a plain word.
  function verbatim($name) {
    if ($name -match '^[A-Za-z0-9_][A-Za-z0-9_.+-]*$') { return $name }
    "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($name) + "'"
  }
  function profileNames {
    $encoding = [Console]::OutputEncoding
    $program = Get-Command -Name sesame -CommandType Application, ExternalScript -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $program) { return }
    try {
      [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
      & $program completion --profiles 2>$null
    } finally {
      [Console]::OutputEncoding = $encoding
    }
  }
  function offerFound($found, $typed, $lead) {
    foreach ($word in $found.Words) {
      if ($word.Name.StartsWith($typed, 'OrdinalIgnoreCase')) { offer ($lead + $word.Name) $word.Name $word.Summary }
    }
    if ($found.Source -eq 'profile') {
      foreach ($name in profileNames) {
        if ($name -and $name.StartsWith($typed, 'OrdinalIgnoreCase')) { offer ($lead + (verbatim $name)) $name $name }
      }
    }
  }

  $place = 'sesame'
  $expects = $null
  $argument = $false
  $given = @()
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $word = if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { $element.Extent.Text }
    if ($expects) { $expects = $null; continue }
    if ($word -eq '--') { return }
    if ($word -like '--*=*') { $given += $word.Substring(0, $word.IndexOf('=')); continue }
    if ($word.StartsWith('-')) {
      $given += $word
      if ($valueOf.ContainsKey("$place $word")) { $expects = $word }
      continue
    }
    if ($places.ContainsKey("$place $word")) { $place = "$place $word" } else { $argument = $true }
  }

  $typed = $wordToComplete.Trim([char[]]@(39, 34))
  if ($expects) {
    offerFound $valueOf["$place $expects"] $typed ''
    return
  }
  if ($typed -like '--*=*') {
    $cut = $typed.IndexOf('=')
    $found = $valueOf["$place " + $typed.Substring(0, $cut)]
    if ($found) { offerFound $found $typed.Substring($cut + 1).Trim([char[]]@(39, 34)) $typed.Substring(0, $cut + 1) }
    return
  }
  $here = $places[$place]
  if (-not $argument -and -not $typed.StartsWith('-')) { offerFound $here $typed '' }
  $mute = -not $argument -and ($here.Words.Count -gt 0 -or $here.Source)
  if ($typed.StartsWith('-') -or ($typed -eq '' -and -not $mute)) {
    foreach ($option in $here.Options) {
      if ($option.Name.StartsWith($typed) -and $given -notcontains $option.Name) { offer $option.Name $option.Name $option.Summary }
    }
  }
`
