import { defineConfig } from 'vitest/config'
import { CountReporter } from './test/support/count-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    pool: 'forks',
    // Most tests wait for child processes; one worker, the default on two cores, would wait with them.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The machine's own trust store and proxies must not decide what the tests see.
    env: { NODE_EXTRA_CA_CERTS: '', HTTPS_PROXY: '', HTTP_PROXY: '', NO_PROXY: '', DEBUG: '' },
    reporters: ['default', new CountReporter()],
  },
})
