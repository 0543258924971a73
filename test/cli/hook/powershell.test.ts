import { describe, expect, test } from 'vitest'
import { hookSnippet } from '../../../src/cli/hook/hook-snippet.ts'
import { credentialVariableNames } from '../../../src/output/index.ts'

const snippet = hookSnippet('powershell')

describe('powershell', () => {
  test('looks at SESAME_EXPIRATION by the clock of .NET, and starts nothing before the margin', () => {
    expect(snippet).toContain('if (-not $env:SESAME_EXPIRATION) { return }')
    expect(snippet).toContain('if ([DateTimeOffset]::UtcNow -ge $state.Next) { _sesame_hook_renew }')
    expect(snippet).toContain('$state.Next = $state.Expires.AddSeconds(-300)')
    expect(snippet).toContain('$state.Next = $now.AddSeconds($wait)')
    expect(snippet.match(/& sesame credentials/g)).toHaveLength(1)
  })

  test('evaluates only what succeeded', () => {
    expect(snippet).toContain('if ($code -eq 0 -and $output) { Invoke-Expression $output }')
    expect(snippet).toContain(
      'sesame credentials --format powershell --profile $env:SESAME_PROFILE --min-ttl',
    )
  })

  test('removes every variable of ours', () => {
    for (const name of credentialVariableNames) expect(snippet).toContain(`Env:${name}`)
  })

  test('gives $? and $LASTEXITCODE to the prompt that is there, which it wraps once', () => {
    expect(snippet).toContain(`if ("$function:prompt" -notmatch '_sesame_hook')`)
    expect(snippet.indexOf('$succeeded = $?')).toBeLessThan(snippet.indexOf('& $original'))
    expect(snippet).toContain('$global:LASTEXITCODE = $kept')
  })

  test('is plain ASCII with brackets and quotes in balance', () => {
    expect(snippet).toMatch(/^[\n\x20-\x7e]*$/)
    const open: string[] = []
    const code = snippet.replace(/"'" \+|\+ "'"|"'", "''"/g, '').replace(/^\s*#.*$/gm, '')
    for (const char of code.replace(/'[^'\n]*'|"[^"\n]*"/g, '').match(/[{}()[\]]/g) ?? []) {
      if ('{(['.includes(char)) open.push(char)
      else expect(`${open.pop()}${char}`).toMatch(/^(?:\{\}|\(\)|\[\])$/)
    }
    expect(open).toEqual([])
  })
})
