import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../peers/find-program.ts'
import { spawnSync } from './run-sync.ts'

/** `ssh` to a machine with a network of its own and the files of this one. */
export interface OtherMachine {
  /** To be put before PATH: there `ssh HOST` leads to it. */
  bin: string
}

/** What keeps a test from it; undefined where it can be had. */
export function whyNoSsh(): string | undefined {
  const missing = ['sshd', 'ssh', 'ssh-keygen', 'unshare', 'ip'].filter(
    (name) => findProgram(name) === undefined,
  )
  if (missing.length > 0) return `${missing.join(', ')} not installed`
  return whyNoNamespace()
}

/** Words that start a program in a network (and mounts) of its own. */
export const namespaceWords: readonly string[] =
  process.getuid?.() === 0 ? ['unshare', '-n', '-m'] : ['unshare', '-U', '-r', '-n', '-m']

export function whyNoNamespace(): string | undefined {
  const [program = '', ...words] = namespaceWords
  const { status, stderr } = spawnSync(program, [...words, 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  })
  return status === 0 ? undefined : `no network namespace: ${stderr?.trim() ?? 'unshare is missing'}`
}

/** OpenSSH's own client and server with keys of their own. The server speaks over a pipe, inside of the namespace. */
export function makeOtherMachine(directory: string, home: string): OtherMachine {
  const at = (name: string) => join(directory, name)
  for (const name of ['host', 'user'])
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)], { stdio: 'inherit' })
  // Where sshd runs as root it wants this directory, which starting it as a service makes.
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 })
  writeFileSync(
    at('sshd_config'),
    [
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('user.pub')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin prohibit-password',
      `PidFile ${at('pid')}`,
      `SetEnv HOME=${home}`,
      '',
    ].join('\n'),
  )
  const sshd = `exec '${findProgram('sshd')}' -i -f '${at('sshd_config')}'`
  writeFileSync(
    at('ssh_config'),
    [
      'Host *',
      `  User ${userInfo().username}`,
      `  IdentityFile ${at('user')}`,
      '  IdentitiesOnly yes',
      '  StrictHostKeyChecking accept-new',
      `  UserKnownHostsFile ${at('known_hosts')}`,
      '  ExitOnForwardFailure yes',
      '  LogLevel ERROR',
      `  ProxyCommand ${namespaceWords.join(' ')} sh -c "ip link set lo up && ${sshd}"`,
      '',
    ].join('\n'),
  )
  const bin = at('bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec '${findProgram('ssh')}' -F '${at('ssh_config')}' "$@"\n`, {
    mode: 0o755,
  })
  return { bin }
}
