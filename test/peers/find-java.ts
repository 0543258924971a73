import { execFileSync, spawnSync } from '../support/run-sync.ts'
import { findProgram } from './find-program.ts'
import type { Missing } from './peer.ts'

const install = 'apt-get install openjdk-17-jdk-headless maven'

/** What a peer from Maven needs before it can be installed: Java 17 or later, and Maven. */
export function missingJava(): Missing | undefined {
  if (findProgram('java') === undefined) return { reason: 'Java is not in PATH', install }
  const major = javaMajor()
  if (major < 17) return { reason: `Java ${major} in PATH is older than 17`, install }
  if (findProgram('mvn') === undefined) return { reason: 'Maven is not in PATH', install }
  return undefined
}

/** `java -version` writes to standard error: `openjdk version "17.0.17" 2025-10-21`. */
function javaMajor(): number {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
}

/** Maven without its progress; what it says of errors is shown. */
export function maven(words: readonly string[]): void {
  execFileSync('mvn', ['--batch-mode', '--quiet', ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
}
