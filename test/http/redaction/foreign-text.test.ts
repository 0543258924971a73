import { expect, test } from 'vitest'
import { foreignText, openDebugLog, readServerError, scrub, serverError } from '../../../src/http/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { rememberSecret } from '../../../src/kit/secret.ts'

const clientSecret = 'Kq7-9f3b2d1e8a-Wz5-0c4d6e7f'
rememberSecret(clientSecret)

test.each([150, 174, 175, 180, 185, 190, 196, 199])(
  '[case 114] a secret that a server echoes after %i characters is scrubbed before the text is cut',
  (length) => {
    const body = { error: 'invalid_grant', error_description: `${'x'.repeat(length)}${clientSecret} tail` }
    const answer = { status: 401, isJson: true, body, requestId: undefined, headers: new Headers() }
    const { message } = serverError(answer as never, 'The provider refused')
    expect(readServerError(answer as never).serverMessage).toContain(clientSecret)
    for (let start = 0; start + 6 <= clientSecret.length; start++)
      expect(message).not.toContain(clientSecret.slice(start, start + 6))
  },
)

test('[case 114] the code that a server gives is held to the same', () => {
  const answer = {
    status: 400,
    isJson: true,
    body: { error: `${'c'.repeat(90)}${clientSecret}` },
    requestId: undefined,
  }
  expect(serverError(answer as never, 'x').serverCode).not.toContain('Kq7-')
})

test('[case 114] foreign text is one line, scrubbed, then cut', () => {
  expect(foreignText(`a\nb\u001b[2J${clientSecret}`)).toMatch(
    /^a\\u000ab\\u001b\[2J\[redacted \d+ #[0-9a-f]{4}\]$/,
  )
  expect(foreignText('y'.repeat(500), 100)).toBe(`${'y'.repeat(100)}…`)
})

test('[case 114] nor does the debug log show what its cut leaves of a secret', async () => {
  const lines: string[] = []
  const log = await openDebugLog({
    pattern: '*',
    colors: false,
    clock: systemClock,
    write: (line) => lines.push(line),
  })
  // Redaction makes the text shorter, so that the end of what is looked at comes into view.
  const long = 'Zt5'.repeat(2000)
  rememberSecret(long)
  for (const shift of [3, 8, 12, 15, 19]) {
    const filler = long + 'x '.repeat(Math.ceil((72_000 - long.length) / 2))
    log('sesame:http', filler.slice(0, 72_000 - shift) + clientSecret)
  }
  expect(lines).toHaveLength(5)
  for (const line of lines) expect(line).not.toContain('Kq7')
  expect(scrub(clientSecret)).toContain('[redacted ')
})
