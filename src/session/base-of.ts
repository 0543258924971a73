import type { ResolvedProfile } from './resolve-profile.ts'

/** Whoever signs in for a profile: the end of its chain of roles. */
export function baseOf(resolved: ResolvedProfile): Exclude<ResolvedProfile, { kind: 'role' }> {
  return resolved.kind === 'role' ? baseOf(resolved.source) : resolved
}

/** Whether a profile is a role that is built upon the named one, over any number of links. */
export function isBuiltUpon(resolved: ResolvedProfile, name: string): boolean {
  return resolved.kind === 'role' && (resolved.source.name === name || isBuiltUpon(resolved.source, name))
}
