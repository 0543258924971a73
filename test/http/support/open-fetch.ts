import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createFetch, type FetchOptions, type SesameFetch } from '../../../src/http/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'

/** Our fetch with test limits; its connections end with the test. */
export function openFetch(options: Partial<FetchOptions> = {}): SesameFetch {
  const fetch = createFetch({ version: '1.2.3', proxy: {}, log: silentLog, clock: systemClock, ...options })
  onTestFinished(() => fetch.close())
  return fetch
}

/** A file that is gone when the test is. */
export async function temporaryFile(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sesame-http-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'file.pem')
  await writeFile(file, content)
  return file
}

/** What a promise rejects with. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; hint?: string }> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`)
  return outcome.error as Error
}
