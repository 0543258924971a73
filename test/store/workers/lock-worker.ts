import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { withFileLock } from '../../../src/files/locks/file-lock.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'

/** lock-worker.cjs count|hold LOCK SCRATCH [ROUNDS] */
const [, , action, lock = '', scratch = '', rounds = '1'] = process.argv
const options = { clock: systemClock, log: silentLog, waitMs: 30_000 }

/** Adds one to the counter, and fails loudly when another process is inside at the same time. */
async function count(): Promise<void> {
  closeSync(openSync(`${scratch}.inside`, 'wx'))
  const before = Number(readFileSync(scratch, 'utf8'))
  await systemClock.sleep(1)
  writeFileSync(scratch, String(before + 1))
  rmSync(`${scratch}.inside`)
}

async function main(): Promise<void> {
  if (action === 'hold') {
    await withFileLock(lock, options, async () => {
      process.stdout.write('holding\n')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })
    return
  }
  for (let round = 0; round < Number(rounds); round++) await withFileLock(lock, options, count)
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 1
})
