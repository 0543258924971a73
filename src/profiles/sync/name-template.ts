import { printable, SesameError, t } from '../../kit/index.ts'

/** An access configuration that the user may use in an account. Names may be empty; ids never are. */
export interface Assignment {
  accountId: string
  accountName: string
  accessConfigurationId: string
  accessConfigurationName: string
}

/** The name that a template gives the profile of an assignment; `signInUrl` is in normal form. */
export type NameTemplate = (assignment: Assignment, signInUrl: string) => string

export const defaultNameTemplate = '{account}-{configuration}'

/** As `checkProfileName` has it. */
const longestName = 64

type Part = (assignment: Assignment, signInUrl: string) => string

/** What may stand in braces; a name that has no character of the alphabet, or none at all, gives way to its id. */
const placeholders: Readonly<Record<string, Part>> = {
  account: ({ accountId, accountName }) => safe(accountName) || accountId,
  'account-id': ({ accountId }) => accountId,
  configuration: ({ accessConfigurationId: id, accessConfigurationName: name }) => safe(name) || id,
  'configuration-id': ({ accessConfigurationId }) => accessConfigurationId,
  directory: (_, signInUrl) => new URL(signInUrl).pathname.split('/')[1] ?? '',
}

/** As they are written in a template, for a message. */
export function nameTemplatePlaceholders(): string {
  return Object.keys(placeholders)
    .map((name) => `{${name}}`)
    .join(', ')
}

/** The names that `config.json` has for the same. */
const otherNames: Readonly<Record<string, string>> = {
  accountName: 'account',
  accountId: 'account-id',
  accessConfigurationName: 'configuration',
  accessConfigurationId: 'configuration-id',
}

/**
 * Reads a template such as `{account}-{configuration}`. What it gives is always a profile name: characters outside their alphabet
 * become dashes. A name that would be too long is made with the account's id in place of its name, and cut if that does not help.
 *
 * @throws SesameError ERR_USAGE for an unknown placeholder, an open brace, or a template without any placeholder
 */
export function readNameTemplate(template: string): NameTemplate {
  const pieces = template.split(/(\{[^{}]*\})/)
  const parts = pieces.map(readPiece)
  if (pieces.length === 1) throw misuse(t('--name has no placeholder.'))
  return (assignment, signInUrl) => {
    const name = (of: Assignment) => safe(parts.map((part) => part(of, signInUrl)).join('')) || 'profile'
    const whole = name(assignment)
    if ([...whole].length <= longestName) return whole
    return shortened(name({ ...assignment, accountName: '' }), longestName)
  }
}

function readPiece(piece: string): Part {
  if (!/[{}]/.test(piece)) return () => piece
  const word = /^\{(.*)\}$/s.exec(piece)?.[1]
  if (word === undefined) throw misuse(t('--name has a brace without its other half.'))
  const name = Object.hasOwn(otherNames, word) ? (otherNames[word] ?? '') : word
  const part = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined
  if (part !== undefined) return part
  throw misuse(t('--name: {placeholder} is not known.', { placeholder: printable(piece, 40) }))
}

function misuse(message: string): SesameError {
  const names = nameTemplatePlaceholders()
  return new SesameError('ERR_USAGE', message, { hint: t('Placeholders: {names}.', { names }) })
}

/** The same name with a number, within the length of names. */
export function numberedName(name: string, number: number): string {
  const suffix = `-${number}`
  return `${shortened(name, longestName - suffix.length)}${suffix}`
}

function shortened(name: string, length: number): string {
  return [...name]
    .slice(0, length)
    .join('')
    .replace(/[-.]+$/, '')
}

/** In the alphabet of profile names, without spaces, and without invisible letters; it never begins with a dash. */
function safe(text: string): string {
  return text
    .normalize('NFC')
    .replace(/(?:[^\p{L}\p{N}_.@+]|\p{DI})+/gu, '-')
    .replace(/^[-.@+]+|[-.]+$/g, '')
}
