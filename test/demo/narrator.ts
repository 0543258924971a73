/** Narrates the demo: numbered steps, commands as a person would type them, what they print, and what to make of it. */
export interface Narrator {
  /** Plain lines, before and after the steps. */
  say(text: string): void
  step(number: number, title: string): void
  command(line: string): void
  /** What a command printed. A line longer than the screen goes on below, for at most `mostRows` rows. */
  output(text: string): void
  /** One line of explanation. */
  explain(text: string): void
}

const indent = '     '
const mostRows = 3
const widest = 100

const bold = '1'
const cyan = '36'
const green = '32'

/** Writes to `stream`, in colour and to its width where it is a terminal. */
export function createNarrator(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Narrator {
  const colors = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const width = Math.min(stream.columns ?? 80, widest)
  const paint = (code: string, text: string) => (colors ? `\x1b[${code}m${text}\x1b[0m` : text)
  const write = (lines: readonly string[]) => void stream.write(lines.map((line) => `${line}\n`).join(''))

  return {
    say: (text) => write(wrapWords(text, width)),
    step: (number, title) => write(['', paint(bold, `${number}. ${title}`)]),
    command: (line) => write(wrapWords(`   $ ${line}`, width, indent).map((row) => paint(cyan, row))),
    output(text) {
      const lines = text.split('\n').filter((line) => line.trim() !== '')
      const widestLine = Math.max(...lines.map((line) => line.length))
      // A table that just fits is better at the edge than broken.
      const fits = widestLine > width - indent.length && widestLine <= width && /^[┌│]/.test(lines[0] ?? '')
      const margin = fits ? ' '.repeat(width - widestLine) : indent
      write(lines.flatMap((line) => cutIntoRows(line, width - margin.length)).map((row) => margin + row))
    },
    explain: (text) => write(wrapWords(`   ${text}`, width, '   ').map((row) => paint(green, row))),
  }
}

/** Breaks between words; rows after the first begin with `hanging`. A word too long for a row stays whole. */
function wrapWords(text: string, width: number, hanging = ''): string[] {
  const rows: string[] = []
  let row = ''
  for (const part of text.split(/(?<=\S) /)) {
    if (row !== '' && row.length + 1 + part.length > width) {
      rows.push(row)
      row = hanging + part
    } else row = row === '' ? part : `${row} ${part}`
  }
  return [...rows, row]
}

/** Breaks at a space or comma near the end of a row, else anywhere; ends in an ellipsis where rows are left out. */
function cutIntoRows(line: string, width: number): string[] {
  const rows: string[] = []
  let rest = line
  while (rest.length > width && rows.length < mostRows - 1) {
    const gap = Math.max(rest.lastIndexOf(' ', width), rest.lastIndexOf(',', width - 1) + 1)
    const end = gap > width * 0.6 ? gap : width
    rows.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...rows, rest.length > width ? `${rest.slice(0, width - 1)}…` : rest]
}
