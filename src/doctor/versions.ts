import { t } from '../kit/index.ts'
import { type Finding, ok, problem } from './finding.ts'

export interface Versions {
  sesame: string
  /** The target of a standalone executable; undefined for the npm package. */
  build?: string | undefined
  /** `20.18.1`; what Bun says of itself there is which Node.js it resembles. */
  node: string
  /** The version of Bun where that is what runs. */
  bun?: string | undefined
  /** Platform and architecture, `linux x64`. */
  platform: string
}

export function checkVersions({ sesame, build, node, bun, platform }: Versions): Finding {
  const which = build === undefined ? t('npm package') : t('standalone, {target}', { target: build })
  const runtime = bun === undefined ? `Node.js ${node}` : `Bun ${bun}`
  const message = t('sesame {version} ({which}), {runtime}, {platform}', {
    version: sesame,
    which,
    runtime,
    platform,
  })
  if (bun !== undefined || runsOn(node)) return ok('versions', message)
  const fix = t('Install Node.js 20.18.1 or newer (not 21, not 22.0 to 22.2).')
  return problem(
    'versions',
    t('{versions}: this version of Node.js is not supported', { versions: message }),
    fix,
  )
}

/** The same as `engines` in package.json: `process.getBuiltinModule` is missing in 21 and in 22.0 to 22.2. */
function runsOn(node: string): boolean {
  const [major = 0, minor = 0, patch = 0] = node.split('.').map((part) => Number.parseInt(part, 10))
  if (major === 20) return minor > 18 || (minor === 18 && patch >= 1)
  return major === 22 ? minor >= 3 : major > 22
}
