import { spawnSync } from './run-sync.ts'
import { foreignDirectory } from './standalone.ts'

/** What is tested on the executable in every test run, besides `test/standalone`; all else is by `npm run test:standalone`. */
export const coreFiles = ['login', 'exec'].map((name) => `test/e2e/${name}.test.ts`)

/**
 * End-to-end tests of the npm package itself: of its files, its optional peers, its keychain binding (put in the place of the real one
 * by options of Node), and the demo that runs it.
 */
export const packageOnly = ['replaced-package', 'optional-packages', 'odd-keychains', 'demo'].map(
  (name) => `test/e2e/${name}.test.ts`,
)

/**
 * Builds the executable of this machine, or of another one.
 *
 * @returns its path; undefined, with the reason on the screen, when the runtime cannot be had
 * @throws Error when the build fails
 */
export function buildStandalone(target?: string): string | undefined {
  console.log(`\n== standalone executable${target === undefined ? '' : ` for ${target}`}`)
  const foreign = target === undefined ? [] : ['--target', target, '--out', foreignDirectory]
  const words = ['run', '--silent', 'build:standalone', '--', ...foreign]
  const { status, stdout, stderr } = spawnSync('npm', words, { encoding: 'utf8' })
  if (status === 0) return stdout.trim().split('\n').at(-1)
  if (status !== 3) throw new Error(stderr)
  console.log(`skipped: ${stderr.trim()}`)
  return undefined
}
