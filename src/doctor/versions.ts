import { type Finding, ok, problem } from './finding.ts'

export interface Versions {
  sesame: string
  /** `20.18.1` */
  node: string
  /** Platform and architecture, `linux x64`. */
  platform: string
}

/** The oldest Node.js that sesame runs on. */
const oldest = [20, 18, 1] as const

export function checkVersions({ sesame, node, platform }: Versions): Finding {
  const message = `sesame ${sesame}, Node.js ${node}, ${platform}`
  const parts = node.split('.').map((part) => Number.parseInt(part, 10))
  const differs = oldest.findIndex((part, i) => part !== parts[i])
  if (differs < 0 || (parts[differs] ?? 0) > (oldest[differs] ?? 0)) return ok('versions', message)
  return problem('versions', `${message}: too old`, `Install Node.js ${oldest.join('.')} or newer.`)
}
