import { expect, test } from 'vitest'
import { completionScripts } from '../../../src/cli/completion/scripts.ts'

const completion = completionScripts.powershell

test('registers a native completer for sesame', () => {
  expect(completion).toContain("Register-ArgumentCompleter -Native -CommandName 'sesame' -ScriptBlock {")
  expect(completion).toContain('param($wordToComplete, $commandAst, $cursorPosition)')
})

test('what sesame prints becomes a quoted word', () => {
  expect(completion).toContain('EscapeSingleQuotedStringContent($value)')
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
