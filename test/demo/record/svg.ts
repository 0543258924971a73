import type { Run, ScreenRow } from './screen.ts'

const cell = { width: 8, height: 18 }
const margin = 16
/** The end is shown that long before it begins anew. */
const restMs = 6000
/** Where nothing happens, the reader waits no longer than that. */
const longestPauseMs = 1500
/** What a reader needs for a row. */
const readingMs = 200

/** The 16 colours on a dark ground (those of GitHub's terminal theme, all above 4.5:1 on it). */
const palette = [
  ...['#8b949e', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#c9d1d9'],
  ...['#8b949e', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc'],
]

/**
 * An animated picture of a terminal session: each row appears when it was written, and the screen scrolls as the terminal did. CSS
 * alone moves it; there are no scripts and nothing is loaded. Where the reader wants no motion, the end is shown.
 */
export function terminalSvg(
  rows: readonly ScreenRow[],
  { cols, rows: height, title }: { cols: number; rows: number; title: string },
): string {
  const times = paced(rows.map(({ shownAtMs }) => shownAtMs))
  const totalMs = (times.at(-1) ?? 0) + restMs
  const size = { width: cols * cell.width + 2 * margin, height: height * cell.height + 2 * margin }
  const last = Math.max(0, rows.length - height)
  const steps = unique(times)
  const percent = (ms: number) => `${((ms / totalMs) * 100).toFixed(2)}%`
  const scroll = steps.map((ms) => {
    const shown = times.filter((each) => each <= ms).length
    return `${percent(ms)}{transform:translateY(${-Math.max(0, shown - height) * cell.height}px)}`
  })
  const appear = steps.map(
    (ms, step) =>
      `@keyframes r${step}{0%{opacity:0}${percent(ms)}{opacity:1}100%{opacity:1}}.r${step}{animation-name:r${step}}`,
  )
  const groups = steps.map((ms, step) => {
    const texts = rows.flatMap(({ runs }, row) =>
      times[row] === ms ? runs.map((run) => text(run, row)) : [],
    )
    return `<g class="r r${step}">${texts.join('')}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9;white-space:pre}.b{font-weight:700}.d{opacity:.7}',
    ...palette.map((color, index) => `.c${index}{fill:${color}}`),
    `.r,.s{animation-duration:${totalMs}ms;animation-timing-function:step-end;animation-iteration-count:infinite}`,
    `.s{animation-name:s;transform:translateY(${-last * cell.height}px)}@keyframes s{0%{transform:none}${scroll.join('')}}`,
    ...appear,
    '@media (prefers-reduced-motion:reduce){.r,.s{animation:none}}',
    '</style>',
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<svg x="${margin}" y="${margin}" width="${cols * cell.width}" height="${height * cell.height}"><g class="s">`,
    ...groups,
    '</g></svg>',
    '</svg>',
    '',
  ].join('\n')
}

/** `textLength` keeps the columns whatever font there is. */
function text({ column, width, text: content, color, bold, dim }: Run, row: number): string {
  const classes = [color === undefined ? '' : `c${color}`, bold ? 'b' : '', dim ? 'd' : '']
  const looks = classes.filter(Boolean).join(' ')
  const place = `x="${column * cell.width}" y="${row * cell.height + 13}" textLength="${width * cell.width}"`
  return `<text ${place}${looks === '' ? '' : ` class="${looks}"`}>${escaped(content)}</text>`
}

/** What was written at once is shown long enough to be read; where nothing happens, a while is enough. */
function paced(times: readonly number[]): number[] {
  let shift = 0
  let since = 0
  return times.map((ms, index) => {
    const before = times[index - 1] ?? 0
    if (ms !== before) {
      const pause = ms - before
      const needed = (index - since) * readingMs
      shift += Math.max(needed, Math.min(pause, longestPauseMs)) - pause
      since = index
    }
    return Math.round(ms + shift)
  })
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`)
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)]
}
