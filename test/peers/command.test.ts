import { readdirSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { makeHome } from '../support/sesame.ts'
import { compatibilityPage } from './compatibility.ts'
import type { Row } from './peer.ts'

/** `npm run peers` with these words, in a HOME of its own and with nothing in PATH. */
async function runPeers(home: string, ...words: string[]) {
  vi.stubEnv('HOME', home)
  vi.stubEnv('PATH', '')
  vi.stubEnv('SESAME_PEERS', '')
  vi.stubEnv('XDG_CACHE_HOME', '')
  // Where peers are kept is read once, from the environment.
  vi.resetModules()
  const { runPeersCommand } = await import('./command.ts')
  const printed: string[] = []
  const complaints: string[] = []
  const code = await runPeersCommand(words, {
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, stdout: printed.join('\n'), stderr: complaints.join('\n') }
}

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['no-such-peer', /^There is no peer "no-such-peer"\. These are: oidc-provider /],
  ['--no-such-option', /'--no-such-option'.*\n.*npm run peers -- /s],
])('%s is refused', async (word, message) => {
  const { code, stdout, stderr } = await runPeers('/nonexistent', word)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

test('a peer that is not there is skipped with the command that brings it, and not installed', async () => {
  const { home, remove } = makeHome()
  try {
    expect((await runPeers(home, 'dex', '--list')).stdout).toMatch(
      /^provider +dex +no dex in PATH: git clone /,
    )
    const { code, stdout } = await runPeers(home, 'dex')
    expect(stdout).toMatch(
      /^dex .* all +skipped: no dex in PATH; git clone .*\n\n0 passed, 0 failed, 1 skipped$/,
    )
    expect(code).toBe(0)
    expect(readdirSync(home)).toEqual(['work'])
  } finally {
    remove()
  }
})

test('the page shows what ran: provider x step and client x way', () => {
  const server = { peer: 'server', kind: 'provider', version: '1.2' } as const
  const client = { peer: 'cli', kind: 'client', version: '3.4' } as const
  const old = { peer: 'cli-1.0', kind: 'client', version: '1.0' } as const
  const rows: Row[] = [
    { ...server, step: 'discovery', outcome: 'ok' },
    { ...server, step: 'denied', outcome: 'skipped', why: 'it has no pages' },
    { ...client, step: 'environment: signed call', outcome: 'ok' },
    { ...client, step: 'environment: at expiry', outcome: 'skipped', why: 'it reads once' },
    { ...client, step: 'External: signed call', outcome: 'ok' },
    { ...client, step: 'External: 50 at once', outcome: 'failed', why: 'it hangs' },
    { ...client, step: 'no copies of its file', outcome: 'ok' },
    { ...old, step: 'environment: signed call', outcome: 'ok' },
    { ...old, step: 'environment: no secret on disk', outcome: 'known', why: 'it writes them' },
    { ...old, step: 'External: signed call', outcome: 'known', why: 'no such mode' },
    { ...old, step: 'External: at expiry', outcome: 'known', why: 'no such mode' },
    { peer: 'other', kind: 'client', version: '', step: 'all', outcome: 'skipped', why: 'no Go; apt-get' },
  ]
  const page = compatibilityPage(rows, new Date('2026-11-26T12:00:00Z'))
  expect(page).toContain(' on 2026-11-26, ')
  expect(page).toContain('| step | what is tried | server 1.2 |\n| --- | --- | --- |\n')
  expect(page).toMatch(/^\| discovery \| .* \| ✓ \|$/m)
  expect(page).toMatch(/^\| denied \| .* \| – \|$/m)
  expect(page).toMatch(/^\| verify \| .* \| {2}\|$/m)
  expect(page).toContain(
    '| client | environment | External |\n| --- | --- | --- |\n| cli 3.4 | ✓ | ✗ |\n| cli 1.0 | ◐ | ○ |\n',
  )
  expect(page).toContain('\n| cli 3.4 | no copies of its file | ✓ |\n')
  expect(page.slice(page.indexOf('## Why not'))).toBe(`## Why not

- – server 1.2, denied: it has no pages
- – cli 3.4, environment: at expiry: it reads once
- ✗ cli 3.4, External: 50 at once: it hangs
- ○ cli 1.0, environment: no secret on disk: it writes them
- ○ cli 1.0, External (signed call, at expiry): no such mode
- other did not run: no Go; apt-get
`)
})
