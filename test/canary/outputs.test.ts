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

/** What an output may show of it: credentials belong on stdout of the commands that print them, tokens on that of `token get`. */
const printed = new Set(['access-key-secret', 'security-token'])
const tokens = new Set(['access-token', 'id-token', 'server-side-token'])

test('the end-to-end suite has left something to look at', () => {
  expect(outputs.length).toBeGreaterThan(20)
  expect(secrets.length).toBeGreaterThan(20)
  expect(outputs.some(({ stderr }) => stderr.includes('sesame:http'))).toBe(true)
})

test('[case 76] no secret of the whole suite is on stderr, or on stdout where it does not belong', () => {
  const stderr = outputs.map((output) => output.stderr).join('\n')
  const stdout = outputs.map((output) => output.stdout).join('\n')
  const isTokenGet = ({ words }: (typeof outputs)[number]) =>
    (words[0] === 'token' && words[1] === 'get') || words[0] === 'sst'
  const others = outputs.filter((output) => !isTokenGet(output)).map((output) => output.stdout)
  const stdoutWithoutTokens = others.join('\n')
  const found: string[] = []
  for (const { kind, value } of secrets) {
    for (const form of formsOf(value)) {
      if (stderr.includes(form)) found.push(`${kind} on stderr`)
      const where = tokens.has(kind) ? stdoutWithoutTokens : stdout
      if (!printed.has(kind) && where.includes(form)) found.push(`${kind} on stdout`)
    }
  }
  expect(found).toEqual([])
})
