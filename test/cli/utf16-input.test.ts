import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'
import { audience, goodClaims, issuer, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'

runCommandsHere()

const key = makeKey()
const now = Math.floor(Date.now() / 1000)
const token = signToken(key, { ...goodClaims, iat: now, exp: now + 3600 })

let home: ReturnType<typeof makeHome>
beforeAll(() => {
  home = makeHome()
})
afterAll(() => home.remove())

const utf16 = (text: string) => Buffer.from(`\ufeff${text}\r\n`, 'utf16le')
const files = (encode: (text: string) => Buffer) => {
  const write = (name: string, text: string) => {
    const path = join(home.home, name)
    writeFileSync(path, encode(text))
    return path
  }
  return { token: write('token', token), keys: write('keys.json', JSON.stringify(jwkSet(key))) }
}

describe('[case 188] files that Windows PowerShell wrote with >', () => {
  test.each([
    ['UTF-16', utf16],
    ['UTF-16, big-endian', (text: string) => utf16(text).swap16()],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}\r\n`)],
    ['UTF-16 without a mark', (text: string) => Buffer.from(`${text}\r\n`, 'utf16le')],
  ])('%s', async (_what, encode) => {
    const { token: file, keys } = files(encode)
    const words = [
      'token',
      'verify',
      '--issuer',
      issuer,
      '--audience',
      audience,
      '--jwks',
      keys,
      '--file',
      file,
    ]
    const { code, stderr } = await runSesame(words, { home: home.home })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
