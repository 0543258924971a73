import debug from 'debug'
import { afterEach, describe, expect, test } from 'vitest'
import { openDebugLog } from '../../../src/http/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { rememberSecret, Secret } from '../../../src/kit/secret.ts'

const clock = { ...systemClock, now: () => new Date('2026-11-21T08:00:00Z') }

async function open(pattern: string | undefined, colors = false) {
  const lines: string[] = []
  const log = await openDebugLog({ pattern, colors, clock, write: (line) => lines.push(line) })
  return { lines, log }
}

afterEach(() => {
  debug.disable()
})

describe('the debug log', () => {
  test.each([undefined, '', ' '])('is silent for DEBUG=%j', async (pattern) => {
    expect((await open(pattern)).log).toBe(silentLog)
  })

  test('writes the namespaces that the pattern selects, with the time', async () => {
    const { lines, log } = await open('sesame:*,-sesame:store')
    log('sesame:http', '> POST /token 100% HTTP/1.1')
    log('sesame:store', 'hidden')
    expect(lines).toEqual(['2026-11-21T08:00:00.000Z sesame:http > POST /token 100% HTTP/1.1 +0ms'])
  })

  test('colours the namespace for a terminal', async () => {
    const { lines, log } = await open('*', true)
    log('sesame:http', 'text')
    expect(lines[0]).toMatch(
      /^ {2}\u001b\[3[0-9;]+msesame:http\u001b\[0m text \u001b\[3[0-9;]+m\+\d+ms\u001b\[0m$/,
    )
  })

  test('[case 76] scrubs other packages that share the debug package, objects and errors too', async () => {
    const secret = 'canary-0123456789-abcdef'
    rememberSecret(secret)
    const { lines } = await open('*')
    const other = debug('third-party')
    other('plain %s', secret)
    other('object %o', { nested: { value: [secret] } })
    other('big %O', { nested: { value: [secret] }, more: 'x'.repeat(200) })
    other({ value: Buffer.from(secret).toString('base64') })
    other(new Error('outer', { cause: new Error(`inner ${secret}`) }))
    other('wrapped %o', { token: new Secret('another-canary-98765') })
    expect(lines).toHaveLength(6)
    for (const line of lines) expect(line).not.toMatch(/canary|Y2FuYXJ5/)
    expect(lines[0]).toMatch(/third-party plain \[redacted 24 #[0-9a-f]{4}\]/)
  })

  test('[case 76] a package that sets its own log function does not get past', async () => {
    const { lines } = await open('*')
    const other = debug('own-log')
    const stolen: unknown[] = []
    other.log = (...args: unknown[]) => stolen.push(args)
    other('access_token=abcdefgh')
    other.extend('child')('access_token=abcdefgh')
    expect(stolen).toEqual([])
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toContain('abcdefgh')
  })

  test('[case 78] each entry is one line, with control characters shown as escapes', async () => {
    const { lines, log } = await open('*')
    log('sesame:http', 'a\r\n2026-11-21T08:00:00Z sesame:http forged\u001b[2J\u202e\u0007')
    debug('other')('x\ny')
    debug('for\nged')('z')
    expect(lines).toHaveLength(3)
    expect(lines.join('')).not.toMatch(/[\r\n\u001b\u202e\u0007]/)
    expect(lines[0]).toContain('a\\u000d\\u000a2026')
  })

  test('[case 77] 50 MB are cut', async () => {
    const { lines, log } = await open('*')
    log('sesame:http', 'x'.repeat(50e6))
    expect(lines[0]?.length).toBeLessThan(65_000)
    expect(lines[0]).toContain('…')
  })

  test('[case 77] a secret that the cut goes through does not show', async () => {
    const secret = `cut-${'Ab3'.repeat(40)}`
    rememberSecret(secret)
    const { lines, log } = await open('*')
    log('sesame:http', 'x '.repeat(35_975) + secret)
    log('sesame:http', 'x '.repeat(31_975) + secret)
    expect(lines.join()).not.toContain('Ab3Ab3')
  })
})
