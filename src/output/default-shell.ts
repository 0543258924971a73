import { win32 } from 'node:path'
import { copyEnvironment, type Environment } from '../kit/index.ts'
import { findProgram, isProgram } from './find-program.ts'
import { findWindowsProgram, systemProgram } from './windows-program.ts'

/** The shell that `exec` starts without a command; `instead`: what SHELL names and cannot be run here. */
export interface DefaultShell {
  command: string
  instead?: string
}

/**
 * SHELL, where it names a program that is there: images of containers keep one that they do not have, and Git Bash and MSYS2 set a
 * path of their own world (`/usr/bin/bash`). Otherwise the shell that every system of this kind has.
 */
export function defaultShell(env: Environment, platform: NodeJS.Platform): DefaultShell {
  if (platform === 'win32') return windowsShell(copyEnvironment(env, platform))
  const wanted = env.SHELL ?? ''
  if (wanted === '') return { command: '/bin/sh' }
  const found = findProgram(wanted, env.PATH)
  const runs = found.kind === 'found' && isProgram(found.path)
  return runs ? { command: wanted } : { command: '/bin/sh', instead: wanted }
}

function windowsShell(env: Environment): DefaultShell {
  const wanted = env.SHELL ?? ''
  const usual = env.ComSpec || systemProgram('cmd.exe', env)
  if (wanted === '') return { command: usual }
  const runs = (command: string) => {
    const found = findWindowsProgram(command, [], env)
    return found.kind === 'start' && !found.verbatim ? found.file : undefined
  }
  if (runs(wanted) !== undefined) return { command: wanted }
  const named = wanted.startsWith('/') ? runs(win32.basename(wanted)) : undefined
  // The bash that comes with Windows starts WSL, where no environment of this side arrives.
  const isOfWindows = named?.toLowerCase().startsWith(win32.dirname(systemProgram('x', env)).toLowerCase())
  return named === undefined || isOfWindows ? { command: usual, instead: wanted } : { command: named }
}
