import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import { childEnvironment, runChild } from '../../../src/output/index.ts'
import { sampleCredentials } from '../sample-credentials.ts'

/*
 * What `exec` does with a child, as a program of its own: `node driver.mjs COMMAND [WORD …]`. It holds a file and a
 * socket open, as a program with locks and servers does, and says on stderr how the child ended.
 */

const [command = '', ...words] = process.argv.slice(2)
openSync('/dev/null', 'r')
const server = createServer().listen(0, '127.0.0.1')

const outcome = await runChild({
  command,
  arguments: words,
  env: childEnvironment(
    process.env,
    { kind: 'static', credentials: sampleCredentials() },
    { profile: 'dev', platform: process.platform },
  ),
  signals: process,
  platform: process.platform,
})
server.close()
process.stderr.write(`outcome ${JSON.stringify(outcome)}\n`)
process.exitCode = outcome.exitCode
