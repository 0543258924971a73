import type { chinese } from './zh/index.ts'

export { languageOf } from './locale.ts'

/** Every text that can be translated. */
export type Catalogue = typeof chinese

/** The catalogue of a language, loaded when it is needed; English needs none. */
export async function loadChinese(): Promise<Catalogue> {
  return (await import('./zh/index.ts')).chinese
}
