import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scrub } from '../../../src/http/index.ts'

const src = join(import.meta.dirname, '..', '..', '..', 'src')
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g

/** Every text of the source that a person could read: messages, hints, help, examples. */
function textsOf(file: string): string[] {
  const code = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  return [...code.matchAll(literal)]
    .map(([quoted]) => quoted.slice(1, -1).replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, 'v'))
    .filter((text) => /[ :=]/.test(text))
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.includes('redaction'),
)

test('[case 125] no hint and no example of the program is taken for a secret', () => {
  const texts = files.flatMap(textsOf)
  expect(texts.length).toBeGreaterThan(1500)
  expect(texts.filter((text) => scrub(text) !== text)).toEqual([])
  expect(scrub('Write it as http://USER:PASSWORD@proxy.example:3128.')).toContain('USER:PASSWORD')
})

test('[case 125] a real user part still goes', () => {
  for (const url of ['http://joe:pa55@proxy:1', 'socks5://USER:hunter22@proxy:1', 'rediss://:PASSWORD1@host'])
    expect(scrub(url)).toContain('[redacted ')
})
