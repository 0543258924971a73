import { join } from 'node:path'
import { spawnSync } from './run-sync.ts'

/** Exports of `src/` as `path: name`; a path alone is a file that nothing imports. */
export interface UnusedExports {
  /** Used by nothing: no other file of src, mocks or test, and no entry point of the package exports it. */
  byAll: string[]
  /** Used by tests only. */
  bySources: string[]
}

/** What knip finds, configured by `knip.json`. @throws Error when it cannot run */
export function findUnusedExports(): UnusedExports {
  const byAll = unusedInSources()
  const bySources = unusedInSources('--production').filter((name) => !byAll.includes(name))
  return { byAll, bySources }
}

const root = join(import.meta.dirname, '..', '..')
const knip = join(root, 'node_modules', 'knip', 'bin', 'knip.js')

function unusedInSources(...words: string[]): string[] {
  const wanted = ['--include', 'files,exports,types,nsExports,nsTypes', '--reporter', 'json']
  const { status, stdout, stderr } = spawnSync(process.execPath, [knip, ...wanted, ...words], {
    cwd: root,
    encoding: 'utf8',
  })
  // 1: it found something.
  if (status !== 0 && status !== 1) throw new Error(`knip failed (exit ${status}): ${stderr}`)
  const { issues } = JSON.parse(stdout) as { issues: KnipIssue[] }
  return issues
    .filter(({ file }) => file.startsWith('src/'))
    .flatMap(({ file, files, exports, types, nsExports, nsTypes }) => [
      ...files.map(() => file),
      ...[...exports, ...types, ...nsExports, ...nsTypes].map(({ name }) => `${file}: ${name}`),
    ])
    .sort()
}

/** One file of knip's JSON report. */
interface KnipIssue {
  file: string
  files: Named[]
  exports: Named[]
  types: Named[]
  nsExports: Named[]
  nsTypes: Named[]
}

interface Named {
  name: string
}
