import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acsSsoPath, writeAcsSso } from '../support/foreign-home.ts'
import { startOnPty } from '../support/pty.ts'
import { inWorld } from '../support/world.ts'

test(
  'doctor --fix asks before each: what is refused stays, what is agreed to is done, and stdout is the second look',
  { timeout: 60_000 },
  inWorld({}, async ({ home, portal }) => {
    writeAcsSso(home.home, { signInUrl: portal.signInUrl, profiles: { acs: '1:ac-1' } })
    const keys = join(home.home, '.ossutilconfig')
    writeFileSync(keys, '[Credentials]\naccessKeySecret=hush\n')
    chmodSync(keys, 0o644)
    const words = ['doctor', '--fix', '--offline', '--json']
    const running = startOnPty(words, { home: home.home, env: { SESAME_STORE: 'plaintext' } })
    await running.shows(/acs-sso keeps tokens[^\n]*\n[^\n]*Fix it: sesame profile import [^?]*\?/)
    expect(existsSync(acsSsoPath(home.home))).toBe(true)
    running.type('y\r')
    await running.shows(/Fix it: chmod 600 [^?]*\?/)
    running.type('n\r')
    const { code, stdout } = await running.finished
    expect(existsSync(acsSsoPath(home.home))).toBe(false)
    expect(statSync(keys).mode & 0o777).toBe(0o644)
    const problems = (JSON.parse(stdout) as { status: string; fix: string }[]).filter(
      ({ status }) => status === 'problem',
    )
    expect({ code, fixes: problems.map(({ fix }) => fix) }).toEqual({
      code: 1,
      fixes: [`rm ${keys}`],
    })
  }),
)
