/** The languages that sesame speaks. */
type Language = 'en' | 'zh'

export interface Locale {
  env: { readonly [name: string]: string | undefined }
  platform: string
  /** The system's own language as a BCP 47 tag, asked for where the environment says nothing (macOS, Windows). */
  systemLanguage(): string
}

/**
 * The user's language: `SESAME_LANGUAGE`, else the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set (POSIX, Base Definitions
 * 8.2), else the system's on macOS and Windows.
 *
 * A locale that names another character set than UTF-8, such as `zh_CN.GBK`, gets English: a terminal of that set shows our bytes as
 * something else.
 */
export function languageOf({ env, platform, systemLanguage }: Locale): Language {
  const own = env.SESAME_LANGUAGE?.toLowerCase()
  if (own) return own.startsWith('zh') ? 'zh' : 'en'
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG
  if (locale) return isReadableChinese(locale) ? 'zh' : 'en'
  if (platform !== 'darwin' && platform !== 'win32') return 'en'
  return systemLanguage().toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

function isReadableChinese(locale: string): boolean {
  const [, charset] = /^zh(?:[_@-][^.]*)?(?:\.([^@]*))?(?:@.*)?$/i.exec(locale) ?? [undefined, 'none']
  return charset === undefined || /^utf-?8$/i.test(charset)
}
