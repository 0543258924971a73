import { appendFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Adds up passed and failed tests for the closing line of `npm test`; `run.ts` reads the file. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.SESAME_TEST_COUNTS
    if (file === undefined) return
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      // A module that cannot even be loaded has no tests to count.
      if (module.state() === 'failed' && module.errors().length > 0) failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        if (state === 'failed') failed++
      }
    }
    appendFileSync(file, `${JSON.stringify({ passed, failed })}\n`)
  }
}
