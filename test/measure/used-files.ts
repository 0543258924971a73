import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ageTokens } from '../e2e/support/oidc-world.ts'
import { makeTestHome, type TestHome } from '../e2e/support/test-home.ts'
import { startTestOidc } from '../support/oidc.ts'
import { startPortal } from '../support/portal.ts'

/*
 * Source files in which something runs for one use case. The program is run from its sources with V8's coverage, beside the
 * mock servers, with the plaintext store (it needs no session bus). A file counts when a function of it was called at least
 * once. What merely comes with loading a file does not count: the code at its top level, the initialisers of its classes,
 * and `__name`, which the loader adds. A callback that the top level calls does.
 */

const src = join(import.meta.dirname, '..', '..', 'src')
const program = join(src, 'cli', 'bin.ts')

/** The device login at CloudSSO, approved at once, one account and one access configuration: `sesame login`. */
export async function filesOfDeviceLogin(): Promise<string[]> {
  const portal = await startPortal()
  const home = makeTestHome(portal)
  try {
    return await filesUsedBy(['login'], home)
  } finally {
    await portal.stop()
    home.remove()
  }
}

/** The refresh of an expired token at an OIDC provider: `sesame token get`. */
export async function filesOfOidcRefresh(): Promise<string[]> {
  const oidc = await startTestOidc()
  const home = makeTestHome({})
  try {
    const { issuer, clients } = oidc
    const settings = ['--issuer', issuer, '--client-id', clients.public.clientId]
    await runFromSources(['configure', '--profile', 'corp', ...settings], home)
    await runFromSources(['login', '--profile', 'corp'], home)
    ageTokens({ home }, 'token', -60_000)
    const before = oidc.calls().length
    const files = await filesUsedBy(['token', 'get', '--profile', 'corp'], home)
    const calls = oidc.calls().slice(before)
    if (!calls.includes('POST /token')) throw new Error(`No token was refreshed: ${calls.join(', ')}`)
    return files
  } finally {
    await oidc.stop()
    home.remove()
  }
}

async function filesUsedBy(words: readonly string[], home: TestHome): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-coverage-'))
  try {
    await runFromSources(words, home, { NODE_V8_COVERAGE: directory })
    const reports = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
    return filesWithCalls(reports.flatMap((report) => (JSON.parse(report) as CoverageReport).result))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What Node writes into `NODE_V8_COVERAGE`, as far as it is read here. */
interface CoverageReport {
  result: ScriptCoverage[]
}

interface ScriptCoverage {
  url: string
  functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[]
}

const addedByLoading = ['__name', '<static_initializer>']

function filesWithCalls(scripts: readonly ScriptCoverage[]): string[] {
  const root = pathToFileURL(`${src}/`).href
  const files = scripts.flatMap(({ url, functions }) => {
    const called = functions.some(
      ({ functionName, ranges: [whole] }) =>
        whole !== undefined &&
        whole.count > 0 &&
        // The code at the top level is a function without a name that begins with the file.
        !(functionName === '' && whole.startOffset === 0) &&
        !addedByLoading.includes(functionName),
    )
    return called && url.startsWith(root) ? [fileURLToPath(url).slice(src.length + 1)] : []
  })
  return [...new Set(files)].sort()
}

/** Runs the program from its sources to its end. @throws Error when it fails */
function runFromSources(
  words: readonly string[],
  { home, directory }: TestHome,
  env: Record<string, string> = {},
): Promise<void> {
  const loader = import.meta.resolve('tsx')
  const child = spawn(process.execPath, ['--import', loader, program, ...words], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: home, SESAME_STORE: 'plaintext', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`sesame ${words.join(' ')}: exit ${code}\n${complaint}`))
    })
  })
}
