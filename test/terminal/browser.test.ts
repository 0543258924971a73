import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '../../src/kit/index.ts'
import { openBrowser } from '../../src/terminal/browser.ts'
import { readBrowserList } from '../../src/terminal/browser-command.ts'
import { deferred } from '../support/deferred.ts'

const url = 'https://portal.example/device?a=1&b=2'

function makeBin() {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-browser-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const install = (name: string, script: string) => {
    const path = join(directory, name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
    return path
  }
  return { directory, install }
}

function open(value: string, onLateFailure?: (reason: string) => void) {
  const programs = readBrowserList(value, 'linux')
  const options = { log: silentLog, clock: systemClock, ...(onLateFailure && { onLateFailure }) }
  return openBrowser(url, { kind: 'open', programs }, options)
}

test('[case 142] a program that never ends is left alone, and the caller goes on', async () => {
  const { directory, install } = makeBin()
  const pidFile = join(directory, 'pid')
  expect(await open(install('endless', `echo $$ >'${pidFile}'; exec sleep 600`))).toBeUndefined()
  await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/)
  // Throws if it has gone.
  expect(process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')).toBe(true)
})

test('[case 142] an opener that never comes back does not hold the caller for more than two seconds', async () => {
  const waited: number[] = []
  const clock = { ...systemClock, sleep: async (ms: number) => void waited.push(ms) }
  const { directory, install } = makeBin()
  const pidFile = join(directory, 'pid')
  const programs = [{ name: install('endless', `echo $$ >'${pidFile}'; exec sleep 600`), words: [] }]
  expect(await openBrowser(url, { kind: 'open', programs }, { log: silentLog, clock })).toBeUndefined()
  expect(waited[0]).toBe(2000)
  await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/)
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
})

test('[case 142] a program that fails is named with its exit code; one that is not there, too', async () => {
  const { directory, install } = makeBin()
  expect(await open(install('failing', 'exit 3'))).toBe('failing ended with exit code 3')
  expect(await open(install('killed', 'kill -KILL $$'))).toBe('killed ended with SIGKILL')
  expect(await open(join(directory, 'missing'))).toBe('missing is not there')
  writeFileSync(join(directory, 'plain'), '')
  expect(await open(join(directory, 'plain'))).toBe('plain cannot be run')
})

test('[case 142] a failure that comes late is said late', async () => {
  const { directory, install } = makeBin()
  const go = join(directory, 'go')
  const late = deferred<string>()
  const program = install('slow', `until [ -e '${go}' ]; do sleep 0.05; done; exit 4`)
  expect(await open(program, late.resolve)).toBeUndefined()
  writeFileSync(go, '')
  expect(await late.promise).toBe('slow ended with exit code 4')
})

test('[case 144] of a list the first that works is taken; the address is one word', async () => {
  const { directory, install } = makeBin()
  const file = join(directory, 'arguments')
  const good = install('my browser', `printf '%s\\0' "$@" >'${file}'`)
  const value = `${join(directory, 'missing')}:${install('failing', 'exit 1')}:"${good}" --profile='A B' %s`
  expect(await open(value)).toBeUndefined()
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe(`--profile=A B\0${url}\0`)
})
