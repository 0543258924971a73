import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Program } from '../../../compose/index.ts'
import { parseRecord, SesameError, t } from '../../../kit/index.ts'
import {
  formatServer,
  formatServerFailure,
  formatSocketServer,
  type ServerFormat,
} from '../../../output/index.ts'
import { regionOf } from '../../../profiles/index.ts'
import { sameProgram } from '../../../start/index.ts'
import { type OtherProcess, readerOfOutput } from '../../../terminal/index.ts'
import { exitCodes } from '../../exit-codes.ts'
import { absentFile, saysWithoutProxy } from '../../served-environment.ts'

/** Which process a server in the background is for; `none` where the system does not report it. Set for that server alone. */
const shellVariable = 'SESAME_SERVE_SHELL'

/** A process that has not ended by itself after so long is of no use to a shell that waits. */
const longestStartMs = 60_000

export interface ShellServer {
  format: ServerFormat
  /** Where it listens: a port, or the path of a socket. */
  at: { port: number } | { socket: string }
  profile: string
}

/**
 * Starts a server in the background, as ssh-agent does, and prints what the shell evaluates to use it. The server is this program once
 * more, with its outputs on pipes of its own: the shell waits for no other program to close the pipe that it reads. What goes wrong
 * before it serves is reported as if it had gone wrong here.
 */
export async function serveShell(wanted: ShellServer, program: Program): Promise<number> {
  const server = start(wanted, program)
  const started = await untilServing(server, program)
  if (typeof started === 'number') {
    program.print(formatServerFailure(wanted.format))
    return started
  }
  try {
    tellShell(wanted, { ...started, pid: server.pid ?? 0 }, program)
  } catch (error) {
    server.kill()
    throw error
  }
  return exitCodes.done
}

function start({ at, profile }: ShellServer, { edges }: Program): ChildProcess {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const shell = readerOfOutput()
  // Joined, so that a path may begin with a hyphen.
  const place = 'socket' in at ? `--socket=${at.socket}` : `--port=${at.port}`
  const words = ['serve', '--json', '--profile', profile, place]
  const [command, ...script] = sameProgram()
  return spawn(command, [...script, ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...edges.env, [shellVariable]: shell === undefined ? 'none' : `${shell.pid}/${shell.startTime}` },
    windowsHide: true,
  })
}

/** @throws SesameError ERR_UNSAFE_OUTPUT */
function tellShell(
  { format, profile }: ShellServer,
  { url, socket, pid }: Started & { pid: number },
  { edges: { env, platform }, session, print, notify, place }: Program,
): void {
  if (socket !== undefined) {
    print(formatSocketServer(format, { socket, url, pid }))
    return
  }
  const address = { url, noFile: join(place().state, absentFile) }
  const region = regionOf(session.readConfig().profiles.get(profile))
  const { text, removedProxies } = formatServer(format, address, { profile, region }, { env, platform, pid })
  print(text)
  if (removedProxies.length > 0) notify(saysWithoutProxy(removedProxies))
}

/** In a server in the background: the process with which it ends; `undefined` in the foreground. */
export function servedShell(env: Readonly<Record<string, string | undefined>>): OtherProcess | undefined {
  const text = env[shellVariable]
  if (text === undefined) return undefined
  const [, pid, startTime = ''] = /^(\d+)\/(\d+|null)$/.exec(text) ?? []
  // Nothing to wait for: this process itself, until it is ended.
  if (pid === undefined) return { pid: process.pid, startTime: null }
  return { pid: Number(pid), startTime: startTime === 'null' ? null : startTime }
}

interface Started {
  url: string
  socket?: string
}

/** The address, once it serves; else the exit code, with what it said on stderr passed on. */
async function untilServing(
  server: ChildProcess,
  { edges, session: { clock, signal } }: Program,
): Promise<Started | number> {
  const done = new AbortController()
  const giveUp = () => server.kill()
  signal.addEventListener('abort', giveUp, { once: true })
  const late = Promise.allSettled([clock.sleep(longestStartMs, done.signal).then(giveUp)])
  try {
    signal.throwIfAborted()
    return await new Promise((resolve, reject) => {
      let said = ''
      let printed = ''
      server.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        const { url, socket } = (printed.includes('\n') ? parseRecord(printed) : undefined) ?? {}
        if (typeof url !== 'string') return
        edges.stderr(said)
        resolve({ url, ...(typeof socket === 'string' && { socket }) })
      })
      server.once('error', (cause) => {
        reject(new SesameError('ERR_FILE', t('The server could not be started.'), { cause }))
      })
      server.once('close', (code) => {
        if (signal.aborted) return reject(signal.reason)
        edges.stderr(said)
        resolve(code || exitCodes.failed)
      })
    })
  } finally {
    signal.removeEventListener('abort', giveUp)
    done.abort()
    await late
    server.stdout?.destroy()
    server.stderr?.destroy()
    server.unref()
  }
}
