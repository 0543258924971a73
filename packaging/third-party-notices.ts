import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { type BundledPackage, packagesOf } from './bundled-packages.ts'

export const noticesFile = 'THIRD-PARTY-NOTICES'

/** The text of `THIRD-PARTY-NOTICES`. */
export function formatNotices(packages: readonly BundledPackage[], what = 'files in this directory'): string {
  const intro = `The ${what} contain code of the following packages.\n`
  const sections = packages.map(({ name, version, license, texts }) => {
    const title = `${name} ${version} (${license})`
    return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${texts.join('\n\n')}\n`
  })
  return [intro, ...sections].join('\n')
}

/**
 * Writes `THIRD-PARTY-NOTICES` beside the bundles. One instance serves all builds of a configuration: the file holds the packages
 * of those that are done.
 */
export function thirdPartyNotices(): Plugin {
  const moduleIds = new Set<string>()
  return {
    name: 'third-party-notices',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') for (const id of chunk.moduleIds) moduleIds.add(id)
    },
    writeBundle({ dir = '.' }) {
      writeFileSync(join(dir, noticesFile), formatNotices(packagesOf(moduleIds)))
    },
  }
}
