import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-codes.ts'
import { explainError } from '../../src/cli/explain-error.ts'
import { type ErrorCode, SesameError } from '../../src/kit/errors.ts'
import { useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'

const codes = Object.keys(exitCodeOf) as ErrorCode[]
const asIs = (text: string) => text

describe('exit codes', () => {
  test.each<[number, readonly ErrorCode[]]>([
    [
      1,
      [
        'ERR_REFUSED',
        'ERR_UNAUTHORIZED',
        'ERR_FORBIDDEN',
        'ERR_TOKEN_INVALID',
        'ERR_LOCK_TIMEOUT',
        'ERR_OUTPUT',
        'ERR_UNSAFE_OUTPUT',
      ],
    ],
    [2, ['ERR_USAGE', 'ERR_CONFIG', 'ERR_INSECURE_URL']],
    [3, ['ERR_LOGIN_REQUIRED']],
    [4, ['ERR_ACCESS_DENIED', 'ERR_DEVICE_CODE_EXPIRED']],
    [5, ['ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_STORE_PASSPHRASE', 'ERR_FILE']],
    [6, ['ERR_NETWORK', 'ERR_TIMEOUT', 'ERR_TLS', 'ERR_PROXY', 'ERR_SERVER', 'ERR_RESPONSE_INVALID']],
    [130, ['ERR_INTERRUPTED']],
  ])('%i is for %j and nothing else', (exitCode, expected) => {
    expect(codes.filter((code) => exitCodeOf[code] === exitCode).sort()).toEqual([...expected].sort())
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('an interruption by %s is %i', (cause, exitCode) => {
    expect(explainError(new SesameError('ERR_INTERRUPTED', 'x', { cause }), asIs, false).exitCode).toBe(
      exitCode,
    )
  })

  test('an unexpected error is 1', () => {
    for (const thrown of [new TypeError('odd'), 'text', undefined, null, { odd: true }])
      expect(explainError(thrown, asIs, false).exitCode).toBe(1)
  })
})

describe('words', () => {
  afterEach(() => useTranslations({}))

  test('the next step is said in Chinese to Chinese users', async () => {
    useTranslations(await loadChinese())
    const { lines } = explainError(new SesameError('ERR_SERVER', '…'), asIs, false)
    expect(lines).toEqual(['…', '服务器出现问题，请稍后再试。'])
    expect(explainError(new Error('odd'), asIs, false).lines).toEqual(['意外错误：odd'])
  })

  test.each(codes)('%s: at most two lines, with and without hint and RequestId', (code) => {
    for (const options of [
      {},
      { hint: 'Do this.' },
      { requestId: 'REQUEST' },
      { hint: 'Do this.', requestId: 'REQUEST' },
    ]) {
      const { lines } = explainError(new SesameError(code, 'It failed.', options), asIs, false)
      expect(lines.length).toBeLessThanOrEqual(2)
      expect(lines.join('\n').split('\n').length).toBeLessThanOrEqual(2)
      expect(lines.join(' ').includes('REQUEST')).toBe('requestId' in options)
      if ('hint' in options) expect(lines[1]).toBe('Do this.')
    }
  })

  test('the RequestId goes before the full stop', () => {
    const error = new SesameError('ERR_SERVER', 'The portal is ill.', { requestId: 'R-1', hint: 'Wait.' })
    expect(explainError(error, asIs, false).lines).toEqual(['The portal is ill (RequestId R-1).', 'Wait.'])
  })

  test('[case 77] an unforeseen error is one line, and no stack unless asked for', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('a\nb', 'a\r\nb', 'a\u2028b', '\u001b[2J')),
        (message) => {
          const { lines } = explainError(new Error(message), asIs, false)
          expect(lines).toHaveLength(1)
          expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/)
        },
      ),
    )
    const { lines } = explainError(new Error('odd', { cause: new Error('deeper') }), asIs, true)
    expect(lines.join('\n')).toMatch(/ {4}at .*explain-error\.test/)
    expect(lines.join('\n')).toContain('caused by Error: deeper')
  })

  test('every line goes through the scrubber', () => {
    const scrub = (text: string) => text.replaceAll('hunter2', '[redacted]')
    const error = new SesameError('ERR_SERVER', 'hunter2', {
      hint: 'hunter2',
      cause: new Error('hunter2'),
      requestId: 'hunter2',
    })
    expect(explainError(error, scrub, true).lines.join('\n')).not.toContain('hunter2')
  })
})
