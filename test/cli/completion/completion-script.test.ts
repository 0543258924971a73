import { expect, test } from 'vitest'
import { completionScript, completionShells } from '../../../src/cli/completion/completion-script.ts'
import { sampleCommands } from './sample-commands.ts'

test.each(completionShells)('%s: the script ends with a newline and asks for the names quietly', (shell) => {
  const script = completionScript(shell, sampleCommands)
  expect(script).toMatch(/[^\n]\n$/)
  expect(script).toMatch(/completion --profiles/)
  expect(script.replace(/^#.*$/gm, '')).not.toMatch(/\beval\b|Invoke-Expression/)
})

test.each(completionShells)('%s: a name that would need quotes is a mistake of the program', (shell) => {
  for (const name of ['a b', "a'b", '$(x)', '-x', '', 'a\nb']) {
    expect(() => completionScript(shell, [{ name, summary: '', options: [] }])).toThrow(TypeError)
    const option = { name: 'format', summary: '', takesValue: true, values: [name] }
    expect(() => completionScript(shell, [{ name: 'login', summary: '', options: [option] }])).toThrow(
      TypeError,
    )
  }
})
