import type { Clock } from '../kit/index.ts'

/** What the configuration of another program needs of ours. */
export interface IntegrationContext {
  readonly edges: {
    env: Readonly<Record<string, string | undefined>>
    platform: NodeJS.Platform
    homeDirectory: string
  }
  readonly session: {
    clock: Clock
    signal: AbortSignal
    withLock<T>(name: string, work: () => T | Promise<T>): Promise<T>
  }
  /** True when the user can be asked. */
  readonly interactive: boolean
  print(text: string): void
  notify(line: string): void
}

/** What is handed to a tool, and how. */
export interface Handover {
  profile: string
  /** The words that start sesame. */
  sesame: readonly string[]
  /** The region that was asked for, else that of the profile, in its normal form. */
  region: string | undefined
  /** What the environment says of regions: for a profile that the tool does not have yet. */
  regionHere: string | undefined
  /** The account that the credentials belong to, where the profile names it. */
  accountId: string | undefined
  /** Where the profile signs in, if that is an OIDC provider. */
  provider?: { issuer: string; clientId: string } | undefined
  /** Print what would be written, and write nothing. */
  print: boolean
  /** Replace a profile of that name in the tool's file which is not ours. */
  overwrite: boolean
}

/** One tool of `configure --for`. */
export interface Integration {
  /** Options beside `--print` that mean something to it. */
  options: readonly ('overwrite' | 'region')[]
  /** What the tool wants of the profile: credentials if nothing else is said, or an identity token. */
  takes?: 'token'
  /** Writes the tool's file, or prints what makes the tool take its credentials from sesame; says on stderr what it means. */
  configure(handover: Handover, context: IntegrationContext): Promise<void>
}
