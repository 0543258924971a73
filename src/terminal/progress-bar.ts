import { showsUnicode } from './qr-code.ts'
import type { Edges } from './streams.ts'

/** How far something has come, on standard error; it is drawn on a terminal only, and leaves nothing there. */
interface ProgressBar {
  /** `what` says what is counted, as in `400/1000 accounts`. */
  show(progress: { done: number; all: number; what: string }): void
  end(): void
}

const width = 24

/** A bar that is drawn when it is first shown. */
export async function openProgressBar(edges: Edges): Promise<ProgressBar> {
  // A terminal that does not know its size says 0: a bar there would clear infinitely many lines.
  if (!edges.isTerminal(2) || !process.stderr.columns) return { show: () => undefined, end: () => undefined }
  const { default: ora } = await import('ora')
  const color = edges.env.NO_COLOR ? false : 'cyan'
  const spinner = ora({ stream: process.stderr, discardStdin: false, color })
  const [full, empty] = showsUnicode(edges) ? ['█', '░'] : ['#', '-']
  return {
    show({ done, all, what }) {
      const filled = all === 0 ? width : Math.floor((done / all) * width)
      spinner.text = `${full.repeat(filled)}${empty.repeat(width - filled)} ${done}/${all} ${what}`
      if (!spinner.isSpinning) spinner.start()
    },
    end: () => void spinner.stop(),
  }
}
