import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordOutput } from './record.ts'
import { execFileSync, spawnSync } from './run-sync.ts'
import type { Finished } from './sesame.ts'

/*
 * Windows programs under Wine 8. It says that it is Windows 8.1: as 10 it cannot connect. What Windows 10 has more and Bun needs is one
 * function, which is made here.
 */

const install = 'apt-get install -y --no-install-recommends wine wine64 libwine gcc-mingw-w64-x86-64'

/** Why there is no Wine here, and what would help; undefined where there is. */
export function whyNoWine(): string | undefined {
  const needed = ['wine', 'x86_64-w64-mingw32-gcc']
  const missing = needed.filter((name) => spawnSync(name, ['--version']).error !== undefined)
  return missing.length === 0 ? undefined : `${missing.join(' and ')} missing: ${install}`
}

/** A Windows of its own, with one user. */
export interface Wine {
  /** The user's directory, as this system calls it. */
  home: string
  /** Runs a Windows program to its end. */
  run(program: string, words: readonly string[], env?: Record<string, string>): Promise<Finished>
  /** The names of what the Credential Manager holds for the user. */
  credentials(): string[]
  remove(): void
}

const processPrng = `
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, size); }
`

const user = 'wei'

/** Makes a Windows. Takes seven seconds. */
export function makeWine(): Wine {
  const work = mkdtempSync(join(tmpdir(), 'sesame-wine-'))
  const prefix = join(work, 'prefix')
  const env = {
    PATH: process.env.PATH,
    HOME: work,
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'bcryptprimitives=n,b;mscoree,mshtml=',
    // Of file names and words.
    LC_ALL: 'C.UTF-8',
    USER: user,
  }
  const setUp = (words: readonly string[]) => execFileSync('wine', words, { env, stdio: 'ignore' })
  setUp(['wineboot', '--init'])
  setUp(['winecfg', '-v', 'win81'])
  writeFileSync(join(work, 'prng.c'), processPrng)
  const library = join(prefix, 'drive_c', 'windows', 'system32', 'bcryptprimitives.dll')
  execFileSync('x86_64-w64-mingw32-gcc', ['-shared', '-o', library, join(work, 'prng.c'), '-ladvapi32'])
  // The registry is written when the last program has ended.
  const end = () => void spawnSync('wineserver', ['-k'], { env })
  return {
    home: join(prefix, 'drive_c', 'users', user),
    run: (program, words, more = {}) => runProgram(program, words, { ...env, ...more }),
    credentials: () => {
      end()
      spawnSync('wineserver', ['-w'], { env })
      const registry = readFileSync(join(prefix, 'user.reg'), 'utf8')
      return [...registry.matchAll(/^\[Software\\\\Wine\\\\Credential Manager\\\\Generic: (.*)\]/gm)].map(
        ([, name = '']) => decodeURIComponent(name),
      )
    },
    remove: () => {
      end()
      rmSync(work, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function runProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn('wine', [program, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      recordOutput({ words, stdout, stderr, code })
      resolve({ code, signal, stdout, stderr })
    })
  })
}
