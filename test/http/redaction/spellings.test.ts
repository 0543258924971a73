import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scrub } from '../../../src/http/index.ts'
import { rememberSecret } from '../../../src/kit/secret.ts'
import { type Spelling, spellings } from './spellings.ts'

/** So many characters of a secret in one piece give it away. */
const tellingLength = 20

const alphabets = [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=',
  'ABCabc0123456789-_.~',
  Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(''),
  '%&;#\\+/=x2u5"\'ab',
  'äöü漢字😀abc+/%&',
]
const secrets = fc.oneof(
  ...alphabets.map((alphabet) =>
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: tellingLength, maxLength: 200 }),
  ),
)

/** The first piece of a secret that a reader of the text gets back by undoing the layers one after the other. */
function pieceGivenBack(output: string, layers: readonly Spelling[], secret: string): string | undefined {
  let text = output
  for (const undo of [(same: string) => same, ...layers.toReversed().map((layer) => layer.undo)]) {
    text = undo(text)
    for (let start = 0; start + tellingLength <= secret.length; start++) {
      const piece = secret.slice(start, start + tellingLength)
      if (text.includes(piece)) return piece
    }
  }
  return undefined
}

const written = (secret: string, layers: readonly Spelling[]) =>
  layers.reduce((text, { write }) => write(text), secret)

test('[case 124] P undoing any three layers of escapes on the output never gives a secret back', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.array(fc.constantFrom(...spellings), { maxLength: 3 }),
      fc.constantFrom('', 'token ', '"', 'url=', 'a&b=', 'path/', '\n'),
      fc.constantFrom('', '"', '&x=1', ' tail', ';', '5', '\n'),
      (secret, layers, before, after) => {
        rememberSecret(secret)
        const output = scrub(`${before}${written(secret, layers)}${after}`)
        expect(pieceGivenBack(output, layers, secret)).toBeUndefined()
      },
    ),
    { numRuns: 5000 },
  )
}, 300_000)

describe('[case 124] a token in every pair of spellings', () => {
  const token = `CAIS/${'aB3+x/9='.repeat(20)} "ö&%41\\u0041<'`
  rememberSecret(token)
  const pairs = spellings.flatMap((outer) => spellings.map((inner) => [inner, outer] as const))
  test.each(pairs.map(([inner, outer]) => ({ name: `${inner.name} in ${outer.name}`, inner, outer })))(
    '$name',
    ({ inner, outer }) => {
      const output = scrub(`?u=${written(token, [inner, outer])} end`)
      expect(output).toContain('[redacted ')
      expect(pieceGivenBack(output, [inner, outer], token)).toBeUndefined()
    },
  )
})

test('[case 124] the token that STS echoes in the string to sign, percent-encoded twice', () => {
  const token = `CAIS${'k+/=Zq7'.repeat(40)}`
  rememberSecret(token)
  const echoed = encodeURIComponent(
    `Action=AssumeRole&SecurityToken=${encodeURIComponent(token)}&Version=2015-04-01`,
  )
  const output = scrub(`The string to sign is "POST&%2F&${echoed}".`)
  expect(output).not.toContain('Zq7')
  expect(output).toContain('Version%3D2015-04-01')
})

test('[case 124] backslashes of a secret, and its last characters taken into an escape, do not hide it', () => {
  const secret = '%%%%%%\\%\\%%\\%%%%%%%b'
  rememberSecret(secret)
  const output = scrub(`${encodeURIComponent(secret)}5`)
  expect(decodeURIComponent(output.replace(/%b5$/, ''))).not.toContain(secret.slice(0, 20))
})

test('[case 124] every piece of a secret goes whose parts begin alike', () => {
  const secret = 'TOKN00001TOKN22223TOKN44445TOKN66667'
  rememberSecret(secret)
  for (let start = 0; start + tellingLength <= secret.length; start++) {
    const piece = secret.slice(start, start + tellingLength)
    expect(scrub(`<${piece}>`), piece).toMatch(/^<\[redacted \d+ #[0-9a-f]{4}\]>$/)
  }
})

test('[case 124] a secret that was cut off at either end goes as well', () => {
  const token = Array.from({ length: 60 }, (_, index) => `${index}x${index * 7}`).join('')
  rememberSecret(token)
  for (const [start, end] of [
    [0, 25],
    [30, 55],
    [token.length - 25, token.length],
  ] as const) {
    const piece = token.slice(start, end)
    for (const text of [
      piece,
      encodeURIComponent(encodeURIComponent(piece)),
      Buffer.from(piece).toString('base64'),
    ])
      expect(scrub(`<${text}>`)).toMatch(/^<\[redacted \d+ #[0-9a-f]{4}\]>$/)
  }
})
