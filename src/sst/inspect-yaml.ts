import { t } from '../kit/index.ts'

/** Deeper than any key file, and far below what the parser, which calls itself for each level, can take. */
const deepest = 8
const widestIndent = 64
const mostTokens = 20_000

const indicatorTypes = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind'])

/** What the lexer puts before a text without quotes. */
const plainFollows = '\u001f'

/**
 * Looks through the tokens of a YAML text, before the parser sees them, for what a key file never has and what overflows the
 * stack, or memory: nesting, aliases. The lexer itself does not nest. Returns why the text is refused, else undefined.
 * @param tokenType the yaml package's names of tokens
 */
export function inspectYaml(
  tokens: Iterable<string>,
  tokenType: (source: string) => string | null,
): string | undefined {
  let brackets = 0
  let indicators = 0
  let count = 0
  let isPlain = false
  let isLineStart = true
  for (const token of tokens) {
    if (++count > mostTokens) return t('holds too much')
    const type = isPlain ? 'scalar' : tokenType(token)
    isPlain = token === plainFollows
    if (type === 'alias' || type === 'anchor') return t('uses aliases')
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets++
    if (type === 'flow-map-end' || type === 'flow-seq-end') brackets = Math.max(0, brackets - 1)
    // Several of them in one line nest, too: "- - - a".
    if (type === 'newline') indicators = 0
    else if (brackets === 0 && type !== null && indicatorTypes.has(type)) indicators++
    const isWide = isLineStart && type === 'space' && token.length > widestIndent && brackets === 0
    if (brackets > deepest || indicators > deepest || isWide) return t('is nested too deeply')
    isLineStart = type === 'newline'
  }
  return undefined
}
