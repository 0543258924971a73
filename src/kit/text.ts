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

let translations: Readonly<Record<string, string>> = {}

/**
 * The text in the user's language, with its values put in. English until `useTranslations` was called, and in the library always:
 * nothing is loaded for it.
 */
export function t(text: FixedText): string
export function t<Key extends Text>(text: Key, values: Readonly<Record<Names<Key>, string | number>>): string
export function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  const template = Object.hasOwn(translations, text) ? (translations[text] ?? text) : text
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
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

/** The language of what `t` gives, as a BCP 47 tag. */
export function shownLanguage(): 'en' | 'zh-CN' {
  return Object.keys(translations).length === 0 ? 'en' : 'zh-CN'
}

/** From now on texts are shown in the language of this catalogue. */
export function useTranslations(catalogue: Readonly<Record<string, string>>): void {
  translations = catalogue
}
