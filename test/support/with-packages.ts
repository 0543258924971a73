import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/*
 * Runs a command after making sure that the Debian packages it needs are there: `tsx with-packages.ts test -- CMD …`.
 * As root they are installed; for any other user the exact command is printed.
 */

/** A program of each package, to see whether the package is there. */
const packages: Record<string, Record<string, string>> = {
  demo: {
    'dbus-daemon': 'dbus',
    'gnome-keyring-daemon': 'gnome-keyring',
    gdbus: 'libglib2.0-bin',
    'secret-tool': 'libsecret-tools',
  },
  bench: { 'dbus-daemon': 'dbus', 'gnome-keyring-daemon': 'gnome-keyring', gdbus: 'libglib2.0-bin' },
  test: {
    'dbus-daemon': 'dbus',
    'gnome-keyring-daemon': 'gnome-keyring',
    gdbus: 'libglib2.0-bin',
    'secret-tool': 'libsecret-tools',
    bash: 'bash',
    dash: 'dash',
    zsh: 'zsh',
    fish: 'fish',
    ksh: 'ksh',
    tcsh: 'tcsh',
    tmux: 'tmux',
    strace: 'strace',
    chromium: 'chromium',
    'redis-server': 'redis-server',
    curl: 'curl',
  },
}

/** Those that tests can do without: for a user other than root they are skipped. */
const optional: Record<string, Record<string, string>> = {
  test: {
    glewlwyd: 'glewlwyd',
    busybox: 'busybox',
    mandoc: 'mandoc',
    man: 'man-db',
    sshd: 'openssh-server',
    ssh: 'openssh-client',
    socat: 'socat',
  },
}

const [purpose = '', , ...command] = process.argv.slice(2)

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch (error) {
      if (error instanceof Error) return false
      throw error
    }
  })
}

function run(program: string, ...words: string[]): number {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // What apt says is no part of a test's or demo's result.
  return spawnSync(program, words, { stdio: ['ignore', 2, 2], env }).status ?? 1
}

const canInstall = process.getuid?.() === 0 && isOnPath('apt-get')
const wanted = { ...packages[purpose], ...(canInstall && optional[purpose]) }
// Debian starts what it installs, and a test run is no reason for a machine to let others sign in.
if (existsSync('/run/systemd/system')) delete wanted.sshd
const missing = Object.entries(wanted).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]))
if (missing.length > 0) {
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (!canInstall) {
    console.error(`These are missing: ${missing.join(' ')}. On Debian or Ubuntu run:\n  sudo ${line}`)
    process.exit(1)
  }
  console.error(`Installing ${missing.join(' ')} …`)
  run('apt-get', 'update', '-qq')
  const status = run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing)
  if (status !== 0) process.exit(status)
}

const [program = '', ...words] = command
const { status, signal } = spawnSync(program, words, { stdio: 'inherit' })
process.exit(signal === null ? (status ?? 1) : 1)
