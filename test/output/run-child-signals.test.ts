import { chmodSync, copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { needOtherUser } from '../support/other-user.ts'
import { buildDriver, type Driven, drive } from './support/driver.ts'

let driver: Awaited<ReturnType<typeof buildDriver>>
const running: Driven[] = []
beforeAll(async () => {
  driver = await buildDriver()
})
afterAll(() => driver.remove())
afterEach(() => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) killGroup(child.pid)
})

function start(...parameters: Parameters<typeof drive>): Driven {
  const driven = drive(...parameters)
  running.push(driven)
  return driven
}

/** A child that says which signals it gets, and ends with 7 when its input does. */
const listener = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'])
    process.on(signal, () => console.log('got ' + signal))
  process.stdin.resume().on('end', () => process.exit(7))
  process.stdin.on('data', (text) => console.log('read ' + String(text).trim()))
  console.log('listening ' + process.ppid + ' ' + process.pid)
`
const listen = () => [process.execPath, driver.path, process.execPath, '-e', listener]
const quoted = (words: readonly string[]) =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')

const got = (driven: Driven) => driven.text().match(/got SIG\w+/g) ?? []

async function startListener(program: string, words: readonly string[]) {
  const driven = start(program, words)
  const [, parent, child] = await driven.shows(/listening (\d+) (\d+)/)
  return { driven, parent: Number(parent), child: Number(child) }
}

describe('[case 53] without a terminal', () => {
  test.each([
    ...['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'],
  ] as NodeJS.Signals[])('%s sent to us alone reaches the child, once, and we stay', async (signal) => {
    const [program = '', ...words] = listen()
    const { driven, parent } = await startListener(program, words)
    process.kill(parent, signal)
    await driven.shows(/got/)
    // The answer to what is typed afterwards shows that nothing else came in between.
    driven.child.stdin?.write('more\n')
    await driven.shows(/read more/)
    driven.child.stdin?.end()
    expect((await driven.ended).code).toBe(7)
    expect(got(driven)).toEqual([`got ${signal}`])
  })

  test('a child that does nothing about SIGTERM ends by it, and so do we: 143', async () => {
    const driven = start(process.execPath, [driver.path, 'sh', '-c', 'echo ready $PPID; exec sleep 60'])
    const [, parent] = await driven.shows(/ready (\d+)/)
    process.kill(Number(parent), 'SIGTERM')
    expect((await driven.ended).code).toBe(143)
  })
})

test('[case 53] a signal that the child’s user does not let through (sudo): it is waited for all the same', async (context) => {
  needOtherUser(context)
  chmodSync(driver.directory, 0o755)
  const become = join(driver.directory, 'become')
  copyFileSync('/usr/bin/setpriv', become)
  chmodSync(become, 0o4755)
  const root = [become, '--reuid', '0', 'sh', '-c', 'echo ready $PPID; read line; exit 7']
  const nobody = ['--reuid', '65534', '--clear-groups', process.execPath, driver.path, ...root]
  const driven = start('setpriv', nobody)
  const [, parent] = await driven.shows(/ready (\d+)/)
  process.kill(Number(parent), 'SIGTERM')
  await expect.poll(() => signalsPending(Number(parent))).toBe(false)
  driven.child.stdin?.write('go on\n')
  expect((await driven.ended).code).toBe(7)
})

/** Whether a signal has not been taken yet. */
function signalsPending(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return /^(?:SigPnd|ShdPnd):\s*0*[1-9a-f]/m.test(status)
}

describe('[case 53] on a terminal', () => {
  const onTerminal = (words: readonly string[]) =>
    startListener('script', ['-qefc', `exec ${quoted(words)}`, '/dev/null'])

  test.each([
    ['Ctrl-C', '\x03', 'SIGINT'],
    ['Ctrl-\\', '\x1c', 'SIGQUIT'],
  ])('%s reaches the child once, and we outlive it', async (_name, keys, signal) => {
    const { driven } = await onTerminal(listen())
    driven.child.stdin?.write(keys)
    await driven.shows(/got/)
    driven.child.stdin?.write('more\n')
    await driven.shows(/read more/)
    driven.child.stdin?.write('\x04')
    expect((await driven.ended).code).toBe(7)
    expect(got(driven)).toEqual([`got ${signal}`])
  })

  test('Ctrl-C on a child that does nothing about it: 130', async () => {
    const words = [process.execPath, driver.path, 'sh', '-c', 'echo ready; exec sleep 60']
    const driven = start('script', ['-qefc', `exec ${quoted(words)}`, '/dev/null'])
    await driven.shows(/ready\r\n/)
    driven.child.stdin?.write('\x03')
    expect((await driven.ended).code).toBe(130)
  })

  test('SIGTERM sent to us alone reaches the child, once', async () => {
    const { driven, parent } = await onTerminal(listen())
    process.kill(parent, 'SIGTERM')
    await driven.shows(/got/)
    driven.child.stdin?.write('more\n')
    await driven.shows(/read more/)
    driven.child.stdin?.write('\x04')
    expect((await driven.ended).code).toBe(7)
    expect(got(driven)).toEqual(['got SIGTERM'])
  })

  test('a hang-up of the terminal ends both', async () => {
    const words = [
      process.execPath,
      driver.path,
      process.execPath,
      '-e',
      'console.log("pid", process.ppid, process.pid, "."); setInterval(() => {}, 1e6)',
    ]
    const driven = start('script', ['-qefc', `exec ${quoted(words)}`, '/dev/null'])
    const [, parent, child] = await driven.shows(/pid (\d+) (\d+) \./)
    driven.child.kill('SIGKILL')
    await expect.poll(() => [Number(parent), Number(child)].filter(isAlive), { timeout: 10_000 }).toEqual([])
  })

  test('Ctrl-Z stops both, bg and fg continue both; a signal to the background is passed on', async () => {
    const shell = start('script', ['-qefc', 'exec bash --norc --noediting -i', '/dev/null'], {
      env: { PS1: '> ' },
    })
    const type = (text: string) => shell.child.stdin?.write(text)
    type(`${quoted(listen())}\n`)
    const [, parent, child] = (await shell.shows(/listening (\d+) (\d+)/)).map(Number)
    type('\x1a')
    await shell.shows(/Stopped/)
    await expect.poll(() => [stateOf(parent), stateOf(child)]).toEqual(['T', 'T'])
    type('fg\n')
    await shell.shows(/got SIGCONT/)
    await expect.poll(() => [stateOf(parent), stateOf(child)]).not.toContain('T')
    type('hello\n')
    await shell.shows(/read hello/)
    type('\x04')
    type('echo "ended with $?"\n')
    await shell.shows(/ended with 7/)

    type(`sleep 60 | ${quoted(listen())} &\n`)
    const [, background = 0] = (await shell.shows(/listening (\d+) \d+[\s\S]*listening (\d+) \d+/))
      .slice(1)
      .map(Number)
    process.kill(background, 'SIGINT')
    await shell.shows(/got SIGINT/)
    type('kill %1; exit 0\n')
    await shell.shows(/exit/)
  })
})

function stateOf(pid: number | undefined): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2)[0]
}

function isAlive(pid: number): boolean {
  try {
    return stateOf(pid) !== 'Z'
  } catch {
    return false
  }
}

function killGroup(pid: number | undefined) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
