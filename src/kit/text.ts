import type { Catalogue } from '../language/index.ts'

/** Every text that is shown to users, in English; `{name}` stands for a value. The catalogue of each language has its translation. */
type Text = keyof Catalogue

/** A text without values, as declarations carry it: it is translated where it is shown. */
export type FixedText = { [Key in Text]: [Names<Key>] extends [never] ? Key : never }[Text]

type Names<Key> = Key extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string}${NoNameSign}${string}` ? never : Name) | Names<Rest>
  : never

/** Braces around other things, such as JSON, are text. */
type NoNameSign = '"' | "'" | ' ' | ',' | ':' | '.' | '-'

/** What is said, and how. */
interface Language {
  translations: Readonly<Record<string, string>>
  /** Texts that were made before the language was known, each with what makes it again. */
  early?: Map<string, () => string>
}

// One for the program, whose lazily loaded parts are bundles that each have a copy of this file.
const key = Symbol.for('sesame.language')
const program: { [key]?: Language | undefined } & object = globalThis

/**
 * The text in the user's language, with its values put in. English until `useTranslations` was called, and in the library always:
 * nothing is loaded for it.
 */
export function t(text: FixedText): string
export function t<Key extends Text>(text: Key, values: Readonly<Record<Names<Key>, string | number>>): string
export function t(text: string, values: Values = {}): string {
  const made = fillIn(text, values)
  program[key]?.early?.set(made, () => fillIn(text, values))
  return made
}

type Values = Readonly<Record<string, string | number>>

function fillIn(text: string, values: Values): string {
  const translations = program[key]?.translations ?? {}
  const template = Object.hasOwn(translations, text) ? (translations[text] ?? text) : text
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => sayAgain(String(values[name] ?? whole)))
}

/** From now on texts are kept, so that what was made too early can be said in the user's language after all. */
export function keepTexts(): void {
  program[key] = { translations: {}, early: new Map() }
}

/** A text, with the texts that are its values, in the language that is known by now; anything else stays as it is. */
export function sayAgain(made: string): string {
  return program[key]?.early?.get(made)?.() ?? made
}

/** What is made for programs, and for those who help: never translated, whatever the user's language. */
export async function inEnglish<T>(make: () => Promise<T>): Promise<T> {
  const before = program[key]
  program[key] = { translations: {} }
  try {
    return await make()
  } finally {
    program[key] = before
  }
}

/** A text that a declaration carries: fixed, or made when it is shown, where it has values. */
export type DeclaredText = FixedText | (() => string)

/** A declared text in the user's language. */
export function shownText(text: DeclaredText): string {
  return typeof text === 'function' ? text() : t(text)
}

/** From now on texts are shown in the language of this catalogue. */
export function useTranslations(catalogue: Readonly<Record<string, string>>): void {
  program[key] = { ...program[key], translations: catalogue }
}
