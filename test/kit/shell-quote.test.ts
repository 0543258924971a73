import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWord } from '../../src/kit/shell-quote.ts'
import { spawnSync } from '../support/run-sync.ts'

test('[case 102] a word of a printed command is one literal word in every shell', () => {
  const hostile = [
    '$({touch,pwned}).id.example',
    '`id`',
    "a'b",
    '"',
    '!x',
    '~',
    '-n',
    'a b',
    'a  b',
    '$HOME',
    '',
    '=ls',
    '名前',
  ]
  const random = fc.sample(fc.string({ unit: 'binary' }), { numRuns: 200, seed: 1 })
  const words = [...hostile, ...random].map((word) => word.replace(/\0/g, '').toWellFormed())
  for (const shell of ['bash', 'dash', 'zsh', 'ksh']) {
    const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}`).join('\n')
    const { stdout } = spawnSync(shell, ['-s'], { input: script, encoding: 'utf8' })
    expect(stdout.split('\0').slice(0, -1), shell).toEqual(words)
  }
})

test('ordinary words stay as they are; spaces take double quotes, which cmd and PowerShell know as well', () => {
  expect(['dev', '开发', 'a.b@c', '/etc/x'].map(shellWord)).toEqual(['dev', '开发', 'a.b@c', '/etc/x'])
  expect(shellWord('my dev')).toBe('"my dev"')
})
