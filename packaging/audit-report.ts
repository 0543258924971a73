/** The part of `npm audit --json` in use. */
export interface AuditReport {
  vulnerabilities: Record<string, { via: readonly (string | Advisory)[]; nodes: readonly string[] }>
}

interface Advisory {
  title: string
  severity: string
  range: string
  url: string
}

/** The part of `package-lock.json` in use: packages by directory, the root's own under the empty name. */
export interface Lockfile {
  packages: Record<string, LockedPackage>
}

interface LockedPackage {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/**
 * The directories of the packages that an installation looks up at run time: `dependencies`, the optional peers, and theirs.
 * Peers of those are left out: nothing installs them.
 */
export function installedPackages({ packages }: Lockfile): string[] {
  const { dependencies, peerDependencies } = packages[''] ?? {}
  const found = new Set<string>()
  const visit = (from: string, names: Record<string, string> = {}): void => {
    for (const name of Object.keys(names)) {
      const directory = resolve(packages, from, name)
      if (directory === undefined || found.has(directory)) continue
      found.add(directory)
      visit(directory, { ...packages[directory]?.dependencies, ...packages[directory]?.optionalDependencies })
    }
  }
  visit('', { ...dependencies, ...peerDependencies })
  return [...found]
}

/** As Node looks a package up: from the inmost `node_modules` outwards. */
function resolve(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const directory = `${at}${at === '' ? '' : '/'}node_modules/${name}`
    if (directory in packages) return directory
    if (at === '') return undefined
  }
}

/**
 * A line for each advisory about one of the packages, most of which are devDependencies: `npm audit --omit=dev` would not see
 * them. Packages that npm lists only because something vulnerable is among their dependencies are left out: that is judged by
 * itself.
 */
export function findings(report: AuditReport, directories: Iterable<string>): string[] {
  const shipped = new Set(directories)
  return Object.entries(report.vulnerabilities).flatMap(([name, { via, nodes }]) => {
    if (!nodes.some((node) => shipped.has(node))) return []
    return via.flatMap((advisory) => {
      if (typeof advisory === 'string') return []
      const { title, severity, range, url } = advisory
      return [`${name} ${range} (${severity}): ${title} ${url}`]
    })
  })
}
