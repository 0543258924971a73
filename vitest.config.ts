import { isBuiltin } from 'node:module'
import { defineConfig } from 'vitest/config'
import { CountReporter } from './test/support/count-reporter.ts'

const include = ['test/**/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/support/keys-of-run.ts'],
    setupFiles: ['test/support/seed.ts', 'test/support/scrypt-once.ts', 'test/support/rsa-keys.ts'],
    pool: 'forks',
    // Most tests wait for child processes; one worker, the default on two cores, would wait with them.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The machine's own trust store and proxies must not decide what the tests see.
    env: { NODE_EXTRA_CA_CERTS: '', HTTPS_PROXY: '', HTTP_PROXY: '', NO_PROXY: '', DEBUG: '' },
    reporters: ['default', new CountReporter()],
    // Where Node has SQLite of its own, what works with it is tested once more with libsql.
    ...(isBuiltin('node:sqlite')
      ? {
          projects: [
            { extends: true, test: { name: 'all', include } },
            {
              extends: true,
              test: {
                name: 'libsql',
                include: ['test/sst/sqlite*.test.ts'],
                execArgv: ['--no-experimental-sqlite'],
              },
            },
          ],
        }
      : { include }),
  },
})
