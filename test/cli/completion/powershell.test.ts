import { describe, expect, test } from 'vitest'
import { completionScript } from '../../../src/cli/completion/completion-script.ts'
import { sampleCommands } from './sample-commands.ts'

const completion = completionScript('powershell', sampleCommands)

describe('powershell', () => {
  test('registers a native completer for sesame', () => {
    expect(completion).toContain("Register-ArgumentCompleter -Native -CommandName 'sesame' -ScriptBlock {")
    expect(completion).toContain('param($wordToComplete, $commandAst, $cursorPosition)')
  })

  test('knows each place with its words and options', () => {
    expect(completion).toContain("'sesame profile use' = @{ Words = @(); Source = 'profile'; Options = @() }")
    expect(completion).toContain(
      "'sesame profile list' = @{ Words = @(); Source = ''; Options = @(@{ Name = '--json'; Summary = 'as JSON' }) }",
    )
    for (const name of ['--account-id', '--account_id'])
      expect(completion).toContain(`'sesame login ${name}' = @{ Words = @(); Source = ''; Options = @() }`)
  })

  test('summaries are verbatim strings with doubled quotes', () => {
    expect(completion).toContain("Summary = 'sign in: it''s `$(touch PWN)` \\here'")
    const [odd] = sampleCommands
    const curly = completionScript('powershell', [{ name: 'x', summary: 'a’b', options: odd?.options ?? [] }])
    expect(curly).toContain("Summary = 'a’’b'")
  })

  test('brackets and quotes are balanced', () => {
    const open: string[] = []
    const code = completion.replace(/^\s*#.*$/gm, '').replace(/'(?:[^']|'')*'|"[^"]*"/g, '')
    for (const char of code.match(/[{}()[\]]/g) ?? []) {
      if ('{(['.includes(char)) open.push(char)
      else expect(`${open.pop()}${char}`).toMatch(/^(?:\{\}|\(\)|\[\])$/)
    }
    expect(open).toEqual([])
    expect(code).not.toMatch(/['"]/)
  })
})
