import { padText, textWidth, wrapText } from '../../terminal/index.ts'

/** A card for the user: what is known, a line each, and what to type next. */
export interface Card {
  /** Label and text. The first says what it is about, and stands out. */
  rows: readonly (readonly [string, string])[]
  next: { label: string; steps: readonly NextStep[] }
}

/** A command as it is typed, and what for; or words alone. */
export interface NextStep {
  command?: string
  what: string
}

export interface CardPaper {
  /** Of the terminal. */
  columns: number
  colors: boolean
}

/**
 * Two columns: labels, and texts wrapped beside them. A command is never wrapped, since it is copied: what commands are for is left
 * out where it does not fit beside them, and commands that are too long themselves stand below their label. Lines, each with its end.
 */
export function drawCard({ rows, next }: Card, { columns, colors }: CardPaper): string {
  const width = Math.max(...[...rows.map(([label]) => label), next.label].map(textWidth))
  const room = Math.max(16, columns - width - 5)
  const dim = (text: string) => (colors ? `\u001b[2m${text}\u001b[22m` : text)
  const bold = (text: string) => (colors ? `\u001b[1m${text}\u001b[22m` : text)
  const beside = (label: string, lines: readonly string[]) =>
    lines.map((line, i) => `  ${dim(padText(i === 0 ? label : '', width))}  ${line}\n`).join('')
  const facts = rows.map(([label, text], i) => {
    const lines = wrapText(text, room)
    return beside(label, i === 0 ? lines.map(bold) : lines)
  })
  const commands = next.steps.map(({ command = '' }) => command)
  const steps = commands.every((command) => textWidth(command) <= room)
    ? beside(next.label, stepLines(next.steps, room, dim))
    : `  ${dim(next.label)}\n${commands.map((command) => `  ${command}\n`).join('')}`
  return `\n${facts.join('')}\n${steps}\n`
}

function stepLines(steps: readonly NextStep[], room: number, dim: (text: string) => string): string[] {
  const width = Math.max(...steps.map(({ command = '' }) => textWidth(command)))
  const fits = steps.every(({ what }) => width + 2 + textWidth(what) <= room)
  return steps.flatMap(({ command, what }) => {
    if (command === undefined) return wrapText(what, room)
    return [fits ? `${padText(command, width)}  ${dim(what)}` : command]
  })
}
