import type { Running } from './sesame.ts'

/** The first line that a program prints, while it goes on. */
export function firstLine(running: Running): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    running.child.stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.split('\n', 1)[0] ?? '')
    })
    running.child.once('exit', () => reject(new Error('it ended without a line')))
  })
}
