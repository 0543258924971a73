import { spawn } from 'node:child_process'

/** One run of a program from fork to exit, as its parent sees it. */
export interface TimedRun {
  wallMs: number
  /** User and system time of the program and all its children. */
  cpuMs: number
  code: number
}

/*
 * Node cannot ask for the resource usage of a child, bash can (`time` is wait4 with microseconds, shown in ms). Its
 * own start is outside of both clocks.
 */
const script = `
TIMEFORMAT='%3U %3S'
begin=$EPOCHREALTIME
cpu=$({ time "$@" </dev/null >/dev/null 2>/dev/null; } 2>&1)
code=$?
end=$EPOCHREALTIME
echo "$begin $end $cpu $code"
`

/** `time` cuts user and system time to whole ms: half of one is lost of each on average. */
const truncationMs = 1

/** Runs `command` with exactly this environment; its output is thrown away. */
export async function timedRun(command: readonly string[], env: Record<string, string>): Promise<TimedRun> {
  const bash = spawn('bash', ['--norc', '-c', script, 'bash', ...command], {
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let line = ''
  bash.stdout.setEncoding('utf8').on('data', (text: string) => {
    line += text
  })
  await new Promise((resolve, reject) => bash.on('error', reject).on('close', resolve))
  const [begin = Number.NaN, end = Number.NaN, user = Number.NaN, system = Number.NaN, code = -1] = line
    .trim()
    .split(/\s+/)
    .map(Number)
  const cpuMs = (user + system) * 1000 + truncationMs
  if (Number.isNaN(cpuMs)) throw new Error(`bash gave no times but: ${line}`)
  return { wallMs: (end - begin) * 1000, cpuMs, code }
}
