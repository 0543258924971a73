import xterm from '@xterm/headless'

/** A stretch of one row whose cells look alike. */
export interface Run {
  column: number
  /** In cells; a Chinese character takes two. */
  width: number
  text: string
  /** Index into the 16 colours of a terminal; undefined for its own. */
  color: number | undefined
  bold: boolean
  dim: boolean
}

/** One row of everything the terminal ever showed, as it was at the end. */
export interface ScreenRow {
  /** When its first character was written, in milliseconds. */
  shownAtMs: number
  runs: readonly Run[]
}

/** Output of a program, and when it came. */
export interface Chunk {
  atMs: number
  text: string
}

/** Plays the output to a terminal of that size, and reads what it shows. Every row is kept, however far it was scrolled away. */
export async function playToScreen(
  chunks: readonly Chunk[],
  size: { cols: number; rows: number },
): Promise<ScreenRow[]> {
  const terminal = new xterm.Terminal({ ...size, scrollback: 10_000, allowProposedApi: true })
  const shownAtMs: number[] = []
  for (const { atMs, text } of chunks) {
    await new Promise<void>((resolve) => terminal.write(text, resolve))
    const { baseY, cursorY, cursorX } = terminal.buffer.active
    const written = baseY + cursorY + (cursorX > 0 ? 1 : 0)
    while (shownAtMs.length < written) shownAtMs.push(atMs)
  }
  const rows = shownAtMs.map((at, index) => ({ shownAtMs: at, runs: runsOf(terminal.buffer.active, index) }))
  terminal.dispose()
  return rows
}

function runsOf(buffer: xterm.IBuffer, index: number): Run[] {
  const line = buffer.getLine(index)
  const runs: Run[] = []
  for (let column = 0; column < (line?.length ?? 0); column++) {
    const cell = line?.getCell(column)
    // The second half of a wide character has no width.
    if (cell === undefined || cell.getWidth() === 0) continue
    const look = {
      color: cell.isFgPalette() ? cell.getFgColor() : undefined,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
    }
    const last = runs.at(-1)
    const text = cell.getChars() || ' '
    const alike = last?.color === look.color && last?.bold === look.bold && last?.dim === look.dim
    if (last !== undefined && alike) {
      last.text += text
      last.width += cell.getWidth()
    } else runs.push({ column, width: cell.getWidth(), text, ...look })
  }
  return runs.map(withoutBlanks).filter(({ text }) => text !== '')
}

function withoutBlanks(run: Run): Run {
  const behind = run.text.length - run.text.trimEnd().length
  const before = run.text.length - run.text.trimStart().length
  return behind === run.text.length
    ? { ...run, text: '' }
    : { ...run, text: run.text.trim(), column: run.column + before, width: run.width - before - behind }
}
