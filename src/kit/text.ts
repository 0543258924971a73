import type { Catalogue } from '../language/index.ts'

/** Every text that is shown to users, in English; `{name}` stands for a value. The catalogue of each language has its translation. */
type Text = keyof Catalogue

/** A text without values, as declarations carry it: it is translated where it is shown. */
type FixedText = { [Key in Text]: Key extends `${string}{${string}}${string}` ? never : Key }[Text]

type Names<Key> = Key extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

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

/** From now on texts are shown in the language of this catalogue. */
export function useTranslations(catalogue: Readonly<Record<string, string>>): void {
  translations = catalogue
}
