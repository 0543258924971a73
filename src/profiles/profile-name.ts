import { printable, SesameError, t } from '../kit/index.ts'
import type { Config } from './config.ts'

/** Tried first: compiling the classes of all Unicode letters takes a noticeable part of the cached path. */
const plain = /^\w(?:[\w.@+-]{0,62}[\w@+-])?$/
const allowed = /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}_@+-])?$/u

/** See `checkProfileName`. */
export function isProfileName(name: string): boolean {
  return plain.test(name) || allowed.test(name)
}

/**
 * Checks a profile name: 1 to 64 letters, digits and `_ . @ + -` or inner spaces, beginning with a letter, digit or
 * underscore. It goes to shells, tables and prompts, so control characters, quotes, `/` and leading dashes are refused.
 */
export function checkProfileName(name: string): string {
  if (isProfileName(name)) return name
  throw new SesameError('ERR_USAGE', t('"{name}" cannot be a profile name.', { name: printable(name, 40) }), {
    hint: t(
      'Use up to 64 letters, digits and _ . @ + - (or spaces inside), beginning with a letter or digit.',
    ),
  })
}

/** Whether anything says which profile is meant, if only by being `default`; without profiles there is nothing to choose. */
export function isProfileSettled(
  config: Config,
  { option, environment }: { option: string | undefined; environment: string | undefined },
): boolean {
  const name = option ?? (environment || config.currentProfile)
  return name !== undefined || config.profiles.has('default') || config.profiles.size === 0
}

/** The profile a command works on: `--profile`, then SESAME_PROFILE, then the current one, then `default`. */
export function chooseProfileName(
  config: Config,
  wanted: { option: string | undefined; environment: string | undefined },
): string {
  return checkProfileName(wanted.option ?? (wanted.environment || (config.currentProfile ?? 'default')))
}
