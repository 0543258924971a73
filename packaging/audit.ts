import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditReport, findings, installedPackages, type Lockfile } from './audit-report.ts'
import { packagesOf } from './bundled-packages.ts'
import { bundledModules } from './module-graph.ts'

/*
 * `npm run audit`: known vulnerabilities of what users get, be it bundled into `dist/` or installed beside it. Exit 1 when there
 * are any; 0 with a warning when the registry has no audit endpoint or cannot be reached.
 */

const root = join(import.meta.dirname, '..')

function readReport(): AuditReport | { message: string } {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' })
  try {
    return JSON.parse(stdout)
  } catch (error) {
    return { message: `npm audit gave no report: ${error instanceof Error ? error.message : error}` }
  }
}

const report = readReport()
if ('vulnerabilities' in report) {
  const lock: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const bundled = packagesOf(await bundledModules()).map(({ directory }) => directory)
  const shipped = new Set([...bundled, ...installedPackages(lock)])
  const found = findings(report, shipped)
  for (const line of found) console.error(line)
  console.log(
    `${shipped.size} packages audited, ${bundled.length} of them bundled; ${found.length} advisories`,
  )
  process.exitCode = found.length === 0 ? 0 : 1
} else {
  console.error(`Warning: nothing was audited. The registry does not answer: ${report.message}`)
}
