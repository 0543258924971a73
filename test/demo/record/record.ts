import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Chunk, playToScreen } from './screen.ts'
import { terminalSvg } from './svg.ts'

/*
 * `npm run record`: runs `npm run demo` in a real terminal (a pseudo-terminal of util-linux) and writes the animated picture of it
 * that the README shows, `docs/demo.svg`.
 */

const size = { cols: 80, rows: 24 }
const root = join(import.meta.dirname, '../../..')
const target = join(root, 'docs/demo.svg')

async function recordDemo(): Promise<Chunk[]> {
  const demo = `exec ${process.execPath} node_modules/tsx/dist/cli.mjs test/demo/demo.ts`
  const shell = `stty cols ${size.cols} rows ${size.rows}; ${demo}`
  const { NO_COLOR: _, ...env } = process.env
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    cwd: root,
    env: { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Chunk[] = []
  const startedAt = performance.now()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    chunks.push({ atMs: performance.now() - startedAt, text })
    process.stdout.write(text)
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`The demo ended with exit code ${code}; nothing was written.`)
  return chunks
}

const [first, ...rest] = await recordDemo()
if (first === undefined) throw new Error('The demo printed nothing.')
// The build and the start of the servers say nothing; the picture begins with the first line.
const chunks = [first, ...rest].map(({ atMs, text }) => ({ atMs: atMs - first.atMs, text }))
const title = 'sesame: sign in, hand out credentials, keep them in the keychain, sign out'
writeFileSync(target, terminalSvg(await playToScreen(chunks, size), { ...size, title }))
