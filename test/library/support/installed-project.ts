import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pack } from '../../support/pack.ts'
import type { Finished } from '../../support/sesame.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const run = promisify(execFile)

/** An empty project in which the packed package has been installed, as a user's project has it. */
export interface InstalledProject {
  directory: string
  /** What npm put into the tarball. */
  files: string[]
  /** Writes a file into the project. */
  write(name: string, text: string): void
  /** Runs Node in it with nothing in the environment but PATH and what is given. */
  node(words: readonly string[], env: Record<string, string | undefined>): Promise<Finished>
  /** Checks files with TypeScript, as strictly as it goes; what it complains about. */
  typeCheck(...files: string[]): Promise<string>
  remove(): void
}

/** Packs what is built and installs it. The SDKs that examples work with are lent by this repository. */
export async function installProject(): Promise<InstalledProject> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-project-'))
  const { tarball, files } = await pack(directory)
  writeFileSync(join(directory, 'package.json'), '{ "name": "consumer", "private": true }')
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball]
  await run('npm', install, { cwd: directory })
  const modules = join(directory, 'node_modules')
  for (const name of ['ali-oss', '@alicloud', '@types/node']) {
    mkdirSync(join(modules, '@types'), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  return {
    directory,
    files,
    write: (name, text) => writeFileSync(join(directory, name), text),
    node: (words, env) => runNode(words, directory, env),
    typeCheck: async (...files) => {
      const flags =
        '--noEmit --strict --exactOptionalPropertyTypes --esModuleInterop --module nodenext --target es2023'
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const { code, stdout } = await runNode(
        [tsc, ...flags.split(' '), '--types', 'node', ...files],
        directory,
        {},
      )
      return code === 0 ? '' : stdout
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Asynchronous: the servers that it talks to run in this process. */
function runNode(
  words: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text
      })
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...output }))
  })
}
