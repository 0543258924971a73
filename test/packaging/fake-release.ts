import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hostTarget } from '../../packaging/standalone/targets.ts'
import { execFileSync } from '../support/run-sync.ts'
import { checksumLine, type ReleaseServer } from './release-server.ts'

/** The target that the installation finds on this machine. */
export const here = hostTarget().name + (lacksAvx2() ? '-baseline' : '')

function lacksAvx2(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false
  return !/\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
}

export interface Release {
  version: string
  targets?: readonly string[]
  /** What stands in the archive beside the program. */
  files?: Record<string, string>
  /** The program, a shell script. */
  program?: string
  compression?: 'gz' | 'xz'
  latest?: boolean
}

/** A program that answers as far as the installation asks it. */
export function fakeProgram(version: string): string {
  return `#!/bin/sh
case "$*" in
  version) echo ${version}; echo 'Standalone executable.' >&2 ;;
  'help --man') echo '.TH SESAME 1 "" "sesame ${version}"' ;;
  'completion '*) echo "# $2 completion of ${version}" ;;
  *) exit 2 ;;
esac
`
}

/** An archive with files by name; the program is executable. */
export function archiveOf(files: Record<string, string>, compression: 'gz' | 'xz' = 'gz'): Buffer {
  const work = mkdtempSync(join(tmpdir(), 'sesame-archive-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, name)), { recursive: true })
      writeFileSync(join(work, name), text)
      chmodSync(join(work, name), 0o755)
    }
    const out = join(work, 'archive')
    const flag = compression === 'gz' ? '-czf' : '-cJf'
    execFileSync('tar', [flag, out, '-C', work, ...Object.keys(files)])
    return readFileSync(out)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Puts a release on the server, as a code host lays it out. Returns the names of its archives. */
export function publish(server: ReleaseServer, release: Release): string[] {
  const { version, targets = [here], compression = 'gz', latest = true } = release
  const { files = {}, program = fakeProgram(version) } = release
  const archive = archiveOf({ sesame: program, ...files }, compression)
  const names = targets.map((target) => `sesame-${version}-${target}.tar.${compression}`)
  const sums = names.map((name) => checksumLine(name, archive)).join('')
  for (const name of names) server.files.set(`/download/v${version}/${name}`, archive)
  server.files.set(`/download/v${version}/SHA256SUMS`, sums)
  if (latest) server.files.set('/latest/download/SHA256SUMS', sums)
  return names
}
