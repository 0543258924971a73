import type { Catalogue } from '../language/index.ts'
import type { SesameError } from './errors.ts'

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

/** One for the program, whose lazily loaded parts are bundles that each have a copy of this file. */
interface Program {
  sesameLanguage?: Language | undefined
}

const language = () => (globalThis as Program).sesameLanguage

function speak(next: Language | undefined): void {
  ;(globalThis as Program).sesameLanguage = next
}

/**
 * The text in the user's language, with its values put in. English until `useTranslations` was called, and in the library always:
 * nothing is loaded for it.
 */
export function t(text: FixedText): string
export function t<Key extends Text>(text: Key, values: Readonly<Record<Names<Key>, string | number>>): string
export function t(text: string, values: Values = {}): string {
  const made = fillIn(text, values)
  language()?.early?.set(made, () => fillIn(text, values))
  return made
}

type Values = Readonly<Record<string, string | number>>

function fillIn(text: string, values: Values): string {
  const translations = language()?.translations ?? {}
  const template = Object.hasOwn(translations, text) ? (translations[text] ?? text) : text
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => sayAgain(String(values[name] ?? whole)))
}

/** From now on texts are kept, so that what was made too early can be said in the user's language after all. */
export function keepTexts(): void {
  speak({ translations: {}, early: new Map() })
}

/** A text, with the texts that are its values, in the language that is known by now; anything else stays as it is. */
export function sayAgain(made: string): string {
  return language()?.early?.get(made)?.() ?? made
}

/**
 * What is made for programs, and for those who help: never translated, whatever the user's language. The language is one for the whole
 * process: two of these must not overlap.
 */
export async function inEnglish<T>(make: () => Promise<T>): Promise<T> {
  const before = language()
  speak({ translations: {} })
  try {
    return await make()
  } finally {
    speak(before)
  }
}

/** A text that a declaration carries: fixed, or made when it is shown, where it has values. */
export type DeclaredText = FixedText | (() => string)

/** A declared text in the user's language. */
export function shownText(text: DeclaredText): string {
  return typeof text === 'function' ? text() : t(text)
}

/**
 * Words of a closed set, such as the place where this runs, in the user's language: those of `texts` are translated, names such as `WSL`
 * are the same in every language.
 */
export function shownWords(words: string, texts: readonly FixedText[]): string {
  const text = texts.find((each) => each === words)
  return text === undefined ? words : t(text)
}

/** The message of an error with the RequestId that support asks for, for where the message alone is shown. */
export function messageWithRequestId({ message, requestId }: SesameError): string {
  if (requestId === undefined) return message
  return t('{message} (RequestId {requestId}).', { message: message.replace(/[.。]$/, ''), requestId })
}

/** The language of what `t` gives, as a BCP 47 tag. */
export function shownLanguage(): 'en' | 'zh-CN' {
  return Object.keys(language()?.translations ?? {}).length === 0 ? 'en' : 'zh-CN'
}

/** From now on texts are shown in the language of this catalogue. */
export function useTranslations(catalogue: Readonly<Record<string, string>>): void {
  speak({ ...language(), translations: catalogue })
}
