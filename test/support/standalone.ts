import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hostTarget } from '../../packaging/standalone/targets.ts'
import { version } from '../../src/kit/index.ts'

/** Where `npm run build:standalone` puts what it makes. */
export const standaloneDirectory = join(import.meta.dirname, '..', '..', 'dist', 'standalone')

const path = join(
  standaloneDirectory,
  `sesame-${version}-${hostTarget().name}${process.platform === 'win32' ? '.exe' : ''}`,
)

/** The standalone executable of this machine; undefined when it has not been built. */
export const standalone = existsSync(path) ? path : undefined
