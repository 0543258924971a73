import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { execFileSync, spawnSync } from '../support/run-sync.ts'
import { archiveOf } from './fake-release.ts'

const script = join(import.meta.dirname, '..', '..', 'packaging', 'signing', 'sign.sh')
const work = mkdtempSync(join(tmpdir(), 'sesame-signing-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** The programs of macOS that sign: they say what they are called with, and `codesign` marks the file. */
function macTools(codesign: string): string {
  const directory = mkdtempSync(join(work, 'tools-'))
  const log = `printf '%s ' "$(basename "$0")" "$@" >>${work}/log; echo >>${work}/log`
  const scripts = { security: log, xcrun: log, zip: log, codesign: `${log}\n${codesign}` }
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  return directory
}

function sign(archive: string, codesign: string, secrets: object = developerId) {
  const temporary = join(work, 'tmp')
  mkdirSync(temporary, { recursive: true })
  return spawnSync('sh', [script, archive], {
    encoding: 'utf8',
    env: {
      PATH: `${macTools(codesign)}${delimiter}${process.env.PATH}`,
      TMPDIR: temporary,
      ...secrets,
    },
  })
}

const developerId = {
  MACOS_CERTIFICATE: Buffer.from('the certificate').toString('base64'),
  MACOS_CERTIFICATE_PASSWORD: 'certificate-password',
  MACOS_IDENTITY: 'Developer ID Application: Example (TEAM)',
  MACOS_NOTARY_KEY: Buffer.from('the notary key').toString('base64'),
  MACOS_NOTARY_KEY_ID: 'KEY',
  MACOS_NOTARY_ISSUER: 'ISSUER',
}

const marks = 'for last; do :; done; case $1 in --force) echo signed >>"$last" ;; esac'

describe.each(['', 'sesame-1.2.3-darwin-arm64/'])('an archive with the program in "%s"', (directory) => {
  const archive = join(work, 'sesame-1.2.3-darwin-arm64.tar.gz')
  const files = { [`${directory}sesame`]: 'program\n', [`${directory}LICENSE`]: 'licence\n' }

  test('has the signed program in it, and what else it had', () => {
    writeFileSync(archive, archiveOf(files))
    rmSync(join(work, 'log'), { force: true })
    const { stderr, status } = sign(archive, marks)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const content = (name: string) =>
      execFileSync('tar', ['-xOf', archive, `${directory}${name}`], { encoding: 'utf8' })
    expect(content('sesame')).toBe('program\nsigned\n')
    expect(content('LICENSE')).toBe('licence\n')
    const log = readFileSync(join(work, 'log'), 'utf8')
    // The keychain asks again for every program that it does not know: one identifier for all versions.
    expect(log).toMatch(/^codesign .* --identifier sesame --options runtime /m)
    expect(log).toMatch(/^xcrun notarytool submit .* --wait /m)
    // Keys lie in files that are gone.
    for (const [, path = ''] of log.matchAll(/(\/\S+\.(?:p12|p8|zip))/g)) expect(existsSync(path)).toBe(false)
  })

  test('is signed ad hoc without the secrets, and nothing is notarized', () => {
    writeFileSync(archive, archiveOf(files))
    rmSync(join(work, 'log'), { force: true })
    expect(sign(archive, marks, {})).toMatchObject({ stderr: '', status: 0 })
    const log = readFileSync(join(work, 'log'), 'utf8')
    expect(log).toMatch(/^codesign --force --sign - --identifier sesame \S+\/sesame $/m)
    expect(log).not.toMatch(/^(?:security|xcrun) /m)
    const words = ['-xOf', archive, `${directory}sesame`]
    expect(execFileSync('tar', words, { encoding: 'utf8' })).toBe('program\nsigned\n')
  })

  test('stays as it is when signing fails', () => {
    const before = archiveOf(files)
    writeFileSync(archive, before)
    expect(sign(archive, 'exit 1').status).not.toBe(0)
    expect(readFileSync(archive).equals(before)).toBe(true)
  })
})

test('an archive for another system is refused', () => {
  const archive = join(work, 'sesame-1.2.3-linux-x64.tar.gz')
  writeFileSync(archive, archiveOf({ sesame: 'x' }))
  expect(sign(archive, marks)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('nothing is signed'),
  })
})
