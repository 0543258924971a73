import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A token of the original's program, and what it says. */
export const original = {
  key: 'v}#0CEYuG%M8#c77HkUp',
  token:
    'SST-1a2e5e90b045cd149017d6ea1ede7775bc6e1a578c671d7b7858c8970f7785d02eba574caa05f7cece692ace2a52014092',
  userId: 'cdiservice',
  createdAt: new Date(1657442319_000),
}

export const otherKey = ';d$d,ty8UZ<a:TA6$uVN'

/** The sealed bytes of a token, in any spelling. */
export function sealedOf(token: string): Buffer {
  return Buffer.from(token.slice(token.lastIndexOf('-') + 1), 'hex')
}

/** The same token as the older programs write it. */
export function inBase64(token: string): string {
  return `SST-${sealedOf(token).toString('base64')}`
}

/** A directory that is gone after the test. */
export function testDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'sesame-sst-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
