import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { complete, formatCompletion } from '../../../src/cli/completion/complete.ts'
import { sampleCommands } from './sample-commands.ts'

/*
 * The `sesame` of the tests of shells: it completes the sample commands with the names in `$HOME/profiles`, or fails where there
 * are none. Any other run of it is written down, its words ended by NUL.
 */

const home = process.env.HOME ?? ''
const [command, count, ...words] = process.argv.slice(2)
if (command === '__complete') {
  const names = () => readFileSync(join(home, 'profiles'), 'utf8').split('\n').slice(0, -1)
  const all = words.length < Number(count) ? [...words, ''] : words
  process.stdout.write(formatCompletion(complete(all, sampleCommands, names)))
} else {
  const line = process.argv.slice(2).map((word) => `${word}\0`)
  appendFileSync(join(home, 'runs'), `${line.join('')}\n`)
}
