import type { OptionSpec } from './command.ts'

/** A command line, and what stood before the command in it: other programs take their `--profile` there. */
export interface LeadingOptions {
  /** `--profile NAME` as it was written, to be read as if it stood behind the command. */
  profile: readonly string[]
  help: boolean
  /** From the command on. */
  rest: readonly string[]
}

/** Takes `--profile` and `--help` off the beginning. What else stands there is left to be the command, and not known as one. */
export function takeLeadingOptions(words: readonly string[]): LeadingOptions {
  const profile: string[] = []
  let help = false
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--help' || word === '-h') help = true
    else if (word.startsWith('--profile=')) profile.push(word)
    else if (word === '--profile') profile.push(...words.slice(at, ++at + 1))
    else break
  }
  return { profile, help, rest: words.slice(at) }
}

/** What stood before the command, for a command with these options. One without a profile does the same for all of them. */
export function forCommand({ profile }: LeadingOptions, options: readonly OptionSpec[]): readonly string[] {
  return options.some(({ name }) => name === 'profile') ? profile : []
}
