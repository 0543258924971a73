import { writeSync } from 'node:fs'
import { systemClock } from '../../../src/kit/clock.ts'
import { isSesameError } from '../../../src/kit/errors.ts'
import type { StoreChoice } from '../../../src/kit/index.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { openStore } from '../../../src/store/index.ts'

/**
 * store-worker.cjs CHOICE DIRECTORY [read|write|remove KEY [VALUE]] …
 *
 * Opens a store in a fresh process, as the published program does, and prints one JSON line: its kind, the probe, the
 * results, the warnings, or the error. FOR_WRITING, INTERACTIVE and PASSPHRASE come from the environment.
 */
const [, , choice, directory = '', ...steps] = process.argv
const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR, FOR_WRITING, INTERACTIVE, PASSPHRASE } = process.env
const warnings: string[] = []

async function main(): Promise<unknown> {
  const { store, probe } = await openStore({
    choice: choice as StoreChoice,
    directory,
    platform: process.platform,
    dbus: { address: DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: XDG_RUNTIME_DIR },
    uid: process.getuid?.(),
    passphrase: async () => new Secret(PASSPHRASE ?? ''),
    passphraseAvailable: PASSPHRASE !== undefined,
    interactive: INTERACTIVE !== undefined,
    clock: systemClock,
    log: () => {},
    warn: (line) => warnings.push(line),
    forWriting: FOR_WRITING !== undefined,
  })
  const results: unknown[] = []
  for (let i = 0; i < steps.length; ) {
    const [action, key = '', value = ''] = steps.slice(i, i + 3)
    if (action === 'write') results.push((await store.write(key, value)) ?? null)
    else if (action === 'remove') results.push(await store.remove(key))
    else results.push((await store.read(key)) ?? null)
    i += action === 'write' ? 3 : 2
  }
  return { kind: store.kind, probe, results, warnings }
}

main().then(
  (outcome) => writeSync(1, `${JSON.stringify(outcome)}\n`),
  (error: unknown) => {
    const { message } = error as Error
    const outcome = isSesameError(error)
      ? { code: error.code, message, hint: error.hint, warnings }
      : { message: String((error as Error).stack), warnings }
    writeSync(1, `${JSON.stringify(outcome)}\n`)
    process.exitCode = 5
  },
)
