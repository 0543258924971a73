import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

runCommandsHere()

/** C0 but the line feed, DEL, C1, bidi and zero-width characters, line separators. */
const controls =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

const nasty =
  '\u001b[2J\u001b]52;c;ZXZpbA==\u0007\u001b]8;;http://evil.example\u001b\\A\rB\u009b31m\u202eC\u2028D'

function bendAuthorization({ portal }: World, members: Record<string, unknown>): void {
  portal.transform('POST /device-authorization', (body) => ({ ...body, ...members }))
}

/** A `BROWSER` that leaves a file behind. */
function trap({ home }: World): { env: Record<string, string>; sprung(): boolean } {
  const mark = join(home.home, 'opened')
  const program = join(home.home, 'browser')
  writeFileSync(program, `#!/bin/sh\n: >'${mark}'\n`, { mode: 0o755 })
  return { env: { BROWSER: program, DISPLAY: ':0' }, sprung: () => existsSync(mark) }
}

describe.concurrent('addresses', () => {
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'vscode://file/etc/passwd',
    '\\\\host\\x',
    '-x',
    '/usr/bin/id',
    'http://portal.example/device',
    'https://user:pw@127.0.0.1/device',
    `https://127.0.0.1/${'x'.repeat(10_000)}`,
    '\u001b]8;;https://evil.example\u001b\\https://127.0.0.1',
  ])('[case 10] %j is refused before anything else happens', (uri) =>
    inWorld({}, async (world) => {
      bendAuthorization(world, { VerificationUri: uri, VerificationUriComplete: uri })
      const browser = trap(world)
      const { code, stdout, stderr } = await world.home.run(['login'], { env: browser.env })
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toMatch(/verification address/i)
      expect(stderr).not.toMatch(controls)
      expect(stderr.length).toBeLessThan(1_000)
      expect(browser.sprung()).toBe(false)
      expect(countCalls(world, 'POST /token')).toBe(0)
    })(),
  )

  test(
    '[case 10] a foreign host is shown, with a warning, and the login goes on',
    inWorld({}, async (world) => {
      bendAuthorization(world, {
        VerificationUri: 'https://evil.example/device',
        VerificationUriComplete: 'https://evil.example/device?user_code=AAAA-BBBB',
      })
      const { code, stderr } = await world.home.run(['login'])
      expect(code).toBe(0)
      expect(stderr).toContain('https://evil.example/device')
      expect(stderr).toContain(
        'Warning: the verification URL is on evil.example, not on the configured host ',
      )
    }),
  )

  test(
    '[case 11] shell characters are shown percent-encoded or inert, on one line',
    inWorld({}, async (world) => {
      const { url } = world.portal
      bendAuthorization(world, {
        VerificationUriComplete: `${url}/d?x=$(touch PWN)\`id\`&calc"%0a\n\u001b[31m`,
      })
      const { code, stderr } = await world.home.run(['login'])
      expect(code).toBe(0)
      expect(stderr).not.toMatch(controls)
      expect(stderr).toMatch(/d\?x=\$\(touch%20PWN\)/)
    }),
  )

  test(
    '[case 13] the address with the code, the one without, the code, and what to compare',
    inWorld({}, async ({ portal, home }) => {
      const { stderr } = await home.run(['login'])
      const [, code = ''] = stderr.match(/user_code=(\w{4}-\w{4})/) ?? []
      expect(code).not.toBe('')
      expect(stderr).toContain(`${portal.url}/device/code\n`)
      expect(stderr).toMatch(new RegExp(`enter the code:\\n +${code}\\n`))
      expect(stderr).toMatch(/Approve only if the page shows .*you started this sign-in yourself/)
    }),
  )
})

describe.concurrent('texts', () => {
  test(
    '[case 12] a user code with escape sequences is shown escaped',
    inWorld({}, async (world) => {
      bendAuthorization(world, { UserCode: nasty })
      const { code, stderr } = await world.home.run(['login'])
      expect(code).toBe(0)
      expect(stderr).not.toMatch(controls)
      expect(stderr).toContain('\\u001b[2J')
    }),
  )

  test(
    '[case 12] a user code of 10 kB is cut',
    inWorld({}, async (world) => {
      bendAuthorization(world, { UserCode: 'K'.repeat(10_000) })
      const { stderr } = await world.home.run(['login'])
      expect(stderr).not.toMatch(/K{41}/)
      expect(stderr.length).toBeLessThan(2_000)
    }),
  )

  test(
    '[case 12] an error message with escape sequences is two lines, escaped and cut',
    inWorld({}, async ({ portal, home }) => {
      const body = {
        ErrorCode: `Odd${nasty}`,
        ErrorMessage: `${nasty}\n${'x'.repeat(10_000)}`,
        RequestId: nasty,
      }
      portal.fault('POST /token', { kind: 'json', status: 400, body })
      const { code, stderr } = await home.run(['login'])
      expect(code).toBe(1)
      expect(stderr).not.toMatch(controls)
      const [, message = ''] = stderr.split(/^sesame: /m)
      expect(message.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
      expect(message.length).toBeLessThan(1_500)
    }),
  )

  test(
    '[case 78] DEBUG keeps such texts on their lines too',
    inWorld({}, async (world) => {
      bendAuthorization(world, { UserCode: nasty })
      const { code, stderr } = await world.home.run(['login'], { env: { DEBUG: '*' } })
      expect(code).toBe(0)
      expect(stderr).not.toMatch(controls)
    }),
  )
})

test(
  '[case 17] without a terminal no browser is started, whatever BROWSER says, and the address is shown',
  inWorld({}, async (world) => {
    const browser = trap(world)
    const { code, stderr } = await world.home.run(['login', '--qr'], { env: browser.env })
    expect(code).toBe(0)
    expect(stderr).toContain(`${world.portal.url}/device/code`)
    expect(browser.sprung()).toBe(false)
  }),
)
