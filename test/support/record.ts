import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * What the built program wrote in all end-to-end tests, and every secret that was in play: the scan of `test/canary`
 * reads both after the run. Outside of `npm test` nothing is recorded.
 */

export interface RecordedOutput {
  words: readonly string[]
  stdout: string
  stderr: string
  code: number | null
}

const directory = process.env.SESAME_TEST_RECORD

/** Keeps what one run wrote. */
export function recordOutput(output: RecordedOutput): void {
  append('outputs', output)
}

/** Names secrets that no output may hold (credentials on stdout, where they belong, excepted). */
export function recordSecrets(secrets: readonly { kind: string; value: string }[]): void {
  for (const secret of secrets) append('secrets', secret)
}

export function readRecord(): { outputs: RecordedOutput[]; secrets: { kind: string; value: string }[] } {
  return { outputs: readLines('outputs'), secrets: readLines('secrets') }
}

function append(name: string, line: unknown): void {
  if (directory === undefined) return
  mkdirSync(directory, { recursive: true })
  // One file per process: test files run side by side.
  appendFileSync(join(directory, `${name}-${process.pid}`), `${JSON.stringify(line)}\n`)
}

function readLines<T>(name: string): T[] {
  if (directory === undefined) return []
  return readdirSync(directory)
    .filter((file) => file.startsWith(`${name}-`))
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as T)
}
