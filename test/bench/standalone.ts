import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compile } from '../../packaging/standalone/compile.ts'
import { fetchRuntime } from '../../packaging/standalone/fetch-runtime.ts'
import { hostTarget } from '../../packaging/standalone/targets.ts'
import { buildStandalone } from '../support/build-standalone.ts'
import { type Subject, sesame } from './subject.ts'

/** The standalone executable, and the floor below it: a program that does nothing, compiled in the same way. */
export interface Standalone {
  subject: Subject
  empty: string
  remove(): void
}

/** Builds both; undefined, with the reason on the screen, where the runtime cannot be had. */
export function prepareStandalone(): Standalone | undefined {
  const executable = buildStandalone()
  if (executable === undefined) return undefined
  const work = mkdtempSync(join(tmpdir(), 'sesame-empty-'))
  const directory = join(work, 'bundle')
  mkdirSync(directory)
  writeFileSync(join(directory, 'empty.cjs'), 'process.exit(0)\n')
  const runtime = fetchRuntime(hostTarget(), work)
  return {
    subject: { ...sesame, name: 'standalone', program: [resolve(executable)] },
    empty: compile({ directory, files: ['empty.cjs'], moduleIds: [] }, runtime, runtime, work),
    remove: () => rmSync(work, { recursive: true, force: true }),
  }
}
