import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTarget, hostTarget, type Target } from '../../packaging/standalone/targets.ts'
import { version } from '../../src/kit/index.ts'

/** Where `npm run build:standalone` puts what it makes. */
export const standaloneDirectory = join(import.meta.dirname, '..', '..', 'dist', 'standalone')

/** Executables for other machines, which have programs here that stand in for them. */
export const foreignDirectory = join(standaloneDirectory, 'foreign')

/** The standalone executable of this machine; undefined when it has not been built. */
export const standalone = built(standaloneDirectory, hostTarget())

/** The executable of another machine; undefined when it has not been built. */
export function foreignExecutable(name: string): string | undefined {
  return built(foreignDirectory, findTarget(name))
}

function built(directory: string, { name, suffix }: Target): string | undefined {
  const path = join(directory, `sesame-${version}-${name}${suffix}`)
  return existsSync(path) ? path : undefined
}
