import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CloudSsoOptions } from '../../../mocks/index.ts'
import { logIn, runProgram } from '../../support/sdk.ts'
import { type Finished, sesamePath } from '../../support/sesame.ts'
import { inWorld } from '../../support/world.ts'
import type { ClientWorld, RunningClient } from './client.ts'
import { type SignedCall, startCloud } from './cloud.ts'

/** Runs with a portal, a HOME of its own that is signed in as `dev`, and the services; all of it has ended afterwards. */
export async function inClientWorld(
  options: CloudSsoOptions,
  run: (world: ClientWorld) => Promise<void>,
): Promise<void> {
  await inWorld(options, async (base) => {
    const cloud = await startCloud(base.portal)
    try {
      const world = { ...base, cloud }
      await logIn(world)
      await run(world)
    } finally {
      await cloud.stop()
    }
  })()
}

/** The words that run a program under `sesame exec --profile dev`. */
export function underExec(options: readonly string[], command: readonly string[]): readonly string[] {
  return [process.execPath, sesamePath, 'exec', '--profile', 'dev', ...options, '--', ...command]
}

/** Runs a command line in the HOME of the world. */
export function runWords(
  world: ClientWorld,
  [command = '', ...words]: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return runProgram(command, words, world, env)
}

/** Runs `sesame` of the world and gives what it prints. @throws when it fails */
export async function sesame({ home }: ClientWorld, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await home.run(words)
  assert.equal(code, 0, stderr)
  return stdout
}

/** Saves what `configure --for TOOL` prints, as a user does, and gives its path. */
export async function saveRecipe(world: ClientWorld, tool: string): Promise<string> {
  const script = await sesame(world, ['configure', '--for', tool, '--profile', 'dev'])
  const path = join(world.home.home, `${tool}.sh`)
  writeFileSync(path, script, { mode: 0o755 })
  return path
}

/** A PATH that finds a program under this name, wherever it lies. */
export function pathWith({ home }: ClientWorld, name: string, program: string): string {
  const directory = join(home.home, 'bin')
  const link = join(directory, name)
  mkdirSync(directory, { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(program, link)
  return `${directory}:${process.env.PATH}`
}

/** The id of the key that the store has for `dev` now. */
export function storedKeyId({ home }: ClientWorld): string {
  const item = home.items().find(({ key }) => key.startsWith('credentials'))
  return String(item?.value.accessKeyId)
}

/** @throws when it did not end with exit code 0 */
export function succeeded({ code, stdout, stderr }: Finished): void {
  assert.equal(code, 0, `exit code ${code}: ${stderr}${stdout}`)
}

/** Every call since the last look is rightly signed with what the store has now; at least `count` of them. Gives the calls. */
export function assertOurs(world: ClientWorld, count = 1): readonly SignedCall[] {
  const calls = world.cloud.calls.splice(0)
  assert.ok(calls.length >= count, `${calls.length} calls reached the service`)
  const ours = { accessKeyId: storedKeyId(world), isRight: true }
  for (const { accessKeyId, isRight } of calls) assert.deepEqual({ accessKeyId, isRight }, ours)
  return calls
}

/** Starts a program that makes one call for each line of its standard input, and answers with one line. */
export function startClient(
  { home }: ClientWorld,
  [command = '', ...words]: readonly string[],
  env: Record<string, string> = {},
): RunningClient {
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.on('error', () => {
    // It may have ended; the next line that is waited for says so.
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async call() {
      child.stdin.write('call\n')
      const { done, value } = await lines.next()
      if (done) throw new Error(`the client has ended: ${stderr}`)
      return value
    },
    async end() {
      child.stdin.end()
      const [code] = await ended
      assert.equal(code, 0, stderr)
    },
  }
}
