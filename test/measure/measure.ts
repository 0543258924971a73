import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atMost, formatTable } from '../bench/report.ts'
import { readSourceFiles } from '../support/source-files.ts'
import { findUnusedExports } from '../support/unused-exports.ts'
import { installTarball } from './installed.ts'
import { type Count, countInSources } from './source-counts.ts'
import { filesOfDeviceLogin, filesOfOidcRefresh } from './used-files.ts'

/*
 * Counts what a newcomer meets in this code, beside the goal of each count: `npm run measure`. With `--files` it prints what was
 * counted, with `--install` also what the package weighs where it is installed (this asks npm's registry).
 */

const root = join(import.meta.dirname, '..', '..')
const sources = readSourceFiles(join(root, 'src'))

async function usedFiles(): Promise<Count[]> {
  const login = await filesOfDeviceLogin()
  const refresh = await filesOfOidcRefresh()
  return [
    {
      what: 'files in which something runs: device login, CloudSSO',
      figures: [String(login.length)],
      verdict: atMost(60, login.length),
      files: login,
    },
    {
      what: 'files in which something runs: OIDC refresh (token get)',
      figures: [String(refresh.length)],
      verdict: atMost(55, refresh.length),
      files: refresh,
    },
  ]
}

function unusedExports(): Count[] {
  const { byAll, bySources } = findUnusedExports()
  return [
    {
      what: 'exports that nothing uses',
      figures: [String(byAll.length)],
      verdict: atMost(0, byAll.length),
      files: byAll,
    },
    { what: '… that only tests use', figures: [String(bySources.length)], files: bySources },
  ]
}

function readme(): Count {
  const words = readFileSync(join(root, 'README.md'), 'utf8').trim().split(/\s+/).length
  return { what: 'words of the README', figures: [String(words)], verdict: atMost(1200, words), files: [] }
}

function installed(): Count[] {
  const { packages, megabytes } = installTarball()
  return [
    {
      what: 'packages of an installation',
      figures: [String(packages.length)],
      verdict: atMost(3, packages.length),
      files: packages,
    },
    {
      what: 'megabytes of an installation',
      figures: [megabytes.toFixed(1)],
      verdict: atMost(8, megabytes),
      files: [],
    },
  ]
}

const words = process.argv.slice(2)
const counts = [
  ...(await usedFiles()),
  ...countInSources(sources),
  ...unusedExports(),
  readme(),
  ...(words.includes('--install') ? installed() : []),
]
if (words.includes('--files'))
  for (const { what, files } of counts) {
    if (files.length > 0) console.log([what, ...files.map((file) => `  ${file}`), ''].join('\n'))
  }
console.log(formatTable({ title: `${sources.length} source files`, columns: ['now'], rows: counts }))
