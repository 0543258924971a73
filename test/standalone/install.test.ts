import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { version } from '../../src/kit/index.ts'
import { here } from '../packaging/fake-release.ts'
import { checksumLine, startReleaseServer } from '../packaging/release-server.ts'
import { execFileSync, spawnSync } from '../support/run-sync.ts'
import { standalone } from '../support/standalone.ts'

const root = join(import.meta.dirname, '..', '..')
const work = mkdtempSync(join(tmpdir(), 'sesame-installed-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe.skipIf(standalone === undefined)('the executable that install.sh installs', () => {
  test('runs from its place, with man page and completions beside it', async () => {
    const home = join(work, 'a home')
    mkdirSync(home)
    copyFileSync(standalone ?? '', join(work, 'sesame'))
    const name = `sesame-${version}-${here}.tar.gz`
    execFileSync('tar', ['--use-compress-program=gzip -1', '-cf', join(work, name), '-C', work, 'sesame'])
    const archive = readFileSync(join(work, name))
    const server = await startReleaseServer()
    try {
      server.files.set('/latest/download/SHA256SUMS', checksumLine(name, archive))
      server.files.set(`/download/v${version}/${name}`, archive)
      const env = { PATH: process.env.PATH, HOME: home, SESAME_DOWNLOAD_URL: server.address }
      const script = join(root, 'packaging', 'install.sh')
      // The server is in this process.
      const child = spawn('sh', [script], { env, stdio: 'ignore' })
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    } finally {
      server.close()
    }
    const installed = join(home, '.local', 'bin', 'sesame')
    expect(statSync(installed).mode & 0o777).toBe(0o755)
    expect(readFileSync(installed).equals(readFileSync(standalone ?? ''))).toBe(true)
    const share = (file: string) => readFileSync(join(home, '.local', 'share', file), 'utf8')
    const { man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(share('man/man1/sesame.1')).toBe(readFileSync(join(root, man[0]), 'utf8'))
    expect(share('zsh/site-functions/_sesame')).toMatch(/^#compdef sesame\n/)
    expect(share('fish/vendor_completions.d/sesame.fish')).toContain('complete')
    const env = { PATH: `${join(home, '.local', 'bin')}:${process.env.PATH}`, HOME: home }
    const completion = `. ${JSON.stringify(join(home, '.local/share/bash-completion/completions/sesame'))}; complete -p sesame`
    expect(execFileSync('bash', ['--norc', '-c', completion], { env, encoding: 'utf8' })).toContain('_sesame')
    // man finds the page beside the directory in the PATH.
    if (spawnSync('man', ['--version']).error === undefined)
      expect(execFileSync('man', ['-w', 'sesame'], { env, encoding: 'utf8' }).trim()).toBe(
        join(home, '.local/share/man/man1/sesame.1'),
      )
  })

  test('passes what is tried on each system before a release', () => {
    const script = join(root, 'packaging', 'try-executable.sh')
    const { stdout, stderr, status } = spawnSync('sh', [script, standalone ?? '', version], {
      encoding: 'utf8',
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toContain('ok  revocation')
    const wrong = spawnSync('sh', [script, standalone ?? '', '0.0.1'], { encoding: 'utf8' })
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('FAILED  version') })
  })
})
