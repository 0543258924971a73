import { t } from '../kit/index.ts'
import type { Edges } from './streams.ts'

export interface QrCodeOptions {
  /** Of the terminal; undefined where there is none, or it does not say. */
  columns: number | undefined
  colors: boolean
  /** Whether block characters arrive; otherwise two columns of ASCII are one module. */
  unicode: boolean
}

/**
 * Drawn white on black (unless there are no colours) whatever the terminal's are: readers expect dark modules on a light ground.
 */
export async function drawQrCode(text: string, { columns, colors, unicode }: QrCodeOptions): Promise<string> {
  const lines = unicode ? await blocks(text, colors) : await pairs(text, colors)
  const width = lines[0]?.replace(/\u001b\[[\d;]*m/g, '').length ?? 0
  if (columns === undefined || columns >= width) return lines.join('\n')
  return t('The QR code needs a terminal of {width} columns; this one has {columns}.', { width, columns })
}

async function blocks(text: string, colors: boolean): Promise<string[]> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n')
  return colors ? lines.map((line) => `\u001b[97;40m${line}\u001b[0m`) : lines
}

async function pairs(text: string, colors: boolean): Promise<string[]> {
  const { renderUnicode } = await import('uqr')
  // Named as in the code: a black module is dark.
  const modules = colors
    ? { whiteChar: '\u001b[107m  ', blackChar: '\u001b[40m  ' }
    : { whiteChar: '##', blackChar: '  ' }
  const lines = renderUnicode(text, { border: 2, ...modules }).split('\n')
  return colors ? lines.map((line) => `${line}\u001b[0m`) : lines
}

/**
 * Whether what is said to the user can hold any character. A console of Windows gets Unicode from us; what reads a pipe there
 * decodes it in some code page. Elsewhere the locale may name another character set.
 */
export function showsUnicode({ env, platform, isTerminal }: Edges): boolean {
  if (platform === 'win32') return isTerminal(2)
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  const charset = /\.([^@]+)/.exec(locale)?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}
