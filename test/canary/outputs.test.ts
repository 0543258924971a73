import { expect, test } from 'vitest'
import { readRecord } from '../support/record.ts'

const { outputs, secrets } = readRecord()

/** The forms in which a secret could slip through: as it is, and in every encoding that a log or a URL applies. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
  return [...new Set(forms)]
}

type Words = readonly string[]
const isTokenCommand = ([command, sub]: Words) => (command === 'token' && sub === 'get') || command === 'sst'
const isConsolePrint = (words: Words) => words[0] === 'console' && words.includes('--print')

/** On whose stdout a secret belongs: credentials on that of any command that prints them, the others on that of their own; else on none. */
const belongs: Record<string, (words: Words) => boolean> = {
  'access-key-secret': () => true,
  'security-token': () => true,
  'access-token': isTokenCommand,
  'id-token': isTokenCommand,
  'server-side-token': isTokenCommand,
  'signin-token': isConsolePrint,
}

test('the end-to-end suite has left something to look at', () => {
  expect(outputs.length).toBeGreaterThan(20)
  expect(secrets.length).toBeGreaterThan(20)
  expect(outputs.some(({ stderr }) => stderr.includes('sesame:http'))).toBe(true)
})

test('[case 76] no secret of the whole suite is on stderr, or on stdout where it does not belong', () => {
  const stderr = outputs.map((output) => output.stderr).join('\n')
  const kinds = [...new Set(secrets.map(({ kind }) => kind))]
  const stdoutWhereNot = new Map(
    kinds.map((kind) => {
      const others = outputs.filter(({ words }) => !belongs[kind]?.(words))
      return [kind, others.map(({ stdout }) => stdout).join('\n')]
    }),
  )
  const found: string[] = []
  for (const { kind, value } of secrets) {
    const stdout = stdoutWhereNot.get(kind) ?? ''
    for (const form of formsOf(value)) {
      if (stderr.includes(form)) found.push(`${kind} on stderr`)
      if (stdout.includes(form)) found.push(`${kind} on stdout`)
    }
  }
  expect(found).toEqual([])
})
