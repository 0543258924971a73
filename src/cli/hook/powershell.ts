import { formatUnset } from '../../output/index.ts'
import { backOffSeconds, marginSeconds } from './timing.ts'

/**
 * Windows PowerShell 5.1 and PowerShell 7. The prompt that is there is wrapped, unless it already is: it finds `$?` and
 * `$LASTEXITCODE` as the last command left them.
 */
export function powershellHook(): string {
  return `# Keeps the credentials of this shell fresh. In $PROFILE: sesame hook powershell | Out-String | Invoke-Expression

function global:sesame-login {
  if ($args -contains '--help' -or $args -contains '-h') { return & sesame login --help }
  $output = & sesame login --format powershell @args | Out-String
  if (_sesame_hook_assigns $output) { Invoke-Expression $output }
  elseif ($output) { $output.TrimEnd() }
}

# sesame itself; but "use", and a login whose outcome would be shown on the terminal, are for this shell alone.
function global:sesame {
  $program = Get-Command -Name sesame -CommandType Application, ExternalScript -ErrorAction Stop | Select-Object -First 1
  $word = ''
  $skip = $false
  $before = @()
  $after = @()
  $isRead = $MyInvocation.PipelinePosition -lt $MyInvocation.PipelineLength
  $takes = -not $isRead -and -not $MyInvocation.ExpectingInput
  foreach ($each in $args) {
    if ($word) { $after += , $each } else { $before += , $each }
    if ($skip) { $skip = $false; continue }
    if ("$each" -cin '--help', '-h', '--env', '--format', '--this-shell' -or "$each" -clike '--format=*') { $takes = $false }
    elseif ("$each" -ceq '--profile') { $skip = -not $word }
    elseif ("$each" -notlike '-*' -and -not $word) { $word = "$each" }
  }
  if ($word -cnotin 'use', 'login') { $takes = $false }
  if ($word -ceq 'login' -and [Console]::IsOutputRedirected) { $takes = $false }
  if (-not $takes) {
    # PowerShell keeps the first -- of the arguments of a function to itself.
    $words = if ($word -ceq 'exec') { $before + @(_sesame_hook_with_dashes $after) } else { $before + $after }
    if ($MyInvocation.ExpectingInput) { $input | & $program @words } else { & $program @words }
    return
  }
  $profileName = $env:SESAME_PROFILE
  $options = if ($word -ceq 'use') { @('--format', 'powershell') } else { @('--format', 'powershell', '--this-shell') }
  $output = & $program @before @options @after | Out-String
  $code = $global:LASTEXITCODE
  if ($code -eq 0 -or $word -ceq 'login') {
    if (_sesame_hook_assigns $output) {
      try { Invoke-Expression $output } catch { }
      # A login that fails takes the keys out, not the choice of the profile.
      if ($code -ne 0 -and $profileName) { $env:SESAME_PROFILE = $profileName }
    } elseif ($output) { $output.TrimEnd() }
  }
  $global:LASTEXITCODE = $code
}

# The words of sesame exec, with -- before those of the other program.
function global:_sesame_hook_with_dashes($words) {
  $words = @($words)
  for ($i = 0; $i -lt $words.Count; $i++) {
    if ("$($words[$i])" -ceq '--') { break }
    if ("$($words[$i])" -notlike '-*') { return @($words | Select-Object -First $i) + '--' + @($words | Select-Object -Skip $i) }
    if ("$($words[$i])" -ceq '--profile') { $i++ }
  }
  return $words
}

# Whether a text is nothing but lines that set and remove variables: help, or what another program of that name prints, is not run.
function global:_sesame_hook_assigns($text) {
  $lines = @("$text" -split '\\r?\\n' | Where-Object { $_ })
  $others = @($lines | Where-Object { $_ -cnotmatch '^(?:\\$env:[A-Z]\\w* = |Remove-Item -ErrorAction )' })
  return ($lines.Count -gt 0 -and $others.Count -eq 0)
}

$global:_sesame_hook_state = @{ Seen = ''; Warned = ''; Expires = [DateTimeOffset]::MaxValue; Next = [DateTimeOffset]::MaxValue }

function global:_sesame_hook {
  if (-not $env:SESAME_EXPIRATION) { return }
  Set-StrictMode -Off
  $state = $global:_sesame_hook_state
  if ($env:SESAME_EXPIRATION -ne $state.Seen) {
    _sesame_hook_read_expiration
    $state.Next = $state.Expires.AddSeconds(-${marginSeconds})
  }
  if ([DateTimeOffset]::UtcNow -ge $state.Next) { _sesame_hook_renew }
}

# Anything but 2026-11-21T08:00:00Z is left alone.
function global:_sesame_hook_read_expiration {
  $state = $global:_sesame_hook_state
  $state.Seen = $env:SESAME_EXPIRATION
  $expires = [DateTimeOffset]::MaxValue
  $read = [DateTimeOffset]::TryParseExact($state.Seen, "yyyy-MM-dd'T'HH:mm:ss'Z'", [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::AssumeUniversal, [ref] $expires)
  $state.Expires = if ($read) { $expires } else { [DateTimeOffset]::MaxValue }
}

function global:_sesame_hook_renew {
  # A failing program must neither stop the prompt nor leave a trace in $LASTEXITCODE.
  $ErrorActionPreference = 'SilentlyContinue'
  $PSNativeCommandUseErrorActionPreference = $false
  $state = $global:_sesame_hook_state
  $kept = $global:LASTEXITCODE
  $code = 127
  $before = $env:SESAME_EXPIRATION
  $now = [DateTimeOffset]::UtcNow
  $left = [Math]::Floor(($state.Expires - $now).TotalSeconds)
  $wait = ${backOffSeconds}
  # Set before the attempt, so that one ended by Ctrl-C counts too.
  $state.Next = $now.AddSeconds($wait)
  if (-not $env:SESAME_PROFILE) { $code = 3 }
  else {
    try {
      # What fails would remove credentials that are still good: only a success is evaluated.
      $output = $null | & sesame credentials --format powershell --profile $env:SESAME_PROFILE --min-ttl ([Math]::Max(0, $left + 1)) 2>$null | Out-String
      $code = $global:LASTEXITCODE
      if ($code -eq 0 -and -not (_sesame_hook_assigns $output)) { $code = 126; $output = '' }
      if ($code -eq 0 -and $output) { Invoke-Expression $output }
    } catch { $code = 127 }
  }
  $global:LASTEXITCODE = $kept
  $now = [DateTimeOffset]::UtcNow
  if ($env:SESAME_EXPIRATION -and $env:SESAME_EXPIRATION -ne $before) {
    _sesame_hook_read_expiration
    $left = ($state.Expires - $now).TotalSeconds
    if ($left -gt 0) { $state.Next = $state.Expires.AddSeconds(-[Math]::Min(${marginSeconds}, $left / 2)) }
    return
  }
  $left = ($state.Expires - $now).TotalSeconds
  # Not there, another program, one that cannot be started or used: a sign-in would not help. An old Node.js is exit code 2,
  # which also has other reasons, such as credentials that never last so long.
  $cannotRun = $code -in 126, 127
  if ($code -eq 2) {
    $null = & sesame version 2>$null
    $cannotRun = $global:LASTEXITCODE -ne 0
    $global:LASTEXITCODE = $kept
  }
  if ($code -ne 0 -and $left -le 0) {
    if ($cannotRun) { _sesame_hook_say "are removed, since sesame cannot renew them (exit code $code)" 'see why with: sesame doctor' }
    else { _sesame_hook_say 'have expired and are removed' }
    ${formatUnset('powershell').trim()}
    return
  }
  if ($left -gt 0 -and $left -lt ${2 * backOffSeconds}) { $wait = [Math]::Ceiling($left / 2) }
  $state.Next = $now.AddSeconds($wait)
  if ($state.Warned -eq $before) { return }
  if ($code -eq 3) {
    $state.Warned = $before
    _sesame_hook_say "expire at $before"
  } elseif ($cannotRun -and $code -ne 127) {
    $state.Warned = $before
    _sesame_hook_say "are not renewed, since sesame fails (exit code $code)" 'see why with: sesame doctor'
  }
}

function global:_sesame_hook_say($what, $remedy = 'sign in with: sesame-login') {
  $name = $env:SESAME_PROFILE -replace "[\\x00-\\x1f\\x7f]", '?'
  if ($name -notmatch '^[\\w.@+-]+$') { $name = "'" + ($name -replace "'", "''") + "'" }
  if ($env:SESAME_PROFILE) { [Console]::Error.WriteLine("sesame: credentials of $name $what; $remedy --profile $name") }
  else { [Console]::Error.WriteLine("sesame: credentials $what; $remedy") }
}

if ("$function:prompt" -notmatch '_sesame_hook') {
  Set-Item -Path Function:global:prompt -Value (& {
    $original = $function:prompt
    {
      $succeeded = $?
      _sesame_hook
      # A statement that fails silently is how $? becomes false again.
      if (-not $succeeded) { Write-Error '' -ErrorAction Ignore }
      & $original
    }.GetNewClosure()
  })
}
`
}
