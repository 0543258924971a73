/** What a figure should be, and whether it is. */
export interface Verdict {
  target: string
  met: boolean
}

export interface Row {
  what: string
  /** One text per column of the table, the first column excepted. */
  figures: readonly string[]
  verdict?: Verdict
}

export interface Table {
  title: string
  columns: readonly string[]
  rows: readonly Row[]
  /** Lines below it: how it was measured. */
  notes?: readonly string[]
}

/** A target that is a limit from above. */
export function atMost(limit: number, figure: number, unit = ''): Verdict {
  return { target: `<= ${limit}${unit}`, met: figure <= limit }
}

/** A target that is one certain value. */
export function exactly(wanted: number, figure: number): Verdict {
  return { target: `= ${wanted}`, met: figure === wanted }
}

export const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`
export const ratio = (value: number) => value.toFixed(2)

/** The table as aligned text: words to the left, figures to the right. */
export function formatTable({ title, columns, rows, notes = [] }: Table): string {
  const head = ['', ...columns, 'target', '']
  const body = rows.map(({ what, figures, verdict }) => [
    what,
    ...columns.map((_, i) => figures[i] ?? ''),
    verdict?.target ?? '',
    verdict === undefined ? '' : verdict.met ? 'ok' : 'over',
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((cells) => cells[column]?.length ?? 0)),
  )
  const lines = [head, ...body].map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return [title, ...lines.map((line) => `  ${line}`), ...notes.map((note) => `  ${note}`), ''].join('\n')
}
