import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `node file …args`; `env` is added to a bare environment. */
export function startNode(file: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const options = { env: { PATH: process.env.PATH ?? '', ...env }, stdio: 'pipe' } as const
  return spawn(process.execPath, [file, ...args], options)
}

/** Waits for a child's end and what it said. */
export async function finished(child: ChildProcess): Promise<Run> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** Waits until a child has printed `word` on stdout. */
export async function says(child: ChildProcess, word: string): Promise<void> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes(word)) return
  }
  throw new Error(`ended without saying ${word}: ${text}`)
}
