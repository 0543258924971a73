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

/** How many characters of a form are looked up, and how many follow them: near its end it is like no other. */
const [window, tail] = [12, 4]

/**
 * Which of these forms a text holds. Thousands are looked for in many megabytes: at each place of the text a table tells whether four
 * characters could belong to one, and only then the text is compared.
 */
function formsIn(text: string, forms: ReadonlySet<string>): Set<string> {
  const found = new Set([...forms].filter((form) => form.length < window + tail && text.includes(form)))
  const byWindow = new Map<string, string[]>()
  for (const form of forms) {
    if (form.length < window + tail) continue
    const key = form.slice(-window - tail, -tail)
    byWindow.set(key, [...(byWindow.get(key) ?? []), form])
  }
  const next = (last4: number, text: string, i: number) => (last4 << 8) ^ text.charCodeAt(i)
  const slot = (last4: number) => Math.imul(last4, 0x9e3779b1) >>> 12
  const possible = new Uint8Array(2 ** 20)
  for (const key of byWindow.keys()) {
    possible[slot([0, 1, 2, 3].reduce((last4, i) => next(last4, key, i), 0))] = 1
  }
  let last4 = 0
  for (let i = 0; i < text.length; i++) {
    last4 = next(last4, text, i)
    if (possible[slot(last4)] !== 1) continue
    const start = i - 3
    for (const form of byWindow.get(text.slice(start, start + window)) ?? [])
      if (text.startsWith(form, start + window + tail - form.length)) found.add(form)
  }
  return found
}

test('the search finds a form at the beginning, in the middle and at the end, and no other', () => {
  const forms = [
    'short',
    'a-form-of-twenty-chars',
    'é-form-beyond-of-latin-1-字',
    'not-in-the-text-at-all',
    'another-form-of-some-length',
  ]
  const text = `${forms[1]} short ${forms[2]}${forms[4]}`
  expect(formsIn(text, new Set(forms))).toEqual(new Set(forms.filter((form) => form !== forms[3])))
  expect(formsIn(text.slice(1, -1), new Set(forms))).toEqual(new Set([forms[0], forms[2]]))
})

test('[case 76] no secret of the whole suite is on stderr, or on stdout where it does not belong', () => {
  const forms = new Map(secrets.map(({ value }) => [value, formsOf(value)]))
  const look = (texts: readonly string[]) => formsIn(texts.join('\n'), new Set([...forms.values()].flat()))
  const onStderr = look(outputs.map(({ stderr }) => stderr))
  const rules = new Set(secrets.map(({ kind }) => belongs[kind]))
  const onStdout = new Map(
    [...rules].map((rule) => [
      rule,
      look(outputs.filter(({ words }) => !rule?.(words)).map(({ stdout }) => stdout)),
    ]),
  )
  const found: string[] = []
  for (const { kind, value } of secrets) {
    for (const form of forms.get(value) ?? []) {
      if (onStderr.has(form)) found.push(`${kind} on stderr`)
      if (onStdout.get(belongs[kind])?.has(form)) found.push(`${kind} on stdout`)
    }
  }
  expect(found).toEqual([])
})
