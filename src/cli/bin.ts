import { homedir } from 'node:os'
import { isatty } from 'node:tty'
import { systemClock } from '../clock.ts'
import { main } from './main.ts'
import { writeAll } from './terminal.ts'

const env = { ...process.env }
// Children (browsers, shells) must not inherit what opens the store.
delete process.env.SESAME_PASSPHRASE

main({
  argv: process.argv.slice(2),
  env,
  platform: process.platform,
  homeDirectory: env.HOME ?? homedir(),
  uid: process.getuid?.(),
  clock: systemClock,
  random: () => new DataView(crypto.getRandomValues(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32,
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  stdinIsTerminal: isatty(0),
  stdoutIsTerminal: isatty(1),
  stderrIsTerminal: isatty(2),
}).then((exitCode) => process.exit(exitCode))
