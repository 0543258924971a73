import { useTranslations } from '../kit/index.ts'
import { languageOf, loadChinese } from '../language/index.ts'
import type { Edges } from '../terminal/index.ts'

/** What is said from now on is in the user's language. Called before a text is made, so that declarations speak it too. */
export async function speakLanguageOf({ env, platform }: Edges): Promise<void> {
  const systemLanguage = () => Intl.DateTimeFormat().resolvedOptions().locale
  if (languageOf({ env, platform, systemLanguage }) === 'zh') useTranslations(await loadChinese())
}
