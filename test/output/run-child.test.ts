import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { credentialsIn, sampleEnvironment } from './sample-credentials.ts'
import { buildDriver, type Driven, drive } from './support/driver.ts'

let driver: Awaited<ReturnType<typeof buildDriver>>
beforeAll(async () => {
  driver = await buildDriver()
})
afterAll(() => driver.remove())

const run = (words: readonly string[], options?: Parameters<typeof drive>[2]): Driven =>
  drive(process.execPath, [driver.path, ...words], options)

const outcomeOf = (driven: Driven) => JSON.parse(/^outcome (.*)$/m.exec(driven.text())?.[1] ?? 'null')

function script(name: string, text: string, mode: number): string {
  const path = join(driver.directory, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('[case 53] how a child ends', () => {
  test.each([0, 1, 3, 42, 127, 255])('its exit code %i is ours', async (exitCode) => {
    const driven = run(['sh', '-c', `exit ${exitCode}`])
    expect((await driven.ended).code).toBe(exitCode)
    expect(outcomeOf(driven)).toEqual({ kind: 'exited', exitCode })
  })

  test.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGSEGV', 139],
  ])('killed by %s: %i', async (signal, exitCode) => {
    const driven = run(['sh', '-c', `ulimit -c 0; kill -${signal.slice(3)} $$`])
    expect((await driven.ended).code).toBe(exitCode)
    expect(outcomeOf(driven)).toEqual({ kind: 'killed', exitCode, signal })
  })

  test('what does not exist: 127, by name and by path', async () => {
    for (const command of ['no-such-program-anywhere', '/no/such/program', '']) {
      const driven = run([command])
      expect((await driven.ended).code).toBe(127)
      expect(outcomeOf(driven)).toEqual({ kind: 'not-found', exitCode: 127 })
    }
  })

  test('what is there and cannot run: 126, with the reason', async () => {
    const attempts = [
      [script('plain', '#!/bin/sh\nexit 0\n', 0o644), 'EACCES'],
      [driver.directory, 'EACCES'],
      [`${driver.path}/below`, 'ENOTDIR'],
      [script('orphan', '#!/no/such/interpreter\n', 0o755), 'its interpreter does not exist'],
    ]
    for (const [command = '', reason] of attempts) {
      const driven = run([command])
      expect((await driven.ended).code).toBe(126)
      expect(outcomeOf(driven)).toEqual({ kind: 'not-runnable', exitCode: 126, reason })
    }
  })

  test('a name is looked up in the PATH of the environment', async () => {
    script('only-here', '#!/bin/sh\nexit 9\n', 0o755)
    const driven = run(['only-here'], { env: { PATH: `${driver.directory}:${process.env.PATH}` } })
    expect((await driven.ended).code).toBe(9)
  })
})

describe('[case 53] what a child is given', () => {
  test('words arrive as they are: no shell looks at them', async () => {
    const words = [
      '',
      ' ',
      'a b',
      "'",
      '"',
      '$HOME',
      '$(touch pwned)',
      '`id`',
      '*',
      '\\',
      ';exit 3',
      'ä\n',
      '--',
      '-x',
    ]
    const driven = run([
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...words,
    ])
    expect((await driven.ended).code).toBe(0)
    expect(JSON.parse(driven.text().split('outcome')[0] ?? '')).toEqual(words)
  })

  test('standard streams are its own to use', async () => {
    const driven = run(['sh', '-c', 'cat; echo said >&2'])
    driven.child.stdin?.end('typed\n')
    expect((await driven.ended).code).toBe(0)
    expect(driven.text()).toMatch(/typed\n/)
    expect(driven.text()).toMatch(/said\n/)
  })

  test('no descriptor but the standard ones: neither ours nor those we were started with', async () => {
    const list = ['-c', 'ls /proc/$$/fd; true']
    const direct = drive('sh', list)
    const driven = run(['sh', ...list], { descriptors: 4 })
    await Promise.all([direct.ended, driven.ended])
    const descriptors = ({ text }: Driven) => text().match(/^\d+$/gm)
    // The process that runs the tests may have high ones open, which every program inherits.
    expect(descriptors(driven)).toEqual(descriptors(direct))
    expect(descriptors(driven)?.filter((each) => Number(each) < 16)).toEqual(['0', '1', '2'])
  })

  test('[case 54] credentials are in its environment and on no command line', async () => {
    const driven = run(['sh', '-c', 'env; echo "pid $$"; read line'])
    const [, pid] = await driven.shows(/^pid (\d+)$/m)
    const commandLines = [pid, driven.child.pid].map((each) => readFileSync(`/proc/${each}/cmdline`, 'utf8'))
    const seen = Object.fromEntries(
      driven
        .text()
        .split('\n')
        .map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    )
    expect(credentialsIn(seen)).toEqual(sampleEnvironment)
    for (const line of commandLines) {
      expect(line).not.toBe('')
      for (const value of [/sampleSecret/, /CAISsampleToken/, /SampleId/]) expect(line).not.toMatch(value)
    }
    driven.child.stdin?.end('\n')
    expect((await driven.ended).code).toBe(0)
  })
})
